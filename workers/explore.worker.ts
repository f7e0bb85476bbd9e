import { createExploreHandlers } from '../lib/explore/handlers';
import type { ExploreMethods } from '../lib/rpc/methods';
import { serve } from '../lib/rpc/serve';

serve<ExploreMethods>(self, createExploreHandlers());
