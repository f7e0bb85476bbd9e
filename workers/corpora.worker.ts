import { createCorporaHandlers } from '../lib/corpora/handlers';
import type { CorporaMethods } from '../lib/rpc/methods';
import { serve } from '../lib/rpc/serve';

serve<CorporaMethods>(self, createCorporaHandlers());
