import { reasonOf, StageError } from '../../lib/model/errors';
import { MissingCodeError } from '../../lib/model/load-code';

/** Why something with the saved studies did not work, and what to do where that is known. */
export function reachProblem(error: unknown): string {
  if (error instanceof StageError) return `${error.message} ${error.advice}`;
  if (error instanceof MissingCodeError) return error.message;
  const reason = reasonOf(error);
  return `The saved studies cannot be reached: ${reason}`;
}
