import { validationWindows } from './batches';
import type { CheckpointStore, FinishedRun, GroupState } from './checkpoints';
import type { PlannedProxy } from './engine';
import { usualTraining } from './options';
import type { FromTrainer, Trainer, TrainerEvents, TrainingSetting } from './protocol';
import type { ProxyShape } from './shape';
import { hostTraining } from './trainer';

const shape: ProxyShape = { layers: 1, heads: 2, width: 8, hidden: 6, context: 8 };
const tokens = [3, 7].map((period) =>
  Uint16Array.from({ length: 400 }, (_, at) => (at % 41 === 0 ? 256 : 97 + (at % period))),
);
export const setting: TrainingSetting = {
  backend: 'wasm',
  shape,
  training: { ...usualTraining, learningRate: 4e-3, rows: 2, steps: 12, warmUp: 2 },
  tokens,
  validation: tokens.map((text) => validationWindows(text, shape.context, 3)),
  evaluateAt: [6],
  saveEvery: 0,
};
export const proxies: PlannedProxy[] = [0, 0.3, 0.5, 0.8, 1].map((share, place) => ({
  id: String(place + 1),
  mixture: Float64Array.of(share, 1 - share),
  seed: 3,
}));

/** A trainer in this thread, which can be cut off. */
export function inThread(
  events: TrainerEvents,
  isCutOff: (message: FromTrainer) => boolean,
): Trainer {
  let isOpen = true;
  const receive = hostTraining(
    (message) => {
      if (!isOpen) return;
      if (isCutOff(message)) {
        isOpen = false;
        events.onEnd('the device was lost');
      } else events.onMessage(message);
    },
    () => new Promise((resolve) => setTimeout(resolve, 0)),
  );
  return {
    // A pause that waited for a timer would come after the last step: a thread that trains fires none.
    post: (message) => {
      if (message.kind === 'pause') receive(message);
      else setTimeout(() => isOpen && receive(message), 0);
    },
    close: () => {
      isOpen = false;
    },
  };
}

export function memoryCheckpoints(): CheckpointStore & {
  readonly states: Map<string, GroupState>;
} {
  const runs: FinishedRun[] = [];
  const states = new Map<string, GroupState>();
  return {
    states,
    finished: async () => runs,
    finish: async (group, more) => {
      runs.push(...more);
      states.delete(group);
    },
    groups: async () => [...states.keys()],
    load: async (group) => states.get(group) ?? null,
    save: async (group, state) => {
      states.set(group, structuredClone(state));
    },
    remove: async (group) => {
      states.delete(group);
    },
  };
}
