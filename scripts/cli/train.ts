/**
 * The command `regmix train`: its options, planning, training in processes, and the files it
 * writes.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { tokenShares } from '../../lib/corpora/entropy';
import type { NamedText } from '../../lib/corpora/text-files';
import { regmixSampling, sampleProxyMixtures } from '../../lib/mixture/sampling';
import { formatTokens, plural } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { rowOf } from '../../lib/model/matrix';
import { readTable } from '../../lib/runs/read-table';
import { rowNumber } from '../../lib/runs/table';
import type { BackendId, PlannedProxy } from '../../lib/training/engine';
import { type TrainingOptions, trainingFor, usualRates } from '../../lib/training/options';
import { settingFor } from '../../lib/training/plan';
import { type QueueProgress, startTraining } from '../../lib/training/queue';
import { type SizeId, sizeIds, sizes } from '../../lib/training/shape';
import { engineVersion } from '../../lib/training/simd/engine';
import { chooseMeans, engines } from '../training/choose-backend';
import { writeResults } from '../training/results';
import {
  countsFile,
  countsText,
  maxProxies,
  planTexts,
  proxiesOf,
  type Share,
  shardName,
} from '../training/share';
import { holdsPlan, openTrainingFolder, writeWhole } from '../training/store';
import { startProcess } from '../training/trainer';
import { choice, type Notify, quantity, readOptions, required, UsageError } from './arguments';
import { chooseDomains, readCorpora } from './corpora';
import { readText } from './study';

/** Options of `train` that say what is trained: `sweep` passes them on to its jobs. */
export const trainingOptions = {
  corpus: { type: 'string' },
  domains: { type: 'string' },
  proxies: { type: 'string' },
  mixtures: { type: 'string' },
  'mixture-seed': { type: 'string' },
  repeats: { type: 'string' },
  size: { type: 'string' },
  tokens: { type: 'string' },
  rate: { type: 'string' },
  engine: { type: 'string' },
  processes: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
} as const;

