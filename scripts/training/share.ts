/**
 * Shares of a sweep: which proxies a shard trains, what its folder says about the sweep, and reading such folders
 * again, which may come from anybody.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { FinishedRun } from '../../lib/training/checkpoints';
import type { PlannedProxy } from '../../lib/training/engine';
import { vocabulary } from '../../lib/training/shape';
import { UsageError } from '../cli/arguments';
import { parseRun, planFile, runsFile } from './store';

/** One of several shares of a sweep. */
export interface Share {
  /** 1 to `of`. */
  readonly part: number;
  readonly of: number;
}

/** The whole sweep as one share. */
const wholeSweep: Share = { part: 1, of: 1 };
/** Most proxies of a sweep, given by a file of mixtures. */
export const maxProxies = 100_000;

/**
 * The proxies of a share: every `of`-th from the `part`-th on, so that shares differ by one proxy at most, and
 * each has some of the first mixtures and some of the repeats.
 */
export function proxiesOf<Proxy>(proxies: readonly Proxy[], { part, of }: Share): Proxy[] {
  return proxies.filter((_, place) => place % of === part - 1);
}

/** The name of a shard's folder. */
export function shardName({ part, of }: Share): string {
  return `shard-${part}-of-${of}`;
}

/** The share that a folder's name says; null for another name. */
export function shareOfName(name: string): Share | null {
  const [, part, of] = /^shard-([1-9]\d{0,5})-of-([1-9]\d{0,5})$/.exec(name) ?? [];
  return part === undefined ? null : { part: Number(part), of: Number(of) };
}

/** The settings of a sweep without its proxies: everything else that determines its results. */
type PlanHead = Readonly<Record<string, unknown>>;

/**
 * What `plan.json` holds, by share; null for all proxies in one folder. The folder of a shard has the proxies of
 * its share alone, and names the whole by its hash: the plan of 10,000 proxies in every one of 1,000 folders
 * would be gigabytes.
 */
export function planTexts(
  head: PlanHead,
  proxies: readonly PlannedProxy[],
): (share: Share | null) => string {
  const planned = proxies.map((proxy) => ({ ...proxy, mixture: Array.from(proxy.mixture) }));
  const whole = asText({ ...head, proxies: planned });
  const sweep = { proxies: proxies.length, sha256: sha256(whole) };
  return (share) =>
    share
      ? asText({
          ...head,
          sweep,
          shard: { part: share.part, of: share.of },
          proxies: proxiesOf(planned, share),
        })
      : whole;
}

function asText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The file with how often every token occurs in the training text, which no other file of a folder holds. */
export const countsFile = 'tokens.json';

/** What is written to {@link countsFile}. */
export function countsText(
  domains: readonly { readonly id: string; readonly training: Uint16Array }[],
): string {
  return asText({
    domains: domains.map(({ id, training }) => {
      const counts = new Array<number>(vocabulary).fill(0);
      for (const token of training) counts[token]++;
      return { id, counts };
    }),
  });
}

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(whole, v.minValue(1));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'));
const maxDomains = 200;

/** The part of a plan that merging reads; the rest must only be equal. */
const planSchema = v.looseObject({
  training: v.looseObject({ steps: positive }),
  domains: v.pipe(
    v.array(v.looseObject({ id: name, trainingTokens: whole })),
    v.minLength(1),
    v.maxLength(maxDomains),
  ),
  sweep: v.optional(v.object({ proxies: v.pipe(positive, v.maxValue(maxProxies)), sha256: hash })),
  shard: v.optional(v.object({ part: positive, of: v.pipe(positive, v.maxValue(maxProxies)) })),
  proxies: v.pipe(
    v.array(
      v.looseObject({
        id: name,
        mixture: v.pipe(
          v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
          v.maxLength(maxDomains),
        ),
        seed: whole,
      }),
    ),
    v.minLength(1),
    v.maxLength(maxProxies),
  ),
});

type PlanFile = v.InferOutput<typeof planSchema>;

/** A folder with a share of a sweep, or with all of it. */
export interface ShareFolder {
  readonly folder: string;
  readonly share: Share;
  /** Number of proxies of the whole sweep. */
  readonly total: number;
  /** Hash of the whole sweep's plan. */
  readonly sha256: string;
  readonly head: PlanHead;
  readonly domains: readonly { readonly id: string; readonly trainingTokens: number }[];
  readonly steps: number;
  /** Those of the share. */
  readonly planned: PlanFile['proxies'];
  /** The same as the file has them: with these keys, in this order, they were hashed. */
  readonly written: readonly unknown[];
}

