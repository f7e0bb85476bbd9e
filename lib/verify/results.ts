/** Results of trained candidates: points per seed, courses, differences and the verdict. */

import * as v from 'valibot';
import { formatNumber, plural } from '../model/format';
import { spearman } from '../model/statistics';
import type { FinishedRun } from '../training/checkpoints';
import { type PairedDifference, pairedDifference } from './paired';
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

/**
 * By how much one candidate's final loss on a target is below another's.
 *
 * @param step the last one
 */
export function finalDifference(
  points: readonly VerifyPoint[],
  candidate: string,
  other: string,
  step: number,
  target: number,
): PairedDifference {
  return pairedDifference(
    bySeed(points, candidate, step, target),
    bySeed(points, other, step, target),
  );
}

/** What is compared, on which target. */
interface Compared {
  /** `the optimum`, `the prior`. */
  readonly candidate: string;
  readonly other: string;
  /** `Spanish loss`. */
  readonly target: string;
  readonly unit: string;
}

/** The outcome: `open` when the interval contains zero or is unknown. */
export function outcomeOf({ interval: [low, high] }: PairedDifference): 'wins' | 'loses' | 'open' {
  if (low > 0) return 'wins';
  return high < 0 ? 'loses' : 'open';
}

/**
 * A paired difference in a sentence that claims no more than its interval shows.
 *
 * @param unit of the target, `bits per byte`
 */
export function verdictText(
  difference: PairedDifference,
  { candidate, other, target, unit }: Compared,
): string {
  const { n, mean, half, level } = difference;
  const subject = `${candidate.charAt(0).toUpperCase()}${candidate.slice(1)}`;
  const seeds = plural(n, 'seed');
  const size = formatNumber(Math.abs(mean), 3);
  if (n === 0) return `${subject} and ${other} have no seed in common yet.`;
  const way = mean > 0 ? 'lower' : 'higher';
  if (n === 1) {
    return `${subject} is ${size} ${unit} ${way} than ${other} on ${target} with one seed: chance may have done it, train two at least.`;
  }
  const amount = `${size} ± ${formatNumber(half, 3)} ${unit} on ${target}`;
  const basis = `${formatNumber(100 * level, 0)}% interval over ${seeds}`;
  switch (outcomeOf(difference)) {
    case 'wins':
      return `${subject} beats ${other} by ${amount} (${basis}).`;
    case 'loses':
      return `${subject} loses to ${other} by ${amount} (${basis}).`;
    case 'open':
      return `${subject} and ${other} cannot be told apart on ${target}: ${candidate} is ${size} ± ${formatNumber(half, 3)} ${unit} ${way} (${basis}, which holds zero).`;
  }
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
  tokens: v.number(),
  seeds: v.number(),
  candidates: v.array(
    v.object({
      id: v.string(),
      /** By domain, summing to 1. */
      mixture: v.record(v.string(), v.number()),
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
      /** Half the length of the 95% interval. */
      half: v.number(),
      /** The same in a sentence. */
      verdict: v.string(),
    }),
  ),
});

export type RecordedVerification = v.InferOutput<typeof recordedSchema>;

/** Reads a recorded verification. @throws ValiError when the text is not one */
export function readRecorded(text: string): RecordedVerification {
  return v.parse(recordedSchema, JSON.parse(text));
}
