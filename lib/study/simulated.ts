import type { LawModel } from '../model/regressor';
import type { Domain, Target } from '../model/study';

/**
 * The ground truth of the simulated study. Separate from the script that draws its runs, so that the page and
 * tests can compute the true best mixture.
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

/** Tokens available per domain, for 25 billion requested tokens: rare domains bind at four epochs. */
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

/** Keeps powers of an absent domain finite. */
const offset = 1e-4;

const web = law({
  constant: 2.1,
  base: 0.16,
  exponent: 0.55,
  amounts: [0.9, 0.34, 0.4, 0.12, 0.05, 0.46, 0.52, 0.08],
  powers: [0.78, 0.5, 0.62, 0.55, 0.5, 0.55, 0.6, 0.5],
});

/**
 * The laws behind the targets of {@link simulatedTargets}, in their order; amounts and powers are in the
 * order of {@link simulatedDomains}.
 */
export const simulatedLaws: readonly LawModel[] = [
  web,
  law({
    constant: 1.9,
    base: 0.14,
    exponent: 0.6,
    amounts: [0.42, 1.05, 0.38, 0.24, 0.05, 0.2, 0.4, 0.16],
    powers: [0.6, 0.74, 0.55, 0.5, 0.5, 0.5, 0.55, 0.5],
  }),
  law({
    constant: 1.8,
    base: 0.15,
    exponent: 0.58,
    amounts: [0.2, 0.35, 0.22, 1.1, 0.24, 0.16, 0.14, 0.2],
    powers: [0.55, 0.55, 0.5, 0.72, 0.5, 0.5, 0.5, 0.5],
  }),
  law({
    constant: 1.1,
    base: 0.2,
    exponent: 0.5,
    amounts: [0.14, 0.08, 0.06, 0.2, 1.25, 0.38, 0.05, 0.04],
    powers: [0.5, 0.5, 0.5, 0.5, 0.66, 0.55, 0.5, 0.5],
  }),
  scoreThatFollows(web, 0.62, 3, 0.16),
];

function law({
  amounts,
  powers,
  ...numbers
}: Pick<LawModel, 'constant' | 'base' | 'exponent'> & {
  amounts: readonly number[];
  powers: readonly number[];
}): LawModel {
  return {
    kind: 'law',
    sign: 1,
    ...numbers,
    amounts: Float64Array.from(amounts),
    powers: Float64Array.from(powers),
    offset,
  };
}

/** The law of the score `at - slope * (loss - where)`: falling in a loss, it rises with its data. */
function scoreThatFollows(loss: LawModel, at: number, where: number, slope: number): LawModel {
  // slope * data^-exponent = (data * slope^(-1 / exponent))^-exponent.
  const factor = slope ** (-1 / loss.exponent);
  return {
    ...loss,
    sign: -1,
    constant: at - slope * (loss.constant - where),
    base: factor * loss.base,
    amounts: loss.amounts.map((amount) => factor * amount),
  };
}