/** Place of the n-th proxy of a share in the whole sweep, both from 0. */
export function placeOf({ part, of }: Share, at: number): number {
  return part - 1 + at * of;
}

const maxPlanBytes = 128e6;

/**
 * Reads what a folder holds of a sweep.
 *
 * @throws UsageError when its plan cannot be read, or is none of `train`
 */
export function readShareFolder(folder: string): ShareFolder {
  const path = join(folder, planFile);
  const text = readBounded(path, maxPlanBytes);
  const { value, raw } = parseFile(path, text, planSchema);
  const { sweep, shard, proxies, domains, training } = value;
  const refuse = (found: string) => new UsageError(`${path}: ${found}`);
  if ((sweep === undefined) !== (shard === undefined)) {
    throw refuse('found one of “sweep” and “shard”, expected both or none');
  }
  const share = shard ?? wholeSweep;
  const total = sweep?.proxies ?? proxies.length;
  if (share.part > share.of || share.of > total) {
    throw refuse(`found shard ${share.part} of ${share.of} of ${total} proxies`);
  }
  const expected = Math.ceil((total - share.part + 1) / share.of);
  if (proxies.length !== expected) {
    throw refuse(`found ${proxies.length} proxies, expected ${expected} of ${total}`);
  }
  const ids = new Set(proxies.map(({ id }) => id));
  if (ids.size !== proxies.length) throw refuse('found a proxy twice');
  const odd = proxies.find(({ mixture }) => mixture.length !== domains.length);
  if (odd) {
    throw refuse(`proxy ${odd.id} has ${odd.mixture.length} weights, expected ${domains.length}`);
  }
  // Validated above; a validated copy would have its keys in another order.
  const { sweep: _, shard: __, proxies: written, ...head } = raw as PlanFile;
  return {
    folder,
    share,
    total,
    sha256: sweep?.sha256 ?? sha256(text),
    head,
    domains,
    steps: training.steps,
    planned: proxies,
    written,
  };
}

/**
 * The plan of the whole sweep from its proxies, in its order, as one training would have written it.
 *
 * @returns null when they are not those that the folder names by the hash of the plan
 */
export function wholePlan(
  { head, sha256: expected }: ShareFolder,
  written: readonly unknown[],
): string | null {
  const text = asText({ ...head, proxies: written });
  return sha256(text) === expected ? text : null;
}

/**
 * What two folders of different sweeps differ in; null for folders of one sweep. Settings are named as in
 * `plan.json`.
 */
export function differenceOf(folder: ShareFolder, from: ShareFolder): string | null {
  const found = firstDifference(folder.head, from.head, '');
  if (found) return found;
  if (folder.total !== from.total) {
    return `it is of a sweep of ${folder.total} proxies, not of ${from.total}`;
  }
  if (folder.sha256 === from.sha256) return null;
  return 'the mixtures or seeds of the sweep’s proxies are others';
}

