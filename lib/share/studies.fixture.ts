import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fromRows } from '../model/matrix';
import { defaultSettings, type Settings } from '../model/settings';
import type { Study } from '../model/study';
import { leaveOut } from '../runs/left-out';
import { minimumTrainingRows, type StudyRuns } from '../runs/recognition';
import { builtInStudies } from '../study/built-in';
import type { OpenedStudy } from '../study/from-runs';
import type { SharedView } from './content';

/** The built-in study of that id as the page opens it. */
export function openBuiltIn(id: string): OpenedStudy {
  const found = builtInStudies.find((study) => study.id === id);
  if (!found) throw new Error(`no built-in study ${id}`);
  const folder = join('public', 'studies', id);
  return found.open(
    found.files.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
  );
}

/** Runs as those that were published with RegMix are laid out: 17 domains of the Pile, 13 targets. */
export function pileRuns(): StudyRuns {
  const rows = 8;
  const targets = Array.from({ length: 13 }, (_, place) => `target_${place}`);
  const mixtures = Array.from({ length: rows }, () => new Float64Array(pile.length).fill(1 / 17));
  return {
    domains: pile.map((id) => ({ id, name: id })),
    targets: targets.map((id) => ({ id, name: id, unit: '', direction: 'lower' })),
    training: {
      name: 'training',
      ids: mixtures.map((_, row) => `${row}`),
      mixtures: fromRows(mixtures),
      losses: fromRows(mixtures.map((_, row) => targets.map((_, place) => 3 + row / (9 + place)))),
    },
    nextRound: null,
    testSets: [],
    notes: [],
  };
}

const pile = [
  'arxiv',
  'freelaw',
  'nih_exporter',
  'pubmed_central',
  'wikipedia_en',
  'dm_mathematics',
  'github',
  'philpapers',
  'stackexchange',
  'enron_emails',
  'gutenberg_pg_19',
  'pile_cc',
  'ubuntu_irc',
  'europarl',
  'hackernews',
  'pubmed_abstracts',
  'uspto_backgrounds',
];

/** Ids that strangers' files may hold, those of prototypes among them. */
const label = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Größe', '数据', 'a b'),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcdefgh_0123') }),
);

const labels = (least: number, most: number) =>
  fc.uniqueArray(label, { minLength: least, maxLength: most });

/** `count` weights that sum to 1. */
const mixture = (count: number) =>
  fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: count, maxLength: count })
    .map((amounts) => {
      const total = amounts.reduce((sum, amount) => sum + amount, 0);
      return amounts.map((amount) => amount / total);
    });

const share = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
const tokens = fc.oneof(
  fc.integer({ min: 0, max: 1000 }).map((count) => count * 1e7),
  fc.double({ min: 0, max: 1e15, noNaN: true }).map(Math.abs),
);
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

/** Studies of any shape, with runs, test sets, prior and human mixture. */
const study: fc.Arbitrary<Study> = fc
  .record({ domains: labels(2, 8), targets: labels(1, 5), tests: fc.integer({ min: 0, max: 2 }) })
  .chain(({ domains, targets, tests }) => {
    const run = fc.record({
      mixture: mixture(domains.length),
      losses: fc.array(
        fc.double({ min: -5, max: 20 }).map((loss) => loss + 0),
        {
          minLength: targets.length,
          maxLength: targets.length,
        },
      ),
    });
    const table = (name: string) =>
      fc.array(run, { minLength: 8, maxLength: 12 }).map((runs) => ({
        name,
        ids: runs.map((_, row) => `${row + 1}`),
        mixtures: fromRows(runs.map((each) => each.mixture)),
        losses: fromRows(runs.map((each) => each.losses)),
      }));
    const weights = mixture(domains.length).map((values) => Float64Array.from(values));
    return fc.record({
      version: fc.constant(1 as const),
      id: fc.constant('study'),
      name: fc.constant('A study'),
      source: fc.constant({ kind: 'files' as const, detail: 'Read from a.csv.' }),
      domains: fc.constant(domains.map((id) => ({ id, name: id }))),
      targets: fc.constant(
        targets.map((id) => ({ id, name: id, unit: '', direction: 'lower' as const })),
      ),
      training: table('training'),
      testSets: fc.tuple(...Array.from({ length: tests }, (_, set) => table(`test ${set}`))),
      prior: fc.record({ kind: fc.constantFrom('uniform', 'file', 'typed', 'runs'), weights }),
      human: orNull(fc.record({ name: fc.constantFrom('human', 'Größe'), weights })),
    });
  });

