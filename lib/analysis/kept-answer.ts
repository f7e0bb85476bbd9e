/** The answer of the last visit, kept so that a study opened again shows it while it is found anew. */
import { parseJson } from '../model/json';
import type {
  Advice,
  AtOptimum,
  Coverage,
  LimitsCost,
  Optimum,
  OptimumReport,
} from '../model/limits';
import type { Session } from '../session/study-store';
import { revisionOf } from '../study/identity';
import { type Correction, chosenModels, type Solved } from './analysis-store';
import { importedModel, targetShares } from './keys';
import { questionOf } from './plan';

/** An answer, and what it answers. */
interface Answer {
  readonly report: OptimumReport;
  readonly solved: Solved;
  readonly advice: Advice | null;
  /** Of this very question; null while it is not known. */
  readonly correction: Correction | null;
}

/** Keeps the last answer. */
export interface AnswerMemory {
  keep(session: Session, answer: Answer): void;
  /** null unless it was found for the same runs, settings and limits. */
  recall(session: Session): Answer | null;
}

/** Raised when the form of what is kept changes. */
const version = 2;
/** Characters of an answer that is kept; one on 2,000 domains has some 300,000. */
const longest = 1_000_000;

/**
 * Identifies what the answer of a session depends on: equal keys have equal answers. The name of the study, kept
 * attempts and other targets do not count.
 */
export function answerKey(session: Session): string {
  const { study, settings } = session;
  const { objective, regressor, minRowsPerLeaf, engine, samples, topK, seed, constraints } =
    settings;
  const parts = [
    version,
    revisionOf(study),
    settings.target,
    [objective, regressor, minRowsPerLeaf, engine, samples, topK, seed, constraints],
    settings.yours,
    Array.from(study.prior.weights),
    study.human && Array.from(study.human.weights),
    regressor === 'imported'
      ? targetShares(session).map(({ target }) => importedModel(study, target)?.id)
      : null,
  ];
  // Settings read from a file may name the same in another order.
  return JSON.stringify(parts, (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** @param stored one text; reading it gives null where there is none */
export function createAnswerMemory(stored: {
  get(): string | null;
  set(text: string | null): void;
}): AnswerMemory {
  return {
    keep(session, { report, advice, correction }) {
      const at = correction?.at ?? null;
      const text = JSON.stringify({ key: answerKey(session), report, advice, at }, (_, value) =>
        value instanceof Float64Array ? Array.from(value) : value,
      );
      stored.set(text.length > longest ? null : text);
    },
    recall(session) {
      const text = stored.get();
      if (text === null || text.length > longest) return null;
      try {
        const { key, report, advice, at } = recordOf(parseJson(text));
        if (key !== answerKey(session)) return null;
        const solved = questionOf(session, chosenModels(session, new Map()));
        const size = {
          domains: session.study.domains.length,
          runs: session.study.training.ids.length,
          terms: solved.terms.length,
        };
        const known = orNull((list) => listOf(list, size.terms).map(atOptimumOf))(at);
        return {
          report: reportOf(report, size),
          solved,
          advice: orNull(adviceOf)(advice),
          correction: known && { question: solved.question, asked: solved.asked, at: known },
        };
      } catch {
        // It was damaged, or kept by another version: the answer is found anew anyway.
        return null;
      }
    },
  };
}

interface Size {
  readonly domains: number;
  readonly runs: number;
  readonly terms: number;
}

function reportOf(value: unknown, { domains, runs, terms }: Size): OptimumReport {
  const { optimum, least, coverage, prior, human, yours, prices, tokenPrices, cost } =
    recordOf(value);
  const ofTerms = (list: unknown) => numbersOf(list, terms);
  const ofDomains = (list: unknown) => Float64Array.from(numbersOf(list, domains));
  const costOf = (each: unknown): LimitsCost => {
    const { score, weights, predictions } = recordOf(each);
    return {
      score: numberOf(score),
      weights: ofDomains(weights),
      predictions: ofTerms(predictions),
    };
  };
  return {
    optimum: optimumOf(optimum, { domains, runs, terms }),
    least: Array.isArray(least) && least.length === 0 ? [] : ofTerms(least),
    coverage: coverageOf(coverage, runs),
    prior: ofTerms(prior),
    human: orNull(ofTerms)(human),
    yours: orNull(ofTerms)(yours),
    prices: orNull(ofDomains)(prices),
    tokenPrices: orNull(ofDomains)(tokenPrices),
    cost: orNull(costOf)(cost),
  };
}

const engines: readonly Optimum['engine'][] = [
  'exact',
  'gradient',
  'simulation',
  'search',
  'paper',
];

function optimumOf(value: unknown, { domains, terms }: Size): Optimum {
  const { engine, weights, predicted, predictions, score, binding, violated, notes } =
    recordOf(value);
  const places = (list: unknown) => listOf(list, domains).map((place) => indexOf(place, domains));
  const shares = numbersOf(weights, domains);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (shares.some((share) => share < -1e-9) || Math.abs(total - 1) > 1e-6) throw new TypeError();
  return {
    engine: oneOf(engines, engine),
    weights: Float64Array.from(shares),
    predicted: numberOf(predicted),
    predictions: numbersOf(predictions, terms),
    score: numberOf(score),
    binding: places(binding),
    violated: places(violated),
    notes: listOf(notes, 100).map(textOf),
  };
}

function coverageOf(value: unknown, runs: number): Coverage {
  const { distance, nearest, percentile, far, beyond } = recordOf(value);
  return {
    distance: numberOf(distance),
    nearest: indexOf(nearest, runs),
    percentile: numberOf(percentile),
    far: far === true,
    beyond: beyond === true,
  };
}

function atOptimumOf(value: unknown): AtOptimum {
  const { optimism, spread } = recordOf(value);
  return { optimism: numberOf(optimism), spread: numberOf(spread) };
}

function adviceOf(value: unknown): Advice {
  const { verb, reason, words } = recordOf(value);
  return {
    verb: oneOf(['train', 'try', 'none'] as const, verb),
    reason: textOf(reason),
    words: textOf(words),
  };
}

// Each throws a TypeError where the value is of another form.

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError();
  return { ...value };
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError();
  return value;
}

function indexOf(value: unknown, length: number): number {
  const index = numberOf(value);
  if (!Number.isInteger(index) || index < 0 || index >= length) throw new TypeError();
  return index;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError();
  return value;
}

function oneOf<Choice>(choices: readonly Choice[], value: unknown): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError();
  return found;
}

function listOf(value: unknown, longestList: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longestList) throw new TypeError();
  return value;
}

function numbersOf(value: unknown, length: number): number[] {
  const list = listOf(value, length).map(numberOf);
  if (list.length !== length) throw new TypeError();
  return list;
}

function orNull<Value>(read: (value: unknown) => Value): (value: unknown) => Value | null {
  return (value) => (value === null ? null : read(value));
}
