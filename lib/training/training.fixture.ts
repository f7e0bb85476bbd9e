import { expect, vi } from 'vitest';
import { storeOf } from '../corpora/tokens';
import type { LoadedCorpora, LoadedDomain } from '../corpora/types';
import { fromRows } from '../model/matrix';
import { createStudyStore } from '../session/study-store';
import { proxiesForStudy } from '../session/trained-study';
import { openTrained } from '../study/trained';
import { type FinishedRun, type GroupState, groupKey, type TrainingJob } from './checkpoints';
import type { BackendId } from './engine';
import { makeJob, planProxies } from './plan';
import type { ToTrainer, Trainer, TrainerEvents } from './protocol';
import { runTraining } from './run';
import { createTrainingStore, type TrainingPlatform } from './state';

export const domains = ['cats', 'dogs', 'birds'].map((id): LoadedDomain => {
  const text = (count: number) =>
    storeOf(
      Array.from({ length: count }, (_, at) => ({ id: '', text: `${id} say ${at}.` })),
    ).tokens();
  const [training, validation] = [text(90), text(30)];
  const about = { id, name: id, source: '', licence: '', documents: 120, sample: '' };
  return {
    about: { ...about, trainingTokens: training.length, validationTokens: validation.length },
    training,
    validation,
    overlap: 0,
  };
});
export const corpora: LoadedCorpora = { id: 'built-in', name: 'Animals', description: '', domains };
export const rows = Array.from({ length: 12 }, (_, row) => {
  const share = (row + 1) / 14;
  return [share, (1 - share) / 3, (2 * (1 - share)) / 3];
});

type Answer = Extract<ToTrainer, { kind: 'group' }>;

/** A trainer that handles messages at once, in as many steps as the setting has. */
function scripted(
  events: TrainerEvents,
  onGroup: (backend: BackendId, group: Answer, events: TrainerEvents) => boolean,
  log: string[],
): Trainer {
  let backend: BackendId = 'cpu';
  let steps = 0;
  let isOpen = true;
  const answer = (message: ToTrainer): void => {
    if (!isOpen) return;
    if (message.kind === 'setting') {
      backend = message.setting.backend;
      steps = message.setting.training.steps;
      events.onMessage({ kind: 'ready' });
    }
    if (message.kind !== 'group') return;
    log.push(`${backend} ${groupKey(message)}`);
    if (onGroup(backend, message, events)) return;
    const losses = Float64Array.from(
      message.proxies.flatMap(({ mixture }) => Array.from(mixture, (weight) => 3 - weight)),
    );
    const curve = [{ step: steps, losses: Float64Array.from(message.proxies, () => 2) }];
    events.onMessage({ kind: 'curve', point: curve[0] });
    const evaluations = [
      { step: 1, losses: losses.map((loss) => loss + 1) },
      { step: steps, losses },
    ];
    events.onMessage({ kind: 'done', evaluations, curve });
  };
  return {
    post: (message) => void setTimeout(() => answer(message), 0),
    close: () => {
      isOpen = false;
    },
  };
}

/** A place to train in, whose storage is memory. */
export function place(onGroup: Parameters<typeof scripted>[1], isFull = false) {
  const log: string[] = [];
  const runs: FinishedRun[] = [];
  const states = new Map<string, GroupState>();
  const awake: boolean[] = [];
  const removed: string[] = [];
  /** Jobs that some tab trains. */
  const held = new Set<string>();
  let saved: TrainingJob | null = null;
  const refuse = async () => {
    if (isFull) throw new Error('the quota is exceeded');
  };
  const platform: TrainingPlatform = {
    cores: 2,
    hasSimd: true,
    start: (events) => scripted(events, onGroup, log),
    adapter: async () => null,
    load: async () => corpora,
    stayAwake: (isOn) => void awake.push(isOn),
    newId: () => 'job',
    locks: {
      hold: async (id) => {
        if (held.has(id)) return null;
        held.add(id);
        return () => void held.delete(id);
      },
      isHeld: async (id) => held.has(id),
    },
    library: {
      jobs: async () => (saved ? [saved] : []),
      put: async (job) => {
        await refuse();
        saved = job;
      },
      remove: async (id) => {
        removed.push(id);
        if (saved?.id === id) saved = null;
      },
      putCorpora: refuse,
      corpora: async () => null,
      checkpoints: () => ({
        finished: async () => runs,
        finish: async (group, more) => {
          await refuse();
          runs.push(...more);
          states.delete(group);
        },
        groups: async () => [...states.keys()],
        load: async (group) => states.get(group) ?? null,
        save: async (group, state) => {
          await refuse();
          states.set(group, state);
        },
        remove: async (group) => void states.delete(group),
      }),
    },
  };
  return { platform, log, states, awake, held, removed, saved: () => saved };
}

export function begin(
  platform: TrainingPlatform,
  backend: BackendId,
  population: number,
  release = () => {},
) {
  const store = createTrainingStore();
  const settings = { ...store.getState().settings, tokens: 2_000 };
  const how = { backend, population, trainers: 1 };
  const job = makeJob(
    'job',
    corpora,
    domains,
    settings,
    planProxies(fromRows(rows), settings),
    how,
  );
  const earlier = job.proxies.map(({ id }) => ({
    id,
    evaluations: [{ step: 1, losses: [1, 2, 3] }],
    curve: [],
  }));
  // Any session to start from: another training.
  const studyStore = createStudyStore(openTrained({ ...job, id: 'earlier' }, earlier));
  store.moveTo('preparing');
  const purpose = proxiesForStudy(studyStore, settlesSoon);
  const handle = runTraining({ store, platform, purpose }, job, domains, corpora, release);
  const until = (status: string) =>
    vi.waitFor(() => expect(store.getState().status).toBe(status), { timeout: 30_000 });
  return { store, studyStore, handle, until, job };
}

export const fine = () => false;

/** A page that fits at once. */
export function settlesSoon(callback: () => void): () => void {
  const timer = setTimeout(callback, 0);
  return () => clearTimeout(timer);
}

export const fastest = {
  backend: 'wasm',
  population: 4,
  trainers: 1,
  rate: 1,
  stepSeconds: { low: 1, mean: 1, high: 1 },
  startSeconds: 0,
  batchSeconds: 0,
} as const;

export const measuredBefore = {
  status: 'done',
  measured: { best: fastest, all: [fastest], failed: [] },
  chosen: fastest,
  adapter: null,
  seconds: { low: 1, mean: 1, high: 1, evaluating: 0 },
  rate: 1,
  isByTraining: false,
  proxies: 12,
  evaluation: { times: 4, tokens: 256 },
  reason: '',
} as const;

/** A state of a group whose parameters are numbered by proxy. */
export function stateFor({ proxies }: Answer): GroupState {
  const numbers = () => Float32Array.from(proxies, ({ id }) => Number(id));
  return {
    checkpoint: {
      step: 2,
      parameters: numbers(),
      firstMoments: numbers(),
      secondMoments: numbers(),
    },
    evaluations: [],
    curve: [],
  };
}