function settingsOf({ domains, targets, ...rest }: Study): fc.Arbitrary<Settings> {
  const each = <Value>(value: fc.Arbitrary<Value>) =>
    fc.array(value, { minLength: domains.length, maxLength: domains.length });
  const target = fc.constantFrom(...targets.map(({ id }) => id));
  const perTarget = <Value>(value: fc.Arbitrary<Value>) =>
    fc
      .array(orNull(value), { minLength: targets.length, maxLength: targets.length })
      .map((values) =>
        Object.fromEntries(
          targets.flatMap(({ id }, place): [string, Value][] => {
            const chosen = values[place];
            return chosen === null ? [] : [[id, chosen]];
          }),
        ),
      );
  const changed = fc.record(
    {
      target,
      objective: fc.record({
        kind: fc.constantFrom('single', 'weighted', 'regret'),
        weights: perTarget(fc.double({ min: 1e-3, max: 100, noNaN: true })),
        families: perTarget(fc.constantFrom('code', 'text', '__proto__')),
        normalised: fc.boolean(),
        kl: fc.constantFrom(0, 0.1, 1 / 3),
        discountRepeats: fc.boolean(),
        seek: fc.constantFrom('best', 'worst'),
      }),
      yours: orNull(mixture(domains.length)),
      regressor: fc.constantFrom('mean', 'law', 'gp', 'gbdt', 'ridge'),
      minRowsPerLeaf: orNull(fc.integer({ min: 1, max: 100 })),
      engine: orNull(fc.constantFrom('exact', 'gradient', 'simulation', 'search', 'paper')),
      samples: fc.integer({ min: 1000, max: 1_000_000 }),
      topK: fc.integer({ min: 1, max: 10_000 }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      constraints: fc.record({
        requestedTokens: orNull(tokens.map((count) => count || 1)),
        availableTokens: each(orNull(tokens)),
        epochs: each(fc.constantFrom(1, 4, 0.5, 1 / 3)),
        max: each(orNull(share)),
        min: each(share),
        locked: each(orNull(share)),
        beyondTried: fc.boolean(),
      }),
    } satisfies { [Name in keyof Settings]: fc.Arbitrary<unknown> },
    { requiredKeys: [] },
  );
  const usual = defaultSettings({ domains, targets, ...rest });
  return changed.map((change) => ({ ...usual, ...change }) as Settings);
}

function viewOf({ domains, targets, testSets }: Study): fc.Arbitrary<SharedView> {
  const axes = [...domains.map(({ id }) => id), ...targets.map(({ id }) => `target ${id}`)];
  const end = fc.double({ min: -10, max: 10, noNaN: true, noDefaultInfinity: true });
  return fc.record({
    band: fc.constantFrom(80, 90, 95),
    order: fc.constantFrom('file', 'name', 'weight'),
    heatmap: fc.constantFrom('spearman', 'coefficients', 'law'),
    evaluation: fc.constantFrom(null, ...testSets.map(({ name }) => name)),
    brushes: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...axes), fc.tuple(end, end)), {
        selector: ([axis]) => axis,
        maxLength: 3,
      })
      .map((entries) => new Map(entries)),
    lesson: fc.record({
      hidesAnswer: fc.boolean(),
      isPresenting: fc.boolean(),
      hiddenStages: fc.subarray(['limits', 'export', 'next']),
      task: fc.constantFrom('', 'Which domain matters most?\nWhy?', 'Größer als 1 / 3'),
    }),
  });
}

/** The study without some of its runs. */
function withoutSome(whole: Study): fc.Arbitrary<Study> {
  const { ids } = whole.training;
  const some = fc.subarray([...ids], { maxLength: ids.length - minimumTrainingRows });
  return some.map((out) => leaveOut(whole, out));
}

/** Anything that can stand on the page: a study, what was set about it, and how it is looked at. */
export const shared = study
  .chain(withoutSome)
  .chain((any) =>
    fc.record({ study: fc.constant(any), settings: settingsOf(any), view: viewOf(any) }),
  );
