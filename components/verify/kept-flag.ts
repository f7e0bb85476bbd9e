const key = 'regmix-verification-unfinished';

/** Whether a verification of an earlier visit can be gone on with. */
export function isVerificationKept(): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    // Storage may be closed to us: then nothing was kept either.
    return false;
  }
}

/** Tells the next visit. */
export function setVerificationKept(is: boolean): void {
  try {
    if (is) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  } catch {
    // The training itself says so when nothing can be kept.
  }
}
