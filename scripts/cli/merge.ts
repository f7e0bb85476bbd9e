/** The command `regmix merge`: joins the shares of a sweep into the files that one training would have written. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FinishedRun } from '../../lib/training/checkpoints';
import type { PlannedProxy } from '../../lib/training/engine';
import { writeResults } from '../training/results';
import {
  countsFile,
  differenceOf,
  placeOf,
  readFinished,
  readShareFolder,
  readTokenShares,
  type Share,
  type ShareFolder,
  shardName,
  shareOfName,
  wholePlan,
} from '../training/share';
import { openTrainingFolder, planFile, runsFile, writeWhole } from '../training/store';
import { readArguments, required, UsageError } from './arguments';

const mergeOptions = { out: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `regmix merge`: joins shares of a sweep, given as folders or found in `--out`. */
export async function runMerge(args: readonly string[]): Promise<string> {
  const { options, rest } = readArguments(args, mergeOptions);
  const out = required(options.out, '--out');
  const { folders, unbegun } = rest.length > 0 ? given(rest, out) : foundIn(out);
  if (folders.length === 0) {
    const found = unbegun.length > 0 ? 'only shards that have not begun' : 'no shard';
    throw new UsageError(
      `${out} holds ${found}: train with --shard I/N and the same --out, or name the folders`,
    );
  }
  const sweep = joinFolders(folders, unbegun);
  // As one training leaves it: verify reads its plan, and train finds nothing left to do.
  const store = openTrainingFolder(out, sweep.plan);
  const known = new Set((await store.finished()).map(({ id }) => id));
  await store.finish(
    '',
    sweep.finished.filter(({ id }) => !known.has(id)),
  );
  writeWhole(join(out, countsFile), sweep.counts);
  const written = writeResults(out, sweep);
  const { length } = sweep.proxies;
  if (options.json) {
    return JSON.stringify({ ...written, proxies: length, folders: folders.length });
  }
  const from = folders.length === 1 ? '1 folder' : `${folders.length} folders`;
  return `${length} proxies from ${from}: ${Object.values(written).join(', ')}`;
}

interface FoundFolders {
  readonly folders: readonly ShareFolder[];
  /** Shares whose folder is there, but not their plan. */
  readonly unbegun: readonly Share[];
}

/** The shards of a folder; a training without shards in the folder itself counts as well. */
function foundIn(out: string): FoundFolders {
  if (!existsSync(out)) throw new UsageError(`--out: ${out} does not exist`);
  const names = readdirSync(out)
    .flatMap((name) => shareOfName(name) ?? [])
    .sort((one, other) => one.of - other.of || one.part - other.part);
  const isBegun = (share: Share) => existsSync(join(out, shardName(share), planFile));
  const shards = names.filter(isBegun).map((share) => readShareFolder(join(out, shardName(share))));
  if (!existsSync(join(out, planFile))) {
    return { folders: shards, unbegun: names.filter((share) => !isBegun(share)) };
  }
  const own = readShareFolder(out);
  if (own.share.of > 1) {
    throw new UsageError(`--out: ${out} is the folder of a shard: name the one that holds it`);
  }
  return { folders: [own, ...shards], unbegun: names.filter((share) => !isBegun(share)) };
}

/** Named folders: of shares, or that hold shares. */
function given(paths: readonly string[], out: string): FoundFolders {
  const found = paths.map((path): FoundFolders => {
    if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
    if (existsSync(join(path, planFile))) return { folders: [readShareFolder(path)], unbegun: [] };
    const share = shareOfName(basename(path));
    if (share) return { folders: [], unbegun: [share] };
    const inside = foundIn(path);
    if (inside.folders.length > 0) return inside;
    throw new UsageError(`${path} holds neither a training nor shards of one`);
  });
  const places = new Set<string>();
  const folders = found
    .flatMap((each) => each.folders)
    .filter(({ folder }) => {
      const place = realpathSync(folder);
      if (places.has(place)) return false;
      places.add(place);
      return true;
    });
  if (existsSync(join(out, planFile))) {
    const own = readShareFolder(out);
    if (own.share.of > 1 || folders.every(({ sha256 }) => sha256 !== own.sha256)) {
      throw new UsageError(`--out: ${out} holds another training: name another folder`);
    }
  }
  return { folders, unbegun: found.flatMap((each) => each.unbegun) };
}

