/** Results of trained candidates: points per seed, courses, differences and the verdict. */

import * as v from 'valibot';
import { formatList, formatNumber, plural } from '../model/format';
import { parseJson } from '../model/json';
import { spearman } from '../model/statistics';
import type { FinishedRun } from '../training/checkpoints';
import {
  alwaysValidHalf,
  holm,
  type PairedDifference,
  pairedDifference,
  studentHalf,
  studentP,
} from './paired';
import { partsOfId } from './plan';

/** Losses at one evaluation. */
export interface VerifyPoint {
  readonly candidate: string;
  readonly seed: number;
  /** Steps done. */
  readonly step: number;
  /** One per target, bits per byte. */
  readonly losses: readonly number[];
}

/** Every evaluation of every model of a verification; other models are ignored. */
export function pointsOf(runs: readonly Pick<FinishedRun, 'id' | 'evaluations'>[]): VerifyPoint[] {
  return runs.flatMap(({ id, evaluations }) => {
    const parts = partsOfId(id);
    if (!parts) return [];
    return evaluations.map(({ step, losses }) => ({
      ...parts,
      step,
      losses: losses.map((nats) => nats / Math.LN2),
    }));
  });
}

/** Losses of a candidate on a target after a step, by seed. */
export function bySeed(
  points: readonly VerifyPoint[],
  candidate: string,
  step: number,
  target: number,
): Map<number, number> {
  const own = points.filter((point) => point.candidate === candidate && point.step === step);
  return new Map(own.map(({ seed, losses }) => [seed, losses[target]]));
}

