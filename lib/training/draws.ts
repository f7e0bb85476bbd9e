/**
 * A well-mixed 32-bit number from a few others (the finaliser of MurmurHash3 after each): batches are
 * functions of where they are in training, so that nothing has to be remembered to resume.
 */
export function mixed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part | 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** Uniform in [0, 1), in steps of 2^-32. */
export function uniform(...parts: readonly number[]): number {
  return mixed(...parts) / 2 ** 32;
}
