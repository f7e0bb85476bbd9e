import type { RunsMethods } from '../../lib/analysis/methods';
import { createRunsClient } from '../../lib/browser/workers';
import type { DocumentText } from '../../lib/library/document';
import type { Client } from '../../lib/rpc/client';
import type { OpenedStudy } from '../../lib/study/from-runs';
import { numbersOf, partImported } from '../../lib/study/imported-models';
import { parseSession, sessionToJson } from '../../lib/study/session-file';

/** Up to so many numbers are written in a few milliseconds; more are left to a worker. */
const writtenHere = 100_000;
/** Characters that are read in about as long. */
const readHere = 2_000_000;

/** The text of a study as a file, without holding up the page: a long one is never here as a whole. */
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
 * The study that a text holds, without holding up the page.
 *
 * @throws StageError or RemoteError when it holds none
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
