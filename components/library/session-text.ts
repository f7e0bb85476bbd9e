import type { RunsMethods } from '../../lib/analysis/methods';
import { createRunsClient } from '../../lib/browser/workers';
import type { DocumentText } from '../../lib/library/document';
import { StageError } from '../../lib/model/errors';
import type { Progress } from '../../lib/model/job';
import { maxStudyBytes } from '../../lib/model/text-kinds';
import type { Client } from '../../lib/rpc/client';
import type { NamedText } from '../../lib/runs/reader';
import type { OpenedStudy } from '../../lib/study/from-runs';
import { numbersOf, partImported } from '../../lib/study/imported-models';
import { parseSession, sessionToJson } from '../../lib/study/session-file';

/**
 * Up to this many numbers are written here, in a few milliseconds; larger studies go to a worker.
 */
const writtenHere = 100_000;
/** Number of characters that can be read in about the same time. */
const readHere = 2_000_000;

/**
 * The text of a study's file, written without blocking the page: a long one is never assembled
 * here.
 */
export async function sessionText({ study, settings }: OpenedStudy): Promise<DocumentText> {
  const ofModels = partImported(study).kept.map(numbersOf);
  const ofTables = [study.training, ...study.testSets].map(
    ({ mixtures, losses }) => mixtures.values.length + losses.values.length,
  );
  const numbers = [...ofModels, ...ofTables].reduce((sum, count) => sum + count, 0);
  if (numbers <= writtenHere) return sessionToJson({ study, settings });
  return inWorker((client) => client.call('writeStudy', { study, settings }));
}

/**
 * Reads a study from a file of the user's in a worker of its own, which ends with it: what is parsed cannot
 * otherwise be stopped, nor its memory be freed.
 *
 * @throws StageError when the file is too large
 * @throws StageError or RemoteError when it holds no study
 * @throws CancelledError when the signal is aborted
 */
export async function readStudyFile(
  file: File | NamedText,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: Progress) => void;
  } = {},
): Promise<OpenedStudy> {
  const size = 'size' in file ? file.size : file.text.length;
  if (size > maxStudyBytes) throw tooLarge(`${file.name} has ${megabytes(size)}`);
  return inWorker((client) => client.call('readStudy', file, options));
}

/**
 * The text of a study's file to be kept elsewhere, as {@link sessionText}.
 *
 * @throws StageError when no page would open it, being too large
 */
export async function savedText(session: OpenedStudy): Promise<DocumentText> {
  const text = await sessionText(session);
  const size = typeof text === 'string' ? text.length : text.size;
  if (size > maxStudyBytes) throw tooLarge(`This study would have ${megabytes(size)}`);
  return text;
}

function tooLarge(found: string): StageError {
  return new StageError(
    'runs',
    `${found}; a whole study can have ${megabytes(maxStudyBytes)}.`,
    'Save its runs as CSV files, or keep fewer of them.',
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

/**
 * Reads a study from a text without blocking the page.
 *
 * @throws StageError or RemoteError when the text holds no study
 */
export async function sessionOf(text: DocumentText): Promise<OpenedStudy> {
  if (typeof text === 'string' && text.length <= readHere) return parseSession(text);
  return inWorker((client) => client.call('readStudy', new File([text], 'study')));
}

async function inWorker<Result>(
  work: (client: Client<RunsMethods>) => Promise<Result>,
): Promise<Result> {
  const client = createRunsClient();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
