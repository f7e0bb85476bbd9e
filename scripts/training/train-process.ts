import type { FromTrainer, ToTrainer } from '../../lib/training/protocol';
import { hostTraining } from '../../lib/training/trainer';
import { provideGpu } from './gpu';

/**
 * A process that trains groups of proxies one after the other: see `trainer.ts`, which starts one
 * per core.
 */

const send = (message: FromTrainer) =>
  process.send?.(message, undefined, undefined, (error) => {
    // The parent process was killed, and a step ended before its end was heard of.
    if (error) process.exit(0);
  });
const receive = hostTraining(send, () => new Promise(setImmediate));
process.on('message', (message: ToTrainer) => {
  if (message.kind !== 'setting' || message.setting.backend !== 'webgpu') {
    receive(message);
    return;
  }
  provideGpu().then(
    () => receive(message),
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      send({ kind: 'failed', message: reason, isFinal: true });
    },
  );
});
// The parent process has ended: nobody would read the results.
process.on('disconnect', () => process.exit(0));
