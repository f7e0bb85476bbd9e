/**
 * Small things that the page finds again after a reload or on the next visit. Storage may be blocked or
 * full: then a flag reads as never set, and setting it does nothing.
 */

/** One word of storage. */
export interface Flag {
  /** As it stands in storage: never rename it, or what was saved is lost. */
  readonly key: string;
  /** null when it was never set, was removed, or cannot be read. */
  get(): string | null;
  /** @param value null removes it */
  set(value: string | null): void;
}

/** `light` or `dark`, when the reader has chosen one. */
export const themeFlag = createFlag('regmix-theme', () => localStorage);

/** Id of the saved study that was open last in this browser. */
export const lastStudyFlag = createFlag('regmix-document', () => localStorage);

/** The lesson of this tab, as JSON from anyone, so that loading the page again does not end it. */
export const lessonFlag = createFlag('regmix-lesson', () => sessionStorage);

/** `yes` when a training of an earlier visit can be gone on with. */
export const unfinishedTrainingFlag = createFlag('regmix-training-unfinished', () => localStorage);

/** `yes` when a verification of an earlier visit can be gone on with. */
export const unfinishedVerificationFlag = createFlag(
  'regmix-verification-unfinished',
  () => localStorage,
);

/** @param storage reading it may throw, where a browser blocks it */
function createFlag(key: string, storage: () => Storage): Flag {
  return {
    key,
    get() {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        // What the flag is about says so itself when it cannot be saved.
      }
    },
  };
}