const trainOptions = {
  ...trainingOptions,
  shard: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type TrainingArguments = ReturnType<typeof readOptions<typeof trainingOptions>>;

/** A training as it was asked for: all that its options say, with the text and the proxies. */
export interface RequestedTraining {
  readonly out: string;
  readonly size: SizeId;
  /** Tokens per proxy. */
  readonly tokens: number;
  readonly engine: (typeof engines)[number];
  /** As asked for, or null: as many as there are cores. */
  readonly processes: number | null;
  readonly corpora: readonly NamedText[];
  readonly training: TrainingOptions;
  readonly proxies: readonly PlannedProxy[];
  /** Texts of `plan.json` by share: see `planTexts`. */
  readonly plansFor: (backend: BackendId) => (share: Share | null) => string;
}

/**
 * Reads the options of a training, its text and its mixtures.
 *
 * @throws UsageError, StageError
 */
export async function readTraining(options: TrainingArguments): Promise<RequestedTraining> {
  const out = required(options.out, '--out');
  const size = choice(options.size, '--size', sizeIds) ?? '20k';
  const shape = sizes[size];
  const engine = choice(options.engine, '--engine', engines) ?? 'auto';
  const whole = (text: string, option: string, high: number, low = 1) =>
    quantity(text, option, { low, high, whole: true });
  const tokens = whole(options.tokens ?? '300000', '--tokens', 1e9, shape.context);
  const seed = whole(options.seed ?? '1', '--seed', 2 ** 31 - 1, 0);
  const repeats = whole(options.repeats ?? '0', '--repeats', 1000, 0);
  const processes =
    options.processes === undefined ? null : whole(options.processes, '--processes', 256);
  const rate = quantity(options.rate ?? String(usualRates[size]), '--rate', {
    low: 1e-6,
    high: 1,
  });
  const corpora = chooseDomains(readCorpora(required(options.corpus, '--corpus')), options.domains);
  const training = trainingFor(tokens, shape.context, rate);
  const mixtureSeed = whole(
    options['mixture-seed'] ?? String(seed),
    '--mixture-seed',
    2 ** 31 - 1,
    0,
  );
  const proxies = await planProxies(corpora, { ...options, mixtureSeed }, seed, repeats);
  if (proxies.length > maxProxies) {
    throw new UsageError(
      `found ${proxies.length} mixtures to train on, expected at most ${maxProxies}; see --proxies`,
    );
  }
  const domains = corpora.map(({ id, training: text, validation }) => ({
    id,
    trainingTokens: text.length,
    validationTokens: validation.length,
    sha256: createHash('sha256').update(text).update(validation).digest('hex'),
  }));
  return {
    out,
    size,
    tokens,
    engine,
    processes,
    corpora,
    training,
    proxies,
    // Only what determines the result: how it runs (processes, shares) may change from start to start.
    plansFor: (backend) =>
      planTexts({ size, shape, training, ...engineOf(backend), seed, domains }, proxies),
  };
}

/** An engine in a plan: ours has a version of its bits, tfjs the bits of its kernels and of the machine. */
export function engineOf(backend: BackendId): object {
  return backend === 'wasm' ? { backend, engineVersion } : { backend };
}

/**
 * Reads `I/N`.
 *
 * @param proxies number of proxies of the sweep: every shard has one at least
 * @throws UsageError when it is none
 */
function readShare(text: string, proxies: number): Share {
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? [];
  const share = { part: Number(part), of: Number(of) };
  if (!(share.part >= 1 && share.part <= share.of)) {
    throw new UsageError(
      `--shard: found “${text}”, expected I/N with I from 1 to N, such as 2/5 for the second of five`,
    );
  }
  if (share.of > proxies) {
    throw new UsageError(
      `--shard: found “${text}”, expected at most as many shards as there are proxies, ${proxies}`,
    );
  }
  return share;
}

/**
 * `regmix train`: trains proxies on mixtures of text, or a share of them, and writes their runs as RegMix's pair
 * of CSVs.
 */
export async function runTrain(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, trainOptions);
  const requested = await readTraining(options);
  const { size, tokens, engine, corpora, training } = requested;
  const shape = sizes[size];
  const share =
    options.shard === undefined ? null : readShare(options.shard, requested.proxies.length);
  const proxies = share ? proxiesOf(requested.proxies, share) : requested.proxies;
  const out = share ? join(requested.out, shardName(share)) : requested.out;
  const processes = requested.processes ?? availableParallelism();
  const means = await chooseMeans(engine, shape, processes);
  const { backend, population } = means;
  const trainers = Math.min(means.processes, proxies.length);
  if (means.adapter)
    notify(`training on ${means.adapter.name}, at most ${population} proxies side by side`);
  const setting = settingFor(corpora, { shape, training }, backend);
  const planOf = requested.plansFor(backend);
  // What was merged there before would not go together with this.
  if (share) holdsPlan(requested.out, planOf(null));
  const folder = openTrainingFolder(out, planOf(share));
  writeWhole(join(out, countsFile), countsText(corpora));
  const report = createReporter(notify);
  const begun = performance.now();
  let rate = 0;
  const queue = startTraining({ setting, proxies, population, trainers }, startProcess, folder, {
    onProgress: (progress) => {
      rate = progress.rate;
      report(progress);
    },
    onReplaced: notify,
    onNotSaved: notify,
  });
  await queue.ended;
  const seconds = (performance.now() - begun) / 1000;
  const written = writeResults(out, {
    proxies,
    domains: corpora.map(({ id }) => id),
    steps: training.steps,
    finished: await folder.finished(),
    shares: corpora.map(({ training: text }) => tokenShares(text)),
  });
  if (options.json) {
    return JSON.stringify({
      ...written,
      proxies: proxies.length,
      ...(share && { shard: share }),
      tokensPerSecond: Math.round(rate),
      seconds: Number(seconds.toFixed(1)),
      processes: trainers,
    });
  }
  const which = share
    ? `${proxies.length} of ${requested.proxies.length} proxies (shard ${share.part} of ${share.of})`
    : `${proxies.length} proxies`;
  const speed =
    rate > 0
      ? `${Math.round(rate)} tokens/s in ${seconds.toFixed(1)} s by ${plural(trainers, 'process', 'processes')}`
      : 'nothing was left to train';
  return `${which} of ${size} on ${formatTokens(tokens)} tokens each: ${Object.values(written).join(', ')}; ${speed}`;
}

