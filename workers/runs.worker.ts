import type { RunsMethods } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';
import { fetchFile } from '../lib/runs/fetch-file';
import { createRunsReader } from '../lib/runs/reader';
import { readSession, writeSession } from '../lib/study/session-file';

const reader = createRunsReader();

void serveWorker<RunsMethods>({
  read: reader.read,
  build: reader.build,
  foresee: reader.foresee,
  fetch: ({ url }, signal) => fetchFile(url, signal),
  readStudy: async (file) =>
    readSession(typeof file.text === 'string' ? file.text : await file.text()),
  *writeStudy(session) {
    return new Blob([yield* writeSession(session)], { type: 'application/json' });
  },
});