/** Mean and spread over seeds of a candidate's loss at one step. */
export interface CourseStep {
  readonly step: number;
  readonly n: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** How a candidate's loss on a target falls, over the steps after which it was measured, ascending. */
export function courseOf(
  points: readonly VerifyPoint[],
  candidate: string,
  target: number,
): CourseStep[] {
  const own = points.filter((point) => point.candidate === candidate);
  const steps = [...new Set(own.map(({ step }) => step))].sort((a, b) => a - b);
  return steps.map((step) => {
    const values = own.filter((point) => point.step === step).map(({ losses }) => losses[target]);
    return {
      step,
      n: values.length,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      least: Math.min(...values),
      most: Math.max(...values),
    };
  });
}

/** How many of all planned verifications may give any false verdict. */
const verdictError = 0.05;
/**
 * The same for intervals shown earlier, over all looks: so little that looks and the verdict together stay
 * near {@link verdictError}.
 */
const lookError = 0.01;
/** With fewer seeds Student's t is so wide that only large differences show. */
const fewSeeds = 4;

/** A candidate and how it is called in sentences. */
interface Named {
  readonly id: string;
  /** `the optimum`. */
  readonly name: string;
}

/** The first candidate against another, by seed. */
export interface Comparison extends PairedDifference {
  readonly candidate: string;
  readonly other: string;
  /** Half the length of the interval; Infinity or NaN with too few seeds for one. */
  readonly half: number;
  /** mean +- half. */
  readonly interval: readonly [number, number];
  /** How surely the intervals of all comparisons hold their true differences together, 0..1. */
  readonly level: number;
  /** Holm's p, 0..1; NaN before all planned seeds are done, and with one seed. */
  readonly adjustedP: number;
  /** By Holm's p; `open` before there is one. */
  readonly outcome: 'wins' | 'loses' | 'open';
}

/** What a verification says so far. */
export interface Judgement {
  /** Whether every planned seed is done for every candidate. */
  readonly complete: boolean;
  /** Seeds that are done for every candidate. */
  readonly seedsDone: number;
  readonly comparisons: readonly Comparison[];
  /** One sentence, which names no winner before all planned seeds are done. */
  readonly verdict: string;
}

/**
 * Compares the first candidate with each of the others. The verdict is given once, when all planned seeds
 * are done, by Student's paired tests corrected for their number (Holm 1979); intervals then are Student's
 * at 95% for all of them together (Bonferroni: Holm's test has no interval of its own, so it can tell apart
 * what its interval does not). Before, intervals are of a confidence sequence, so that looking is free.
 *
 * @param candidates two at least
 * @param planned number of seeds, >= 1, decided before any result was seen
 * @param step the last one
 * @param target index of the loss, and its name: `Spanish loss`
 */
export function judge(
  points: readonly VerifyPoint[],
  candidates: readonly Named[],
  planned: number,
  step: number,
  target: { readonly place: number; readonly name: string },
): Judgement {
  const [first, ...others] = candidates;
  const lossesOf = ({ id }: Named) => bySeed(points, id, step, target.place);
  const differences = others.map((other) => pairedDifference(lossesOf(first), lossesOf(other)));
  const seedsDone = Math.min(...differences.map(({ n }) => n));
  const complete = seedsDone >= planned;
  const tested = complete && planned > 1;
  const adjusted = holm(differences.map(studentP));
  const error = complete ? verdictError : lookError;
  const comparisons = differences.map((difference, place): Comparison => {
    const each = 1 - error / differences.length;
    const half = (complete ? studentHalf : alwaysValidHalf)(difference, each);
    const { mean } = difference;
    const differs = tested && adjusted[place] <= verdictError;
    return {
      ...difference,
      candidate: first.id,
      other: others[place].id,
      half,
      interval: [mean - half, mean + half],
      level: 1 - error,
      adjustedP: tested ? adjusted[place] : Number.NaN,
      outcome: differs ? (mean > 0 ? 'wins' : 'loses') : 'open',
    };
  });
  return {
    complete,
    seedsDone,
    comparisons,
    verdict: complete
      ? verdictText(first, others, comparisons, target.name)
      : `No verdict yet: ${seedsDone} of ${plural(planned, 'seed')} ${seedsDone === 1 ? 'is' : 'are'} done. Until then, intervals allow for a look after every seed.`,
  };
}

/** The outcome of a verification whose planned seeds are done, in a sentence. */
function verdictText(
  first: Named,
  others: readonly Named[],
  comparisons: readonly Comparison[],
  target: string,
): string {
  const [{ n }] = comparisons;
  if (n < 2) return 'No verdict: one seed may be chance; train at least two.';
  const namesOf = (outcome: Comparison['outcome']) =>
    formatList(others.filter((_, place) => comparisons[place].outcome === outcome).map(named));
  const said = [
    ['beats', namesOf('wins')],
    ['loses to', namesOf('loses')],
    ['does not differ significantly from', namesOf('open')],
  ]
    .filter(([, names]) => names !== '')
    .map((parts) => parts.join(' '));
  const subject = `${first.name.charAt(0).toUpperCase()}${first.name.slice(1)}`;
  const count = comparisons.length;
  const test = count > 1 ? `Holm’s test of ${count} comparisons` : 'Student’s paired test';
  const isWeak = n < fewSeeds && comparisons.some(({ outcome }) => outcome === 'open');
  const weakness = isWeak ? ' So few seeds show only large differences.' : '';
  return `${subject} ${said.join(', and ')} on ${target} (${plural(n, 'seed')}, ${test} at 5%).${weakness}`;
}

function named({ name }: Named): string {
  return name;
}

/** What the interval of a comparison is: its level, and what it allows for. */
export function intervalName(complete: boolean): string {
  return complete ? '95% for all together' : '99% at every look';
}

/** An interval of a comparison, or that there are too few seeds for one. */
export function intervalText({ half, interval: [low, high] }: Comparison): string {
  return Number.isFinite(half)
    ? `${formatNumber(low, 3)} to ${formatNumber(high, 3)}`
    : 'too few seeds';
}

/** Holm's p of a comparison; empty before there is one. */
export function adjustedPText({ adjustedP }: Comparison): string {
  if (Number.isNaN(adjustedP)) return '';
  return adjustedP < 0.001 ? '< 0.001' : formatNumber(adjustedP, 3);
}

/** Whether two sizes of models rank mixtures alike. */
export interface RankInvariance {
  readonly n: number;
  /** Spearman's; NaN with fewer than two mixtures or equal losses. */
  readonly rho: number;
  /** NaN with fewer than four mixtures. */
  readonly interval: readonly [number, number];
}

/** Two-sided 95% critical value of the normal distribution. */
const normalCritical = 1.959964;

/**
 * Spearman's rho of the losses of the same mixtures at two sizes, with Fisher's z interval (95%) on the
 * variance (1 + rho^2 / 2) / (n - 3) of Bonett and Wright (2000). It is rough below ten mixtures, and a
 * rho of exactly one gets the interval of the largest rho below it that n ranks can have.
 */
export function rankInvariance(small: readonly number[], large: readonly number[]): RankInvariance {
  const n = small.length;
  const rho = n < 2 ? Number.NaN : spearman(small, large);
  if (n < 4 || !Number.isFinite(rho)) return { n, rho, interval: [Number.NaN, Number.NaN] };
  // Rho with two neighbouring ranks swapped: the smallest possible difference without ties.
  const nextToOne = 1 - 12 / (n * (n * n - 1));
  const inside = Math.sign(rho) * Math.min(Math.abs(rho), nextToOne);
  const reach = normalCritical * Math.sqrt((1 + inside ** 2 / 2) / (n - 3));
  const low = Math.tanh(Math.atanh(inside) - reach);
  const high = Math.tanh(Math.atanh(inside) + reach);
  return { n, rho, interval: [Math.min(low, rho), Math.max(high, rho)] };
}

/** The part of the output of `regmix verify --json` that the page shows. */
const recordedSchema = v.object({
  target: v.string(),
  unit: v.string(),
  parameters: v.number(),
  /** Of the proxies whose optimum was trained. */
  proxyParameters: v.number(),
  tokens: v.number(),
  seeds: v.number(),
  candidates: v.array(
    v.object({
      id: v.string(),
      /** By domain, summing to 1. */
      mixture: v.record(v.string(), v.number()),
      /** Loss on the target, by seed. */
      losses: v.record(v.string(), v.number()),
      /** Mean over seeds, by domain. */
      meansByDomain: v.record(v.string(), v.number()),
    }),
  ),
  comparisons: v.array(
    v.object({
      candidate: v.string(),
      other: v.string(),
      /** Mean of other - candidate over the seeds. */
      mean: v.number(),
      /** Half the length of its interval, 95% for all comparisons together. */
      half: v.number(),
      /** Holm's p. */
      adjustedP: v.number(),
      outcome: v.picklist(['wins', 'loses', 'open']),
    }),
  ),
  /** The outcome in a sentence. */
  verdict: v.string(),
});

export type RecordedVerification = v.InferOutput<typeof recordedSchema>;

/** Reads a recorded verification. @throws ValiError when the text is not one */
export function readRecorded(text: string): RecordedVerification {
  return v.parse(recordedSchema, parseJson(text));
}
