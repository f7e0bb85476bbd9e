/** Delay before the retry, in ms; the bundler has already tried twice by then. */
const againAfterMs = 1_000;

/** Error texts for code that fails to load: of {@link loadCode}, and of a worker's script. */
export const missingCode = {
  message: 'A part of the page could not be loaded.',
  advice: 'Check the connection, then reload the page.',
};

/** A file of the page's own code could not be loaded; the cause is the browser's error. */
export class MissingCodeError extends Error {
  override readonly name = 'MissingCodeError';

  constructor(cause: unknown) {
    super(`${missingCode.message} ${missingCode.advice}`, { cause });
  }
}

/**
 * Loads code on demand. A file that fails to load is requested once more, since a connection may fail
 * briefly. Calling this again starts afresh: bundlers forget a chunk that failed.
 *
 * @param load a dynamic import; called anew for the second try
 * @throws MissingCodeError when the second try fails too
 */
export async function loadCode<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, againAfterMs));
  }
  try {
    return await load();
  } catch (error) {
    throw new MissingCodeError(error);
  }
}
