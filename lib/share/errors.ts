import { StageError } from '../model/errors';

/** A link that cannot be opened: damaged, too long, of another version, or for other runs. */
export class LinkError extends StageError {
  override readonly name = 'LinkError';

  constructor(message: string, advice: string) {
    super('share', message, advice);
  }
}

/** A link with invalid content. */
export function damaged(detail: string): LinkError {
  return new LinkError(
    `This link is damaged: ${detail}.`,
    'Copy the whole link again: some programs cut long links.',
  );
}
