import type { RunsMethods } from '../../lib/analysis/methods';
import { createRunsClient } from '../../lib/browser/workers';
import type { DocumentText } from '../../lib/library/document';
import type { Client } from '../../lib/rpc/client';
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
