import type { RunsMethods } from '../lib/rpc/methods';
import { serve } from '../lib/rpc/serve';
import { createRunsReader } from '../lib/runs/reader';

const reader = createRunsReader();

serve<RunsMethods>(self, { read: reader.read, build: reader.build });
