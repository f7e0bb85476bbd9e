/** The command `regmix sweep`: what a scheduler needs to run the shards of a training on many machines. */
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plural } from '../../lib/model/format';
import { shardName } from '../training/share';
import { holdsPlan } from '../training/store';
import { choice, type Notify, quantity, readOptions, required, UsageError } from './arguments';
import { isBuiltIn } from './corpora';
import {
  isWithin,
  kubernetesJobs,
  type PodRequest,
  rayDriver,
  type SweepRequest,
  slurmScript,
} from './sweep-scripts';
import { type RequestedTraining, readTraining, trainingOptions } from './train';

const schedulers = ['slurm', 'kubernetes', 'ray'] as const;

const sweepOptions = {
  ...trainingOptions,
  for: { type: 'string' },
  shards: { type: 'string' },
  name: { type: 'string' },
  memory: { type: 'string' },
  image: { type: 'string' },
  volume: { type: 'string', multiple: true },
  to: { type: 'string' },
} as const;

type SweepArguments = ReturnType<typeof readOptions<typeof sweepOptions>>;

/** Options of `train` that are paths. */
const paths: readonly string[] = ['corpus', 'mixtures', 'out'];
/** Most shards of a SLURM array where its administrator has not raised MaxArraySize. */
const usualArray = 1000;
/** Memory of a process that trains, in MiB: proxies of the largest size took 640. */
const processMemory = 750;

/** `regmix sweep`: checks a training as `train` would, and writes the script, Jobs or driver that run its shards. */
export async function runSweep(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, sweepOptions);
  const scheduler = choice(required(options.for, '--for'), '--for', schedulers);
  if (scheduler !== 'kubernetes' && (options.image ?? options.volume) !== undefined) {
    throw new UsageError('--image and --volume go with --for kubernetes');
  }
  const training = await readTraining(options);
  if (training.engine !== 'auto' && training.engine !== 'wasm') {
    throw new UsageError(
      `--engine: found “${training.engine}”, whose last digits differ between machines; a sweep takes wasm, which gives the same bytes on all`,
    );
  }
  const request = describeSweep(options, training);
  checkFolders(training, request.shards);
  const pod = scheduler === 'kubernetes' ? readPod(options, request, training) : null;
  const text = pod
    ? kubernetesJobs(request, pod)
    : scheduler === 'ray'
      ? rayDriver(request)
      : slurmScript(request);
  if (scheduler === 'slurm' && request.shards > usualArray) {
    notify(
      `SLURM’s usual MaxArraySize takes ${usualArray} shards: ask your administrator for more`,
    );
  }
  if (pod && options.image === undefined) notify(`--image is taken to be ${pod.image}`);
  if (pod && options.volume === undefined) {
    const [{ claim, path }] = pod.volumes;
    notify(`--volume is taken to be ${claim}=${path}`);
  }
  if (options.to === undefined) return text.trimEnd();
  writeFileSync(options.to, text, { mode: scheduler === 'kubernetes' ? 0o644 : 0o755 });
  const largest = Math.ceil(request.proxies / request.shards);
  return `${options.to}: ${plural(request.proxies, 'proxy', 'proxies')} in ${plural(request.shards, 'shard')} of at most ${largest}, each on ${plural(request.processes, 'core')} with ${request.memory} MiB`;
}

/** The project's folder, in which jobs run. */
const project = resolve(fileURLToPath(new URL('../..', import.meta.url)));

function describeSweep(options: SweepArguments, training: RequestedTraining): SweepRequest {
  const { proxies, corpora } = training;
  const shards = quantity(required(options.shards, '--shards'), '--shards', {
    low: 1,
    high: proxies.length,
    whole: true,
  });
  // A process trains one proxy at a time.
  const processes =
    training.processes ?? Math.min(availableParallelism(), Math.ceil(proxies.length / shards));
  const name = options.name ?? 'regmix';
  if (!/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `--name: found “${name}”, expected at most 40 lower-case letters, digits and dashes, a letter first`,
    );
  }
  return {
    name,
    shards,
    proxies: proxies.length,
    processes,
    memory: readMemory(options.memory) ?? usualMemory(processes, corpora),
    folder: project,
    train: trainArguments(options, processes),
    merge: [`--out=${resolve(training.out)}`],
  };
}

