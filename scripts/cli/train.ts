/**
 * The command `regmix train`: its options, planning, training in processes, and the files it
 * writes.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { tokenShares, unigramEntropy } from '../../lib/corpora/entropy';
import type { NamedText } from '../../lib/corpora/text-files';
import { regmixSampling, sampleProxyMixtures } from '../../lib/mixture/sampling';
import { formatTokens } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { fromRows, rowOf } from '../../lib/model/matrix';
import { readTable } from '../../lib/runs/read-table';
import { rowNumber } from '../../lib/runs/table';
import { writeCsv } from '../../lib/runs/write-csv';
import { writeMixtures } from '../../lib/runs/write-runs';
import type { FinishedRun } from '../../lib/training/checkpoints';
import type { PlannedProxy } from '../../lib/training/engine';
import { trainingFor, usualRates } from '../../lib/training/options';
import { settingFor } from '../../lib/training/plan';
import { type QueueProgress, startTraining } from '../../lib/training/queue';
import { sizeIds, sizes } from '../../lib/training/shape';
import { chooseMeans, engines } from '../training/choose-backend';
import { openTrainingFolder, writeWhole } from '../training/store';
import { startProcess } from '../training/trainer';
import { choice, type Notify, quantity, readOptions, required, UsageError } from './arguments';
import { chooseDomains, readCorpora } from './corpora';
import { readText } from './study';

const trainOptions = {
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
  json: { type: 'boolean' },
} as const;

/** `regmix train`: trains proxies on mixtures of text, and writes their runs as RegMix's pair of CSVs. */
export async function runTrain(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, trainOptions);
  const out = required(options.out, '--out');
  const size = choice(options.size, '--size', sizeIds) ?? '20k';
  const shape = sizes[size];
  const engine = choice(options.engine, '--engine', engines) ?? 'auto';
  const whole = (text: string, option: string, high: number, low = 1) =>
    quantity(text, option, { low, high, whole: true });
  const tokens = whole(options.tokens ?? '300000', '--tokens', 1e9, shape.context);
  const seed = whole(options.seed ?? '1', '--seed', 2 ** 31 - 1, 0);
  const repeats = whole(options.repeats ?? '0', '--repeats', 1000, 0);
  const cores = availableParallelism();
  const processes = whole(options.processes ?? String(cores), '--processes', 256);
  const rate = quantity(options.rate ?? String(usualRates[size]), '--rate', {
    low: 1e-6,
    high: 1,
  });
  const corpora = chooseDomains(readCorpora(required(options.corpus, '--corpus')), options.domains);
  const domains = corpora.map(({ id }) => ({ id, name: id }));
  const training = trainingFor(tokens, shape.context, rate);
  const mixtureSeed = whole(
    options['mixture-seed'] ?? String(seed),
    '--mixture-seed',
    2 ** 31 - 1,
    0,
  );
  const proxies = await planProxies(corpora, { ...options, mixtureSeed }, seed, repeats);
  const { steps } = training;
  const means = await chooseMeans(engine, shape, processes);
  const { backend, population, processes: trainers } = means;
  if (means.adapter)
    notify(`training on ${means.adapter.name}, at most ${population} proxies side by side`);
  const setting = settingFor(corpora, { shape, training }, { backend, wasmPath: null });
  const plan = {
    size,
    shape,
    training,
    backend,
    seed,
    domains: corpora.map(({ id, training: text, validation }) => ({
      id,
      trainingTokens: text.length,
      validationTokens: validation.length,
      sha256: createHash('sha256').update(text).update(validation).digest('hex'),
    })),
    proxies: proxies.map((proxy) => ({ ...proxy, mixture: Array.from(proxy.mixture) })),
  };
  const folder = openTrainingFolder(out, `${JSON.stringify(plan)}\n`);
  const queue = startTraining({ setting, proxies, population, trainers }, startProcess, folder, {
    onProgress: createReporter(notify),
    onReplaced: notify,
    onNotSaved: notify,
  });
  await queue.ended;
  const shares = corpora.map(({ training: text }) => tokenShares(text));
  const finished = await folder.finished();
  const written = {
    ...writeResults(out, proxies, domains, finished, steps),
    training: writeTraining(out, proxies, finished, shares),
  };
  if (options.json) return JSON.stringify({ ...written, proxies: proxies.length });
  return `${proxies.length} proxies of ${size} on ${formatTokens(tokens)} tokens each: ${Object.values(written).join(', ')}`;
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

/** Writes the pair of CSVs and the losses over training, in bits per byte. */
function writeResults(
  out: string,
  proxies: readonly PlannedProxy[],
  domains: readonly { readonly id: string; readonly name: string }[],
  finished: readonly FinishedRun[],
  steps: number,
) {
  const paths = {
    mixtures: join(out, 'mixtures.csv'),
    losses: join(out, 'losses.csv'),
    trajectory: join(out, 'trajectory.csv'),
  };
  const targets = domains.map(({ id }) => `metric/${id}_bpb`);
  const runs = proxies.map(({ id }) => {
    const run = finished.find((each) => each.id === id);
    if (!run) throw new RangeError(`proxy ${id} is not finished`);
    return run;
  });
  const inBits = (losses: readonly number[]) =>
    losses.map((nats) => Number((nats / Math.LN2).toFixed(5)));
  const lossesAt = (moment: number) =>
    runs.map(({ id, evaluations: all }) => {
      const found = all.find(({ step }) => step === moment);
      if (!found) throw new RangeError(`proxy ${id} was not evaluated after step ${moment}`);
      return [id, ...inBits(found.losses)];
    });
  const ids = runs.map(({ id }) => id);
  const mixtures = fromRows(proxies.map(({ mixture }) => mixture));
  writeWhole(paths.mixtures, writeMixtures({ ids, mixtures }, domains));
  writeWhole(paths.losses, writeCsv(['index', ...targets], lossesAt(steps)));
  const rows = runs.flatMap(({ id, evaluations: all }) =>
    all.map(({ step, losses }) => [id, step, ...inBits(losses)]),
  );
  writeWhole(paths.trajectory, writeCsv(['index', 'step', ...targets], rows));
  return paths;
}

/**
 * Mean loss of each proxy on its own batches in the last tenth of its training, beside their
 * unigram entropy.
 */
function writeTraining(
  out: string,
  proxies: readonly PlannedProxy[],
  finished: readonly FinishedRun[],
  shares: readonly Float64Array[],
): string {
  const path = join(out, 'training.csv');
  const rows = proxies.map(({ id, mixture }) => {
    const curve = finished.find((each) => each.id === id)?.curve ?? [];
    const last = curve.slice(-Math.ceil(curve.length / 10));
    const loss = last.reduce((sum, point) => sum + point.loss / last.length, 0);
    return [id, Number(loss.toFixed(5)), Number(unigramEntropy(shares, mixture).toFixed(5))];
  });
  writeWhole(path, writeCsv(['index', 'training_loss', 'unigram_entropy'], rows));
  return path;
}
