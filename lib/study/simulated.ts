import type { Domain, Target } from './types';

/**
 * The ground truth of the simulated study that the page opens with. Stated here, apart from the
 * script that draws its runs, so that tests can ask what the best mixture really is.
 */
export const simulatedDomains: readonly Domain[] = [
  { id: 'web', name: 'Web' },
  { id: 'wikipedia', name: 'Wikipedia' },
  { id: 'books', name: 'Books' },
  { id: 'papers', name: 'Papers' },
  { id: 'code', name: 'Code' },
  { id: 'forums', name: 'Forums' },
  { id: 'news', name: 'News' },
  { id: 'law', name: 'Law' },
];

/** Share of all tokens per domain; sums to 1. */
export const simulatedPrior: readonly number[] = [0.36, 0.05, 0.12, 0.17, 0.14, 0.06, 0.07, 0.03];

/** Tokens at hand per domain, for 25 billion requested tokens: rare domains bind at four epochs. */
export const simulatedTokens: readonly number[] = [
  2.6e9, 0.9e9, 1.4e9, 8e9, 7e9, 0.75e9, 1.1e9, 1.5e9,
];

export const simulatedTargets: readonly Target[] = [
  { id: 'web', name: 'Web loss', unit: 'nats per token', direction: 'lower' },
  { id: 'wikipedia', name: 'Wikipedia loss', unit: 'nats per token', direction: 'lower' },
  { id: 'papers', name: 'Papers loss', unit: 'nats per token', direction: 'lower' },
  { id: 'code', name: 'Code loss', unit: 'nats per token', direction: 'lower' },
  { id: 'reading_accuracy', name: 'Reading accuracy', unit: 'accuracy', direction: 'higher' },
];

interface Law {
  readonly floor: number;
  readonly base: number;
  readonly power: number;
  /** a_i, value of a domain's data for the target. */
  readonly value: readonly number[];
  /** b_i, how soon its returns diminish. */
  readonly returns: readonly number[];
}

const laws: readonly Law[] = [
  {
    floor: 2.1,
    base: 0.16,
    power: 0.55,
    value: [0.9, 0.34, 0.4, 0.12, 0.05, 0.46, 0.52, 0.08],
    returns: [0.78, 0.5, 0.62, 0.55, 0.5, 0.55, 0.6, 0.5],
  },
  {
    floor: 1.9,
    base: 0.14,
    power: 0.6,
    value: [0.42, 1.05, 0.38, 0.24, 0.05, 0.2, 0.4, 0.16],
    returns: [0.6, 0.74, 0.55, 0.5, 0.5, 0.5, 0.55, 0.5],
  },
  {
    floor: 1.8,
    base: 0.15,
    power: 0.58,
    value: [0.2, 0.35, 0.22, 1.1, 0.24, 0.16, 0.14, 0.2],
    returns: [0.55, 0.55, 0.5, 0.72, 0.5, 0.5, 0.5, 0.5],
  },
  {
    floor: 1.1,
    base: 0.2,
    power: 0.5,
    value: [0.14, 0.08, 0.06, 0.2, 1.25, 0.38, 0.05, 0.04],
    returns: [0.5, 0.5, 0.5, 0.5, 0.66, 0.55, 0.5, 0.5],
  },
];

/**
 * @param mixture D weights, summing to 1
 * @returns one noise-free value per target of {@link simulatedTargets}
 */
export function simulatedTruth(mixture: Float64Array): number[] {
  const losses = laws.map((law) => {
    let data = law.base;
    law.value.forEach((value, domain) => {
      data += value * (mixture[domain] + 1e-4) ** law.returns[domain];
    });
    return law.floor + data ** -law.power;
  });
  return [...losses, 0.62 - 0.16 * (losses[0] - 3)];
}
