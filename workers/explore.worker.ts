import { createExploreHandlers } from '../lib/analysis/explore-handlers';
import type { ExploreMethods } from '../lib/analysis/methods';
import { serveWorker } from '../lib/browser/serve-worker';

void serveWorker<ExploreMethods>(createExploreHandlers());
