import { serveWorker } from '../lib/browser/serve-worker';
import { createExploreHandlers } from '../lib/explore/handlers';
import type { ExploreMethods } from '../lib/rpc/methods';

void serveWorker<ExploreMethods>(createExploreHandlers());
