/** The vocabulary of every stage: domains, targets, runs, and the study that holds them. */
import type { Matrix } from './matrix';
import type { Direction, ImportedModel, LawModel } from './regressor';

/** One source of training text, such as Wikipedia or GitHub. Its index in the study never changes. */
export interface Domain {
  /** Short name, unique in the study, as in the files without their prefixes: `pile_cc`. */
  readonly id: string;
  /** Display name: `Pile CC`. */
  readonly name: string;
  /** Its name in the file that the study was read from: `train_the_pile_pile_cc`; absent where that is `id`. */
  readonly column?: string;
}

/** One measured quantity: a validation loss on some text, or a downstream score. */
export interface Target {
  /** Short name, unique in the study: `pile_cc`. */
  readonly id: string;
  /** Display name: `Pile CC loss`. */
  readonly name: string;
  /** `nats per token`, `bits per byte`, `accuracy`; empty when unknown. */
  readonly unit: string;
  readonly direction: Direction;
}

/** Intermediate losses: what the same runs scored before and at their last step. */
export interface Trajectory {
  /** K steps after which all runs were measured, ascending; the last one is that of `losses`. */
  readonly steps: readonly number[];
  /** K times N x M target values, in the order of the steps; NaN = not measured. */
  readonly losses: readonly Matrix[];
}

/** Proxy runs of one kind: N mixtures of D domains with M targets measured on each. */
export interface RunTable {
  /** `training`, `1M test`; unique in the study. */
  readonly name: string;
  /** N run ids as in the file, unique. */
  readonly ids: readonly string[];
  /** N x D mixture weights, each row >= 0 and summing to 1. */
  readonly mixtures: Matrix;
  /** N x D weights before rows were renormalised to sum to 1; absent when no row needed it. */
  readonly recorded?: Matrix;
  /** N x M target values; NaN = not measured. */
  readonly losses: Matrix;
  /** Losses during training; absent where only the final ones are known. */
  readonly trajectory?: Trajectory;
  /** N rounds in which runs were trained, 0..1000, 0 = first; absent when all are of one round. */
  readonly rounds?: Int32Array;
}

/** The mixture a study measures others against, usually each domain's share of all tokens. */
export interface Prior {
  readonly kind: 'uniform' | 'file' | 'typed' | 'runs';
  /** D weights >= 0, summing to 1. */
  readonly weights: Float64Array;
}

/** A named mixture for comparison, chosen by a person or another method. */
export interface NamedMixture {
  readonly name: string;
  /** D weights >= 0, summing to 1. */
  readonly weights: Float64Array;
}

/** A public file. */
export interface PublicFile {
  /** Address that begins with `https://`. */
  readonly url: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

/** Training runs that the reader left out, diverged ones for instance. */
interface LeftOutRuns {
  /** Their ids in the order of the table, one at least. */
  readonly ids: readonly string[];
  /** All training runs: those of the study and these. */
  readonly whole: RunTable;
}

/** The source of a study's runs. */
interface StudySource {
  readonly kind: 'simulated' | 'files' | 'published' | 'trained';
  /** One sentence for the page: file names, a citation, or how the runs were simulated. */
  readonly detail: string;
  /** Public files with exactly these runs; absent when there are none. */
  readonly addresses?: readonly PublicFile[];
  /** A public `.regmix.json` with exactly these runs; absent when there is none. */
  readonly file?: PublicFile;
  /** Name of the built-in study with exactly these runs; absent for others. */
  readonly builtIn?: string;
  /** Id of the training in this browser that trained its proxies; absent when not known. */
  readonly training?: string;
  /** Number of parameters of each proxy, >= 1; absent when not known. */
  readonly parameters?: number;
}

/**
 * Everything known about one set of proxy runs. Immutable: a change makes a new object, which is still the
 * same study as long as its `id` is the same. The data are named by `revisionOf` (`lib/study/identity.ts`).
 *
 * What happens to a study, and whether its id and its revision change:
 *
 * | what happens | id | revision |
 * |---|---|---|
 * | renamed; prior, human mixture or where it is published set; any setting | stays | stays |
 * | a model imported or taken away: models have an id of their own | stays | stays |
 * | test sets added, a round of proposals added | stays | changes |
 * | a run left out or taken back | stays | changes |
 * | more proxies of its training finish | stays | changes |
 * | undo and redo within it; saved, followed from another tab, deleted and restored | stays | as the runs do |
 * | opened anew (file, link, example, built-in, a training's first proxies), copied, saved as a copy | new | as the runs |
 *
 * While the id stays, so do domains and targets, and their order.
 */
export interface Study {
  readonly version: 1;
  /** Identifies the study: no two documents share one. Opaque: nothing is parsed out of it. */
  readonly id: string;
  readonly name: string;
  readonly source: StudySource;
  /** D domains; their order is the order of every mixture in the study. */
  readonly domains: readonly Domain[];
  /** M targets; their order is the order of every losses row. */
  readonly targets: readonly Target[];
  readonly training: RunTable;
  /** Runs that are left out of `training`; absent when none is (`lib/runs/left-out.ts`). */
  readonly leftOut?: LeftOutRuns;
  readonly testSets: readonly RunTable[];
  readonly prior: Prior;
  readonly human: NamedMixture | null;
  /** M laws that the targets of simulated runs were drawn from, null = not known; absent when none is. */
  readonly truth?: readonly (LawModel | null)[];
  /** Imported models, at most one per target; absent when there are none. */
  readonly imported?: readonly ImportedModel[];
}

/** The last round of proxies that a run may be of; the first is 0. */
export const lastRound = 1000;

/** Maximum number of test sets of a study. */
export const maxTestSets = 100;
/** Maximum characters of the detail of a study's source. */
export const maxDetail = 100_000;
/** Maximum of the numbers of a study's imported models, in total, for them to be saved with it: about 8 MB. */
export const maxImportedNumbers = 1_000_000;
