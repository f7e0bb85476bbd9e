import { createCorporaHandlers } from '../lib/analysis/corpora-handlers';
import type { CorporaMethods } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';

void serveWorker<CorporaMethods>(createCorporaHandlers());