/** The first value in which two JSON values differ, in the order of the keys. */
function firstDifference(one: unknown, other: unknown, path: string): string | null {
  if (JSON.stringify(one) === JSON.stringify(other)) return null;
  if (isRecord(one) && isRecord(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    for (const key of keys) {
      const inside = firstDifference(one[key], other[key], path === '' ? key : `${path}.${key}`);
      if (inside) return inside;
    }
    return `the order of ${path === '' ? 'the settings' : path} is another`;
  }
  return `${path} is ${shortly(one)}, not ${shortly(other)}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shortly(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

const countsSchema = v.object({
  domains: v.pipe(
    v.array(v.object({ id: name, counts: v.pipe(v.array(whole), v.length(vocabulary)) })),
    v.maxLength(maxDomains),
  ),
});

/**
 * Distributions of the training text over tokens, from a folder's {@link countsFile}.
 *
 * @returns null when the file is missing
 * @throws UsageError when it cannot be read, or is not of the plan's text
 */
export function readTokenShares({ folder, domains }: ShareFolder): Float64Array[] | null {
  const path = join(folder, countsFile);
  if (!isFile(path)) return null;
  const found = parseFile(path, readBounded(path, 8e6), countsSchema).value.domains;
  return domains.map(({ id, trainingTokens }, place) => {
    const { id: foundId, counts } = found[place] ?? { id: 'nothing', counts: [] };
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (foundId !== id || total !== trainingTokens || found.length !== domains.length) {
      throw new UsageError(
        `${path}: found ${total} tokens of “${foundId}”, expected ${trainingTokens} of “${id}”`,
      );
    }
    return Float64Array.from(counts, (count) => count / Math.max(1, total));
  });
}

/** A finished run, and where it was read. */
interface ReadRun {
  readonly run: FinishedRun;
  /** Its place in the share, from 0. */
  readonly at: number;
  /** Its line, from 1. */
  readonly line: number;
}

/** What is finished of a share. */
export interface FinishedShare {
  readonly runs: readonly ReadRun[];
  /** The last line that a kill has cut, at the end of the file or before what a later start wrote: not finished. */
  readonly cutLine: number | null;
}

/** Room for 1,000 evaluations of 200 domains. */
const maxLineBytes = 4e6;
/** A proxy may stand in several lines, where a scheduler ran its shard twice at a time. */
const maxLinesOfProxy = 4;

/**
 * The finished runs of a folder.
 *
 * @throws UsageError with file and line for what is no finished run of the folder's plan
 */
export function readFinished({ folder, planned, domains, steps }: ShareFolder): FinishedShare {
  const path = join(folder, runsFile);
  const runs: ReadRun[] = [];
  if (!isFile(path)) return { runs, cutLine: null };
  const places = new Map(planned.map(({ id }, at) => [id, at]));
  let line = 0;
  let cutLine: number | null = null;
  for (const { text, isWhole: hasEnd } of linesOf(path)) {
    line++;
    if (line > maxLinesOfProxy * planned.length) {
      throw new UsageError(
        `${path}, line ${line}: found more lines than ${planned.length} proxies can have`,
      );
    }
    if (!hasEnd || isCut(text)) {
      cutLine = line;
      continue;
    }
    const run = parseRun(text);
    const refuse = (found: string) =>
      new UsageError(
        `${path}, line ${line}: ${found}: delete this line and run train again, which repeats the proxy`,
      );
    if (!run) throw refuse(`found “${shortText(text)}”, expected a finished proxy as JSON`);
    const at = places.get(run.id);
    if (at === undefined) {
      throw refuse(`found proxy “${shortText(run.id)}”, which is not of this share`);
    }
    const odd = run.evaluations.find(({ losses }) => losses.length !== domains.length);
    if (odd) throw refuse(`found ${odd.losses.length} losses, expected ${domains.length}`);
    if (run.evaluations.at(-1)?.step !== steps) {
      throw refuse(`found no losses after step ${steps}, which is the last one`);
    }
    runs.push({ run, at, line });
  }
  return { runs, cutLine };
}

/** Whether a line is the beginning of one: that of an object is no JSON. */
function isCut(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function shortText(text: string): string {
  // Control characters would not be one line, nor harmless in a terminal.
  const plain = text.replace(/\p{Cc}+/gu, ' ').trim();
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}

/** The lines of a file; the last one may have no end. @throws UsageError when one is too long */
function* linesOf(path: string): Generator<{ readonly text: string; readonly isWhole: boolean }> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(2 ** 20);
    let rest: Buffer[] = [];
    let length = 0;
    let line = 1;
    for (;;) {
      const read = readSync(file, chunk, 0, chunk.length, null);
      if (read === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < read; end = chunk.indexOf(10, from)) {
        const text = Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
        yield { text, isWhole: true };
        rest = [];
        length = 0;
        from = end + 1;
        line++;
      }
      rest.push(Buffer.from(chunk.subarray(from, read)));
      length += read - from;
      if (length > maxLineBytes) {
        throw new UsageError(
          `${path}, line ${line}: found more than ${maxLineBytes / 1e6} MB in one line`,
        );
      }
    }
    if (length > 0) yield { text: Buffer.concat(rest).toString('utf8'), isWhole: false };
  } finally {
    closeSync(file);
  }
}

function parseFile<Schema extends v.GenericSchema>(
  path: string,
  text: string,
  schema: Schema,
): { readonly value: v.InferOutput<Schema>; readonly raw: unknown } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new UsageError(
      `${path}, line 1: found “${shortText(text.slice(0, 80))}”, which is no JSON or was cut`,
    );
  }
  const result = v.safeParse(schema, raw);
  if (result.success) return { value: result.output, raw };
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? 'all of it';
  throw new UsageError(
    `${path}, line 1: ${place} is ${shortText(issue.received)}, expected ${issue.expected ?? 'something else'}`,
  );
}

/** @throws UsageError when a file is missing or too large */
function readBounded(path: string, maxBytes: number): string {
  if (!isFile(path)) throw new UsageError(`${path} is missing: no training was begun there`);
  const { size } = statSync(path);
  if (size > maxBytes) {
    throw new UsageError(`${path}: found ${size} bytes, expected at most ${maxBytes}`);
  }
  return readFileSync(path, 'utf8');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
