/**
 * A process that prints, as JSON, the WebGPU adapter of this machine; it prints nothing when there
 * is none.
 */
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
