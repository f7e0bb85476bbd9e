import type { FinishedRun } from '../training/checkpoints';
import { type PairedDifference, pairedDifference } from './paired';
import { partsOfId } from './plan';

/** A loss on the way or at the end. */
export interface VerifyPoint {
  readonly candidate: string;
  readonly seed: number;
  /** Steps done. */
  readonly step: number;
  /** One per target, bits per byte. */
  readonly losses: readonly number[];
}

/** Every evaluation of every model of a verification; models of something else are left out. */
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

/** Mean and spread over seeds of a candidate's loss on the way. */
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
