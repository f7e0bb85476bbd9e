/** The stages of a study, in the order in which data flows through them. */
export type Stage =
  | 'corpora'
  | 'mixtures'
  | 'proxies'
  | 'runs'
  | 'regression'
  | 'optimum'
  | 'verify'
  | 'export'
  | 'share';

/**
 * An error that a user can act on: it names the stage that failed and what to do next. Everything that `lib/`
 * throws on purpose is one of these; anything else is a defect.
 */
export class StageError extends Error {
  override readonly name: string = 'StageError';

  /**
   * @param stage where it happened
   * @param message what happened, one sentence
   * @param advice what the user can do about it, one sentence; may be empty
   */
  constructor(
    readonly stage: Stage,
    message: string,
    readonly advice = '',
  ) {
    super(message);
  }
}

/** The message of an error, followed by its advice if it has any. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : '';
  return `${error.message} ${advice}`.trim();
}

/** What went wrong, without advice. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
