import type { RunSet, SetRole } from './recognition';

/** A file as pairing sees it. */
export interface PairingFile {
  /** Its index among the files. */
  readonly index: number;
  readonly name: string;
  readonly kind: 'mixtures' | 'losses' | 'wide';
  readonly rows: number;
  /** The ids of its first rows. */
  readonly ids: ReadonlySet<string>;
}

const kindWords =
  /^(?:mixtures?|mix|ratios?|weights?|proportions?|loss|losses|metrics?|evals?|results?|scores?|domains?|runs?|data|csv|tsv|txt|proxy|proxies|pile|val)$/;
const testWords = /^(?:test.*|held.*|unseen|holdout|ood)$/;
const validationWords = /^valid.*$/;
const scale = /^\d+(?:p\d+)?[kmbt]$/;

function tokens(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/\.(?:csv|tsv|txt)$/, '')
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== '');
}

function telling(name: string): string[] {
  return tokens(name).filter((token) => !kindWords.test(token));
}

/** Shared members over all members, 0..1; 0 when both are empty. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const member of a) if (b.has(member)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

interface Pair {
  readonly mixtures: PairingFile;
  readonly losses: PairingFile;
}

/**
 * Which files belong together: mixtures and losses whose names share the most words and whose runs
 * share the most ids, the surest pair first; every wide file is a set of its own.
 */
function pairFiles(files: readonly PairingFile[]): Pair[] {
  const wide = files.filter(({ kind }) => kind === 'wide');
  const mixtures = files.filter(({ kind }) => kind === 'mixtures');
  const losses = files.filter(({ kind }) => kind === 'losses');
  const only = mixtures.length === 1 && losses.length === 1;
  const candidates = mixtures.flatMap((mixture) =>
    losses.map((loss) => {
      const names = overlap(new Set(telling(mixture.name)), new Set(telling(loss.name)));
      const ids = overlap(mixture.ids, loss.ids);
      return { mixtures: mixture, losses: loss, score: names + ids };
    }),
  );
  candidates.sort((a, b) => b.score - a.score);
  const taken = new Set<number>();
  const pairs: Pair[] = wide.map((file) => ({ mixtures: file, losses: file }));
  for (const pair of candidates) {
    if (taken.has(pair.mixtures.index) || taken.has(pair.losses.index)) continue;
    if (pair.score === 0 && !only) continue;
    taken.add(pair.mixtures.index);
    taken.add(pair.losses.index);
    pairs.push(pair);
  }
  return pairs.sort((a, b) => a.mixtures.index - b.mixtures.index);
}

function isTest({ mixtures, losses }: Pair): boolean {
  const words = tokens(mixtures.name);
  return (
    words.some((word) => testWords.test(word) || validationWords.test(word)) ||
    // In the name of a file of losses, `valid` rather says which losses they are.
    tokens(losses.name).some((word) => testWords.test(word))
  );
}

/**
 * Groups files into run sets. A single set trains. Of several, those whose names say so are test
 * sets; of the rest, the one whose name says `train`, or else the largest, trains, and the others are
 * test sets too. When all names say test, none trains. Test sets are named by what sets them apart.
 * @param joinsStudy whether the files join a study that is already there: then none of them trains
 */
export function pairIntoSets(files: readonly PairingFile[], joinsStudy: boolean): RunSet[] {
  const pairs = pairFiles(files);
  const training = joinsStudy ? null : pickTraining(pairs);
  const shared = sharedWords(pairs.map(({ mixtures }) => telling(mixtures.name)));
  const used = new Set<string>();
  return pairs.map((pair) => {
    const role: SetRole = pair === training ? 'training' : 'test';
    const name = unused(pair === training ? 'training' : testName(pair, shared), used);
    return { name, role, mixtures: pair.mixtures.index, losses: pair.losses.index };
  });
}

/** Words that all of several names have; empty for a single name. */
function sharedWords([first = [], ...others]: readonly (readonly string[])[]): Set<string> {
  if (others.length === 0) return new Set();
  return new Set(first.filter((word) => others.every((words) => words.includes(word))));
}

function pickTraining(pairs: readonly Pair[]): Pair | null {
  const candidates = pairs.length === 1 ? pairs.slice() : pairs.filter((pair) => !isTest(pair));
  const saysTrain = ({ mixtures }: Pair) =>
    Number(tokens(mixtures.name).some((word) => word.startsWith('train')));
  candidates.sort((a, b) => saysTrain(b) - saysTrain(a) || b.mixtures.rows - a.mixtures.rows);
  return candidates[0] ?? null;
}

function testName(pair: Pair, shared: ReadonlySet<string>): string {
  const words = telling(pair.mixtures.name);
  const scales = words.filter((word) => scale.test(word)).map((word) => word.toUpperCase());
  const others = words.filter(
    (word) => !scale.test(word) && !shared.has(word) && !/^(?:test|train)(?:ing)?$/.test(word),
  );
  return [...scales, ...others, 'test'].join(' ').slice(0, 60);
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let count = 2; used.has(free); count++) free = `${name} ${count}`;
  used.add(free);
  return free;
}