/** Proxies on the given or drawn mixtures; the first of them again with other seeds. */
async function planProxies(
  corpora: readonly NamedText[],
  options: {
    readonly mixtures?: string;
    readonly proxies?: string;
    readonly mixtureSeed: number;
  },
  seed: number,
  repeats: number,
): Promise<PlannedProxy[]> {
  const mixtures =
    options.mixtures === undefined
      ? drawMixtures(corpora, options.proxies ?? '128', options.mixtureSeed)
      : (await readMixtures(options.mixtures, corpora)).slice(0, most(options.proxies));
  if (repeats > mixtures.length) {
    throw new UsageError(`--repeats: found ${repeats}, expected at most ${mixtures.length}`);
  }
  const first = mixtures.map((mixture, place) => ({ id: String(place + 1), mixture, seed }));
  const again = mixtures.slice(0, repeats).map((mixture, place) => ({
    id: String(mixtures.length + place + 1),
    mixture,
    seed: seed + 1 + place,
  }));
  return [...first, ...again];
}

/** Maximum number of proxies; by default one per available mixture. */
function most(text: string | undefined): number | undefined {
  return text === undefined ? undefined : countOf(text);
}

function countOf(text: string): number {
  return quantity(text, '--proxies', { low: 1, high: 10_000, whole: true });
}

function drawMixtures(corpora: readonly NamedText[], text: string, seed: number): Float64Array[] {
  const count = countOf(text);
  const total = corpora.reduce((sum, { training }) => sum + training.length, 0);
  const prior = Float64Array.from(corpora, ({ training }) => training.length / total);
  const drawn = runJob(sampleProxyMixtures(prior, { ...regmixSampling, count, seed }));
  return Array.from({ length: drawn.rows }, (_, row) => rowOf(drawn, row));
}

/** Mixtures of a CSV with a column `train_<domain>` or `<domain>` for every domain. */
async function readMixtures(path: string, corpora: readonly NamedText[]): Promise<Float64Array[]> {
  const file = await readText(path);
  const table = runJob(readTable(file));
  const weights = corpora.map(({ id }) => {
    const column = table.columns.find(({ header }) => header === id || header === `train_${id}`);
    if (!column?.numbers)
      throw new UsageError(`${file.name} has no weights in a column train_${id}`);
    return column.numbers;
  });
  return Array.from({ length: table.rows }, (_, row) => {
    const mixture = Float64Array.from(weights, (column) => column[row]);
    const sum = mixture.reduce((total, weight) => total + weight, 0);
    // Negated so that NaN is refused.
    if (!(mixture.every((weight) => weight >= 0) && Math.abs(sum - 1) <= 0.01)) {
      throw new UsageError(
        `${file.name}, row ${rowNumber(table, row)}: found weights ${Array.from(mixture).join(', ')}, expected numbers >= 0 that sum to 1`,
      );
    }
    return mixture.map((weight) => weight / sum);
  });
}

/** Reports progress at most every five seconds. */
export function createReporter(notify: Notify): (progress: QueueProgress) => void {
  let lastReport = 0;
  return ({ done, total, rate, left }) => {
    const now = performance.now();
    if (now - lastReport < 5000 && done < total) return;
    lastReport = now;
    const minutes = Number.isFinite(left) ? `${(left / 60).toFixed(1)} minutes left` : '';
    notify(`${done} of ${total} proxies, ${Math.round(rate)} tokens/s, ${minutes}`);
  };
}
