/** Random mixtures: the Dirichlet distribution, and RegMix's sampler of proxy mixtures over it. */
import { power } from '../model/elementary';
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import { fromRows, type Matrix, zeros } from '../model/matrix';
import { createRandomStream } from '../model/random';

/** How the mixtures that proxies train on are drawn. */
export interface ProxyMixtureOptions {
  /** Number of mixtures, >= 1. */
  readonly count: number;
  readonly seed: number;
  /** Exponent that flattens the prior before sampling, 0..1. */
  readonly temperature: number;
  /** Dirichlet concentrations, spaced evenly in their logarithm. */
  readonly concentrations: {
    readonly least: number;
    readonly most: number;
    readonly steps: number;
  };
  /** Largest weight as a multiple of the prior's, > 0; null = none. */
  readonly maximumUsage: number | null;
  /** D further upper bounds of weights; null = none. */
  readonly caps: Float64Array | null;
  /** Smallest weight above 0, and what weights are whole multiples of; 1 / minimum is a whole number. */
  readonly minimum: number;
  /** Whether the prior itself comes first. */
  readonly includePrior: boolean;
  /** Whether each domain alone comes next, where the caps allow it. */
  readonly includeSingles: boolean;
}

/** The published script's choices (Liu et al. 2024, section 3.1 and its code). */
export const regmixSampling = {
  temperature: 0.5,
  concentrations: { least: 0.1, most: 5, steps: 15 },
  maximumUsage: 15,
  caps: null,
  minimum: 2e-4,
  includePrior: false,
  includeSingles: false,
} as const;

/** Draws per requested mixture. */
const oversampling = 100;
/** Draws between two progress reports. */
const chunk = 1_000;

/**
 * RegMix's sampler of proxy mixtures: draws from Dirichlet(s p) around the tempered prior p, with s from
 * log-spaced concentrations; those above a cap are rejected, small weights set to 0, the others rounded; the
 * result is drawn from the distinct mixtures left.
 *
 * @param prior D weights > 0 somewhere, summing to about 1
 * @returns count x D, weights in whole multiples of `minimum` that sum to exactly 1
 * @throws StageError when the caps leave too few mixtures
 */
export function* sampleProxyMixtures(
  prior: Float64Array,
  options: ProxyMixtureOptions,
): Job<Matrix> {
  const { count, seed, minimum, maximumUsage } = options;
  const total = prior.reduce((sum, weight) => sum + weight, 0);
  const upper = prior.map((weight, domain) => {
    const usage = maximumUsage === null ? 1 : (maximumUsage * weight) / total;
    return Math.min(1, usage, options.caps?.[domain] ?? 1);
  });
  const tempered = prior.map((weight) => (weight > 0 ? power(weight, options.temperature) : 0));
  const temperedTotal = tempered.reduce((sum, weight) => sum + weight, 0);
  const parts = Math.round(1 / minimum);
  const stream = createRandomStream(seed);
  const first = firstMixtures(prior, upper, options, parts);
  const known = new Set(first.map((mixture) => mixture.join(' ')));
  const left: Int32Array[] = [];
  const draws = oversampling * count;
  for (let draw = 0; draw < draws; draw++) {
    if (draw % chunk === 0) yield { done: draw, total: draws, unit: 'mixtures' };
    const strength = concentrationOf(options.concentrations, stream.uniform());
    const raw = tempered.map((weight) => stream.gamma((strength * weight) / temperedTotal));
    const rounded = roundMixture(raw, parts);
    if (!rounded || rounded.some((units, domain) => units > upper[domain] * parts + 1e-9)) continue;
    const name = rounded.join(' ');
    if (known.has(name)) continue;
    known.add(name);
    left.push(rounded);
  }
  const wanted = Math.max(0, count - first.length);
  if (left.length < wanted) {
    throw new StageError(
      'mixtures',
      `Of ${draws.toLocaleString('en')} mixtures drawn, only ${left.length} are within the caps; ${wanted} are needed.`,
      'Raise the caps, or draw fewer mixtures.',
    );
  }
  // A partial shuffle: every mixture that is left is as likely as any other.
  for (let place = 0; place < wanted; place++) {
    const other = place + Math.floor(stream.uniform() * (left.length - place));
    [left[place], left[other]] = [left[other], left[place]];
  }
  const chosen = [...first.slice(0, count), ...left.slice(0, wanted)];
  return fromRows(chosen.map((units) => Float64Array.from(units, (unit) => unit / parts)));
}