/** A proxy of the sweep, and where it is planned. */
interface PlacedProxy {
  readonly proxy: PlannedProxy;
  readonly written: unknown;
  readonly folder: ShareFolder;
}

/** A finished proxy, and where it was read. */
interface PlacedRun {
  readonly run: FinishedRun;
  readonly where: string;
}

/**
 * The whole sweep from its shares.
 *
 * @param folders at least one
 * @throws UsageError when they are of different sweeps, disagree, or do not hold all of it
 */
function joinFolders(folders: readonly ShareFolder[], unbegun: readonly Share[]) {
  const [first, ...others] = folders;
  for (const folder of others) {
    const difference = differenceOf(folder, first);
    if (difference === null) continue;
    throw new UsageError(
      `${folder.folder} is of another sweep than ${first.folder}: ${difference}; merge shares of one sweep`,
    );
  }
  const planned = new Map<number, PlacedProxy>();
  const finished = new Map<number, PlacedRun>();
  const states = new Map<ShareFolder, ShareState>();
  for (const folder of folders) {
    planShare(folder, planned);
    states.set(folder, readShare(folder, finished));
  }
  if (finished.size < first.total) {
    throw new UsageError(describeMissing(folders, unbegun, finished, states));
  }
  const places = Array.from({ length: first.total }, (_, place) => place);
  const whole = places.flatMap((place) => planned.get(place) ?? []);
  const plan = wholePlan(
    first,
    whole.map(({ written }) => written),
  );
  if (plan === null) {
    throw new UsageError(
      `the proxies planned in ${first.folder} and the others are not those of their sweep: a ${planFile} has been changed`,
    );
  }
  return {
    plan,
    proxies: whole.map(({ proxy }) => proxy),
    domains: first.domains.map(({ id }) => id),
    steps: first.steps,
    finished: places.flatMap((place) => finished.get(place)?.run ?? []),
    ...tokensOf(folders),
  };
}

/** Adds the proxies of a folder to those of the sweep. */
function planShare(folder: ShareFolder, planned: Map<number, PlacedProxy>): void {
  folder.planned.forEach(({ id, mixture, seed }, at) => {
    const place = placeOf(folder.share, at);
    const written = folder.written[at];
    const known = planned.get(place);
    if (!known) {
      const proxy = { id, mixture: Float64Array.from(mixture), seed };
      planned.set(place, { proxy, written, folder });
    } else if (JSON.stringify(known.written) !== JSON.stringify(written)) {
      throw new UsageError(
        `${join(folder.folder, planFile)} and ${join(known.folder.folder, planFile)} plan proxy ${id} differently: one of them has been changed`,
      );
    }
  });
}

/** How far a share is. */
interface ShareState {
  /** Number of finished proxies. */
  readonly done: number;
  readonly cutLine: number | null;
}

/** Adds the finished proxies of a folder to those of the sweep. */
function readShare(folder: ShareFolder, finished: Map<number, PlacedRun>): ShareState {
  const own = new Set<number>();
  const { runs, cutLine } = readFinished(folder);
  for (const { run, at, line } of runs) {
    const place = placeOf(folder.share, at);
    const where = `${join(folder.folder, runsFile)}, line ${line}`;
    const known = finished.get(place);
    if (!known) finished.set(place, { run, where });
    else if (JSON.stringify(known.run) !== JSON.stringify(run)) {
      throw new UsageError(
        `the results of proxy ${run.id} disagree: ${known.where}; ${where}; delete the wrong one and train again`,
      );
    }
    own.add(place);
  }
  return { done: own.size, cutLine };
}

