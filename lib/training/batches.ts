import { mixed, uniform } from './draws';
import type { MixturePhase } from './engine';

/** Fractional part of the golden ratio: its multiples fill [0, 1) as evenly as multiples can. */
const golden = (Math.sqrt(5) - 1) / 2;

/** The training text of every domain: tokens 0 to 256, in the order of the mixture. */
export type DomainTokens = readonly Uint16Array[];

/**
 * The batches of one proxy as a pure function of its mixture, its seed and the step. Row n of training
 * comes from the domain whose stretch of [0, 1) holds (start + n golden) mod 1: over any number of rows
 * a domain gets its weight to within a few rows, and its weight exactly in expectation over seeds. Where
 * the row begins in the domain's text is uniform.
 */
export interface Batches {
  /**
   * Writes a batch of `rows` x (`context` + 1) tokens: every row's inputs and, one further, its targets.
   *
   * @param into at least that many from `offset`
   */
  fill(step: number, into: Int32Array, offset: number): void;
  /** The domain of a row. */
  domainOf(step: number, row: number): number;
}

/**
 * @param tokens one non-empty stream per domain that has weight
 * @param mixture D weights >= 0 that sum to about 1
 * @param seed whole number; proxies with the same seed see the same text wherever their mixtures agree
 * @param schedule mixtures that follow `mixture`, by ascending steps
 * @throws RangeError when a domain with weight has no tokens
 */
export function createBatches(
  tokens: DomainTokens,
  mixture: Float64Array,
  seed: number,
  { rows, context }: { readonly rows: number; readonly context: number },
  schedule: readonly MixturePhase[] = [],
): Batches {
  const phases = [{ from: 0, mixture }, ...schedule].map((phase) => ({
    from: phase.from,
    ...stretches(tokens, phase.mixture),
  }));
  const start = uniform(seed, 0x5eed);

  function domainOf(step: number, row: number): number {
    const place = (start + (step * rows + row) * golden) % 1;
    const phase = phases.findLastIndex(({ from }) => from <= step);
    const { ends, last } = phases[Math.max(0, phase)];
    const domain = ends.findIndex((end) => place < end);
    // Sums of weights may end a hair below 1.
    return domain < 0 ? last : domain;
  }

  return {
    domainOf,
    fill(step, into, offset) {
      let at = offset;
      for (let row = 0; row < rows; row++) {
        const text = tokens[domainOf(step, row)];
        const first = mixed(seed, step, row) % text.length;
        for (let token = 0; token <= context; token++) {
          into[at++] = text[(first + token) % text.length];
        }
      }
    },
  };
}

/** Where each domain's stretch of [0, 1) ends, and the last domain that has one. */
function stretches(tokens: DomainTokens, mixture: Float64Array) {
  mixture.forEach((weight, domain) => {
    if (weight > 0 && !(tokens[domain]?.length > 0)) {
      throw new RangeError(`domain ${domain} has weight ${weight} and no tokens`);
    }
  });
  const total = mixture.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const ends = mixture.map((weight) => {
    reached += weight / total;
    return reached;
  });
  return { ends, last: mixture.findLastIndex((weight) => weight > 0) };
}