/** One of the log-spaced concentrations. @param at uniform in [0, 1) */
function concentrationOf(
  { least, most, steps }: ProxyMixtureOptions['concentrations'],
  at: number,
): number {
  if (steps === 1) return least;
  const step = Math.floor(at * steps);
  return least * power(most / least, step / (steps - 1));
}

/** In units of 1 / parts: what is below one unit is 0, the rest rounded by the largest remainder; null when nothing is left. */
function roundMixture(raw: Float64Array, parts: number): Int32Array | null {
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const large = raw.map((weight) => (weight * parts >= total ? weight : 0));
  const rest = large.reduce((sum, weight) => sum + weight, 0);
  if (!(rest > 0)) return null;
  const exact = large.map((weight) => (weight * parts) / rest);
  const units = Int32Array.from(exact, Math.floor);
  const missing = parts - units.reduce((sum, unit) => sum + unit, 0);
  Array.from(exact.keys())
    .filter((domain) => large[domain] > 0)
    .sort((a, b) => (exact[b] % 1) - (exact[a] % 1) || a - b)
    .slice(0, missing)
    .forEach((domain) => {
      units[domain]++;
    });
  return units;
}

/** The prior and the single domains, where they are asked for and the caps allow them. */
function firstMixtures(
  prior: Float64Array,
  upper: Float64Array,
  { includePrior, includeSingles }: ProxyMixtureOptions,
  parts: number,
): Int32Array[] {
  const out: Int32Array[] = [];
  const asIs = includePrior ? roundMixture(prior, parts) : null;
  if (asIs) out.push(asIs);
  if (includeSingles) {
    prior.forEach((_, domain) => {
      if (upper[domain] < 1) return;
      const alone = new Int32Array(prior.length);
      alone[domain] = parts;
      out.push(alone);
    });
  }
  return out;
}

/** Rows drawn between two reports: a few milliseconds of work. */
const rowsPerReport = 1_000;
/** Below it, one divided by the total is no longer a finite double. */
const smallestTotal = 1e-300;

/**
 * Draws mixtures from a Dirichlet distribution exactly as `numpy.random.seed(seed);
 * numpy.random.dirichlet(concentration, count)` does, with which RegMix simulates mixtures
 * (its regression notebook).
 *
 * @param concentration D values >= 0, not all 0; a domain of concentration 0 gets no weight
 * @returns count x D, rows >= 0 that sum to 1
 */
export function* sampleDirichlet(
  concentration: Float64Array,
  count: number,
  seed: number,
): Job<Matrix> {
  const stream = createRandomStream(seed);
  const mixtures = zeros(count, concentration.length);
  const { values, columns } = mixtures;
  for (let row = 0; row < count; row++) {
    const start = row * columns;
    let total = 0;
    // With tiny concentrations every gamma can underflow: draw again.
    while (total < smallestTotal) {
      total = 0;
      for (let domain = 0; domain < columns; domain++) {
        const drawn = stream.gamma(concentration[domain]);
        values[start + domain] = drawn;
        total += drawn;
      }
    }
    const scale = 1 / total;
    for (let domain = 0; domain < columns; domain++) values[start + domain] *= scale;
    if (row % rowsPerReport === 0) yield { done: row, total: count, unit: 'mixtures' };
  }
  return mixtures;
}
