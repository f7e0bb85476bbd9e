import { serveWorker } from '../lib/browser/serve-worker';
import { createCorporaHandlers } from '../lib/corpora/handlers';
import type { CorporaMethods } from '../lib/rpc/methods';

void serveWorker<CorporaMethods>(createCorporaHandlers());
