import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Trainer, TrainerEvents } from '../../lib/training/protocol';

const script = fileURLToPath(new URL('./train-process.ts', import.meta.url));

/** Starts a training process. */
export function startProcess({ onMessage, onEnd }: TrainerEvents): Trainer {
  const child = fork(script, {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', onMessage);
  child.on('error', ({ message }) => onEnd(message));
  child.on('exit', (code) => onEnd(`a training process ended with code ${code}`));
  return {
    post: (message) => {
      if (child.connected) child.send(message);
    },
    close: () => child.kill(),
  };
}
