import type { Matrix } from '../matrix';
import type { ImportedModel } from '../regression/imported';
import type { LawModel } from '../regression/types';

/** One source of training text, such as Wikipedia or GitHub. Its place in the study never changes. */
export interface Domain {
  /** Short name, unique in the study, as in the files without their prefixes: `pile_cc`. */
  readonly id: string;
  /** What people read: `Pile CC`. */
  readonly name: string;
}

/** One measured quantity: a validation loss on some text, or a downstream score. */
export interface Target {
  /** Short name, unique in the study: `pile_cc`. */
  readonly id: string;
  /** What people read: `Pile CC loss`. */
  readonly name: string;
  /** `nats per token`, `bits per byte`, `accuracy`; empty when unknown. */
  readonly unit: string;
  /** Which way is better: `lower` for a loss, `higher` for a score. */
  readonly direction: 'lower' | 'higher';
}

/** Losses on the way: what the same runs scored before and at their last step. */
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
  /** Losses while the runs trained; absent where only the last ones are known. */
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

/** A mixture with a name, for comparison: what a person, or another method, would train on. */
export interface NamedMixture {
  readonly name: string;
  /** D weights >= 0, summing to 1. */
  readonly weights: Float64Array;
}

/** A file that anybody can fetch. */
export interface PublicFile {
  /** Address that begins with `https://`. */
  readonly url: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

/** Where a study's runs come from. */
interface StudySource {
  readonly kind: 'simulated' | 'files' | 'published' | 'trained';
  /** One sentence for the page: file names, a citation, or how the runs were simulated. */
  readonly detail: string;
  /** Files from which anybody can read these very runs; absent when they are nowhere else. */
  readonly addresses?: readonly PublicFile[];
  /** A `.regmix.json` that holds these very runs; absent when it is nowhere for anybody. */
  readonly file?: PublicFile;
}

/** Everything known about one set of proxy runs. Immutable; a change makes a new study. */
export interface Study {
  readonly version: 1;
  /** Identifies the runs, for caches: equal ids have equal tables. */
  readonly id: string;
  readonly name: string;
  readonly source: StudySource;
  /** D domains; their order is the order of every mixture in the study. */
  readonly domains: readonly Domain[];
  /** M targets; their order is the order of every losses row. */
  readonly targets: readonly Target[];
  readonly training: RunTable;
  readonly testSets: readonly RunTable[];
  readonly prior: Prior;
  readonly human: NamedMixture | null;
  /** M laws that the targets of simulated runs were drawn from, null = not known; absent when none is. */
  readonly truth?: readonly (LawModel | null)[];
  /** Models that were fitted elsewhere, at most one a target; absent when there are none. */
  readonly imported?: readonly ImportedModel[];
}
