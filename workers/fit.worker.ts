import { createFitHandlers } from '../lib/analysis/fit-handlers';
import type { FitMethods } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';

void serveWorker<FitMethods>(createFitHandlers());
