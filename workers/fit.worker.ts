import { createFitHandlers } from '../lib/explore/fit-handlers';
import type { FitMethods } from '../lib/rpc/methods';
import { serve } from '../lib/rpc/serve';

serve<FitMethods>(self, createFitHandlers());
