const key = 'regmix-training-unfinished';

/** Whether a training of an earlier visit can be gone on with; said by the visit that began it. */
export function isUnfinished(): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    // Storage may be closed to us: then nothing was kept either.
    return false;
  }
}

export function setUnfinished(is: boolean): void {
  try {
    if (is) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  } catch {
    // The training itself says so when nothing can be kept.
  }
}
