import type { FromTrainer, ToTrainer } from '../../lib/training/protocol';
import { hostTraining } from '../../lib/training/trainer';
import { provideGpu } from './gpu';

/** A process that trains one group of proxies after the other: see `trainer.ts`, which starts one a core. */

const send = (message: FromTrainer) => process.send?.(message);
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
// Whoever started this process is gone: nobody would read what it finds.
process.on('disconnect', () => process.exit(0));