/** The options as given, with absolute paths, and those that would depend on the machine. */
function trainArguments(options: SweepArguments, processes: number): string[] {
  const given: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(
      Object.keys(trainingOptions).map((key) => [
        key,
        options[key as keyof typeof trainingOptions],
      ]),
    ),
    // auto could choose another engine on another machine, whose results have other last digits.
    engine: 'wasm',
    processes: String(processes),
  };
  return Object.entries(given).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const isPath = paths.includes(key) && !(key === 'corpus' && isBuiltIn(value));
    // In one word, so that a value may begin with a dash.
    return [`--${key}=${isPath ? resolve(value) : value}`];
  });
}

/** MiB of `4G` or `500M`; null when not given. @throws UsageError when it is none */
function readMemory(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, number, unit] = /^([1-9]\d{0,6})([MG])$/.exec(text) ?? [];
  const memory = Number(number) * (unit === 'G' ? 1024 : 1);
  if (memory >= 256) return memory;
  throw new UsageError(`--memory: found “${text}”, expected at least 256M, such as 4G or 1500M`);
}

/** Every process has the text, at two bytes a token, and so has the one that starts them. */
function usualMemory(processes: number, corpora: RequestedTraining['corpora']): number {
  const tokens = corpora.reduce((sum, { training }) => sum + training.length, 0);
  return Math.ceil((processes + 1) * (processMemory + (2 * tokens) / 2 ** 20));
}

/** @throws UsageError when a folder of the sweep holds another training, which every job would say later */
function checkFolders({ out, plansFor }: RequestedTraining, shards: number): void {
  const planOf = plansFor('wasm');
  holdsPlan(out, planOf(null));
  for (let part = 1; part <= shards; part++) {
    const share = { part, of: shards };
    const folder = join(out, shardName(share));
    if (existsSync(folder)) holdsPlan(folder, planOf(share));
  }
}

const usualImage = 'node:20';
const usualClaim = 'regmix';

/** @throws UsageError when the pods would not see a path, or an option is none */
function readPod(
  options: SweepArguments,
  { folder }: SweepRequest,
  { out }: RequestedTraining,
): PodRequest {
  const image = options.image ?? usualImage;
  if (!/^[\w][\w./:@-]{0,254}$/.test(image)) {
    throw new UsageError(`--image: found “${image}”, expected a name such as ${usualImage}`);
  }
  const volumes = (options.volume ?? [`${usualClaim}=${folder}`]).map((text) => {
    const at = text.indexOf('=');
    const claim = text.slice(0, Math.max(0, at));
    const path = text.slice(at + 1);
    if (
      !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(claim) ||
      !/^\/[^:]*[^:/][^:]*$/.test(path)
    ) {
      throw new UsageError(
        `--volume: found “${text}”, expected CLAIM=PATH with an absolute path, such as ${usualClaim}=/data`,
      );
    }
    return { claim, path: resolve(path) };
  });
  const twice = volumes.find(({ path }, at) =>
    volumes.some((other, to) => to < at && other.path === path),
  );
  if (twice)
    throw new UsageError(`--volume: found ${twice.path} twice, expected a claim for each path`);
  const { corpus = '' } = options;
  const needed = [
    { option: 'the project', path: folder },
    { option: '--out', path: resolve(out) },
    ...(isBuiltIn(corpus) ? [] : [{ option: '--corpus', path: resolve(corpus) }]),
    ...(options.mixtures === undefined
      ? []
      : [{ option: '--mixtures', path: resolve(options.mixtures) }]),
  ];
  const unseen = needed.find(({ path: each }) => !volumes.some(({ path }) => isWithin(path, each)));
  if (!unseen) return { image, volumes };
  throw new UsageError(
    `${unseen.option}: ${unseen.path} is in no volume of the pods: name the claim that holds it, --volume CLAIM=PATH`,
  );
}
