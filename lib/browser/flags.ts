/**
 * Small values that survive a reload or until the next visit. When storage is blocked or full, a flag reads
 * as never set, and setting it does nothing.
 */

/** One stored value. */
export interface Flag {
  /** Key in storage: renaming it would lose stored values. */
  readonly key: string;
  /** null when it was never set, was removed, or cannot be read. */
  get(): string | null;
  /** @param value null removes it */
  set(value: string | null): void;
}

/** `light` or `dark`, when the reader has chosen one. */
export const themeFlag = createFlag('regmix-theme', () => localStorage);

/** Id of the saved study last open in this browser. */
export const lastStudyFlag = createFlag('regmix-document', () => localStorage);

/** The last answer found in this browser as untrusted JSON: see `lib/analysis/kept-answer.ts`. */
export const lastAnswerFlag = createFlag('regmix-answer', () => localStorage);

/** The lesson of this tab as untrusted JSON, so that it survives a reload. */
export const lessonFlag = createFlag('regmix-lesson', () => sessionStorage);

/** What the reader did in the guided tour as untrusted JSON. */
export const learnFlag = createFlag('regmix-learn', () => localStorage);

/** `yes` when a training of an earlier visit can be resumed. */
export const unfinishedTrainingFlag = createFlag('regmix-training-unfinished', () => localStorage);

/** `yes` when a verification of an earlier visit can be resumed. */
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
