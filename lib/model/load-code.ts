/** How long to wait before code is asked for again; the bundler has by then tried twice by itself. */
const againAfterMs = 1_000;

/** What is said of code of the page that does not come: by {@link loadCode}, and of a worker's script. */
export const missingCode = {
  message: 'A part of the page could not be loaded.',
  advice: 'Check the connection, then reload the page.',
};

/** A file of the page's own code could not be loaded; the cause is what the browser said. */
export class MissingCodeError extends Error {
  override readonly name = 'MissingCodeError';

  constructor(cause: unknown) {
    super(`${missingCode.message} ${missingCode.advice}`, { cause });
  }
}

/**
 * Code that is loaded when it is needed. A file that does not come is asked for once more, since a
 * connection may fail for a moment. Calling this again starts anew: bundlers forget a chunk that failed.
 *
 * @param load a dynamic import; called anew for the second try
 * @throws MissingCodeError when it does not come the second time either
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
