import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { piecesOf } from '../model/stream';

/** Larger than any set of CSVs that a page would fetch: 50 MB. */
const maxBytes = 50_000_000;

/** A fetched file. */
export interface FetchedFile {
  readonly text: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Fetches a file from a public address without cookies or referrer, only from that host, and up to a maximum
 * size. Runs in a worker, since pages may only connect to their own site.
 *
 * @param signal cancels it, also while the server does not respond
 * @throws StageError when it cannot be fetched; the signal's reason when it is aborted
 */
export async function fetchFile(url: string, signal: AbortSignal): Promise<Job<FetchedFile>> {
  const bytes = await collect(await reach(url, signal), url, signal);
  const text = new TextDecoder().decode(bytes);
  const sha256 = await hashOf(bytes);
  // biome-ignore lint/correctness/useYield: all of its work is waiting, which a job cannot do
  return (function* () {
    return { text, sha256 };
  })();
}

async function reach(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // The user agreed to a request to this host only.
      redirect: 'error',
      signal,
    });
  } catch {
    signal.throwIfAborted();
    throw unreachable(url);
  }
  if (response.ok) return response;
  throw new StageError(
    'runs',
    `${url} answered with HTTP ${response.status}.`,
    'Check the address.',
  );
}

async function collect(
  response: Response,
  url: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const piece of piecesOf(response.body, signal)) {
      length += piece.length;
      if (length > maxBytes) break;
      pieces.push(piece);
    }
  } catch {
    signal.throwIfAborted();
    throw unreachable(url);
  }
  if (length > maxBytes) {
    throw new StageError(
      'runs',
      `${url} is larger than ${maxBytes / 1e6} MB.`,
      'Download it and open it here.',
    );
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function unreachable(url: string): StageError {
  const offline = navigator.onLine === false ? ' This browser is offline.' : '';
  return new StageError(
    'runs',
    `${new URL(url).host} could not be reached, or does not let other sites read its files (CORS).${offline}`,
    'Try again later, or download the files and open them here.',
  );
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Not available outside of secure contexts; links that need it are refused there.
  if (!crypto.subtle) return '';
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