/** What is not finished, by folder and by shard, and how to finish it. */
function describeMissing(
  folders: readonly ShareFolder[],
  unbegun: readonly Share[],
  finished: ReadonlyMap<number, PlacedRun>,
  states: ReadonlyMap<ShareFolder, ShareState>,
): string {
  const [{ total, share }] = folders;
  const missing = new Set(
    Array.from({ length: total }, (_, place) => place).filter((place) => !finished.has(place)),
  );
  const texts: string[] = [];
  const again = new Set<string>();
  const left = new Set(missing);
  for (const folder of folders) {
    const { planned } = folder;
    const places = planned.map((_, at) => placeOf(folder.share, at));
    if (!places.some((place) => left.has(place))) continue;
    for (const place of places) left.delete(place);
    const { done, cutLine } = states.get(folder) ?? { done: 0, cutLine: null };
    const cut = cutLine === null ? '' : ` (line ${cutLine} of its ${runsFile} was cut)`;
    texts.push(`${folder.folder} has finished ${done} of its ${places.length}${cut}`);
    if (folder.share.of > 1) again.add(`${folder.share.part}/${folder.share.of}`);
  }
  // Where all folders are of one cut, what is missing are whole shards of it.
  const { of } = share;
  if (left.size > 0 && of > 1 && folders.every((folder) => folder.share.of === of)) {
    for (const part of new Set([...left].map((place) => (place % of) + 1))) {
      const places = [...left].filter((place) => place % of === part - 1);
      const isUnbegun = unbegun.some((each) => each.part === part && each.of === of);
      const how = isUnbegun ? 'has not begun' : 'is missing';
      texts.push(`shard ${part} of ${of} ${how} (${listPlaces(places)})`);
      again.add(`${part}/${of}`);
    }
  } else if (left.size > 0) texts.push(`no folder plans ${listPlaces([...left])}`);
  const commands = again.size > 0 ? `--shard ${shortList([...again], ', ')}` : 'the same options';
  return `${missing.size} of ${total} proxies are not finished: ${shortList(texts, '; ')}; run train with ${commands}, which goes on where it stopped, and merge again`;
}

function shortList(texts: readonly string[], separator: string): string {
  const shown = texts.slice(0, 12).join(separator);
  return texts.length > 12 ? `${shown}${separator}and ${texts.length - 12} more` : shown;
}

/** Proxies by their places from 0. */
function listPlaces(places: readonly number[]): string {
  const shown = places.slice(0, 5).map((place) => place + 1);
  const more = places.length > shown.length ? ', …' : '';
  return `${places.length === 1 ? 'proxy' : `${places.length} proxies:`} ${shown.join(', ')}${more}`;
}

/** Distributions of the text over tokens, on which all folders that have them must agree, and their file's text. */
function tokensOf(folders: readonly ShareFolder[]): {
  readonly shares: readonly Float64Array[];
  readonly counts: string;
} {
  let known: { readonly shares: Float64Array[]; readonly folder: string } | null = null;
  for (const folder of folders) {
    const shares = readTokenShares(folder);
    if (!shares) continue;
    if (!known) known = { shares, folder: folder.folder };
    else if (!areEqual(known.shares, shares)) {
      throw new UsageError(
        `${join(folder.folder, countsFile)} and ${join(known.folder, countsFile)} differ: run train again, which writes them anew`,
      );
    }
  }
  if (known) {
    return { shares: known.shares, counts: readFileSync(join(known.folder, countsFile), 'utf8') };
  }
  throw new UsageError(
    `${join(folders[0].folder, countsFile)} is missing: run train again, which writes it and trains nothing twice`,
  );
}

function areEqual(one: readonly Float64Array[], other: readonly Float64Array[]): boolean {
  return one.every((shares, domain) =>
    shares.every((share, token) => share === other[domain][token]),
  );
}
