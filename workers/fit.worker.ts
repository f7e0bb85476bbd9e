import { serveWorker } from '../lib/browser/serve-worker';
import { createFitHandlers } from '../lib/explore/fit-handlers';
import type { FitMethods } from '../lib/rpc/methods';

void serveWorker<FitMethods>(createFitHandlers());
