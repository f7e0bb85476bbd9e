/** A process that says, as JSON, which adapter WebGPU has here; it says nothing when there is none. */
import { writeSync } from 'node:fs';
import { describeAdapter } from './gpu';

describeAdapter().then(
  (adapter) => {
    writeSync(1, JSON.stringify(adapter));
    process.exit(0);
  },
  (error: unknown) => {
    writeSync(2, error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
