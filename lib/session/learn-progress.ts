/** What a reader did in the guided tour, as it is kept between visits. */
import * as v from 'valibot';
import { parseJson } from '../model/json';

/** A proxy that the reader trained. */
interface TrainedProxy {
  readonly id: string;
  /** D weights, in the order of the tour's domains. */
  readonly mixture: readonly number[];
  /** Loss on the target's validation text, bits per byte. */
  readonly loss: number;
  /** Steps and training losses, bits per byte. */
  readonly curve: readonly (readonly [number, number])[];
}

/** The population that the reader trained. */
export interface TrainedPopulation {
  /** Of each proxy. */
  readonly tokens: number;
  readonly steps: number;
  readonly proxies: readonly TrainedProxy[];
}

/** What a reader did, by step. */
export interface LearnProgress {
  /** Id of the step reached; empty at first. */
  readonly step: string;
  /** Ids of the steps done. */
  readonly done: readonly string[];
  /** The reader's mixture, D weights; null = the prior. */
  readonly yours: readonly number[] | null;
  /** The loss guessed, and whether it was compared. */
  readonly guess: { readonly loss: number; readonly isShown: boolean } | null;
  readonly draw: { readonly concentration: number; readonly seed: number } | null;
  /** Number of runs fitted to, number of terms, and the seed that picks the runs. */
  readonly fit: { readonly runs: number; readonly terms: number; readonly seed: number } | null;
  readonly isOptimumShown: boolean;
  /** Tokens at hand of the target's domain; null = no limit. */
  readonly tokens: number | null;
  /** How many of the best mixtures larger proxies share, as guessed; empty = not yet. */
  readonly agreement: string;
  /** Claims opened. */
  readonly insights: readonly string[];
  readonly trained: TrainedPopulation | null;
}

export const noProgress: LearnProgress = {
  step: '',
  done: [],
  yours: null,
  guess: null,
  draw: null,
  fit: null,
  isOptimumShown: false,
  tokens: null,
  agreement: '',
  insights: [],
  trained: null,
};

/** Increased whenever what is kept changes its meaning: older progress is then dropped. */
const version = 1;
/** More would be no progress of ours. */
const maxCharacters = 1_000_000;
const maxProxies = 128;
const maxCurvePoints = 200;

const word = v.pipe(v.string(), v.maxLength(40));
const words = v.pipe(v.array(word), v.maxLength(40));
const weight = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const loss = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e12));
const step = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12));
const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));

function schemaFor(domains: number) {
  const weights = v.pipe(v.array(weight), v.length(domains));
  const mixture = v.pipe(
    weights,
    v.check((shares) => Math.abs(shares.reduce((sum, each) => sum + each, 0) - 1) < 1e-6),
  );
  const proxy = v.object({
    id: word,
    // Drawn mixtures are rounded, and sum to 1 about.
    mixture: weights,
    loss,
    curve: v.pipe(v.array(v.tuple([step, loss])), v.maxLength(maxCurvePoints)),
  });
  const trained = v.object({
    tokens: count,
    steps: count,
    proxies: v.pipe(v.array(proxy), v.minLength(1), v.maxLength(maxProxies)),
  });
  const kept = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema);
  return v.object({
    step: v.fallback(word, ''),
    done: v.fallback(words, []),
    yours: v.fallback(kept(mixture), null),
    guess: v.fallback(kept(v.object({ loss, isShown: v.boolean() })), null),
    draw: v.fallback(
      kept(
        v.object({
          concentration: v.pipe(v.number(), v.minValue(1e-3), v.maxValue(1e3)),
          seed,
        }),
      ),
      null,
    ),
    fit: v.fallback(kept(v.object({ runs: count, terms: count, seed })), null),
    isOptimumShown: v.fallback(v.boolean(), false),
    tokens: v.fallback(kept(v.pipe(v.number(), v.minValue(0), v.maxValue(1e15))), null),
    agreement: v.fallback(v.pipe(v.string(), v.regex(/^[0-5]?$/)), ''),
    insights: v.fallback(words, []),
    trained: v.fallback(kept(trained), null),
  });
}

/** The progress as text to store. */
export function progressToText(progress: LearnProgress): string {
  return JSON.stringify({ version, ...progress });
}

/**
 * Reads stored progress, which anything may have written: a part that is damaged reads as not done, and text
 * of another version as nothing.
 *
 * @param domains number of the tour's domains
 */
export function parseProgress(text: string | null, domains: number): LearnProgress {
  if (text === null || text.length > maxCharacters) return noProgress;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return noProgress;
  }
  if (!v.is(v.object({ version: v.literal(version) }), value)) return noProgress;
  const parsed = v.safeParse(schemaFor(domains), value);
  return parsed.success ? parsed.output : noProgress;
}
