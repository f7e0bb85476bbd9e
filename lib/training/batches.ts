/**
 * Training batches of a proxy, as a pure function of mixture, seed and step, and the windows of validation
 * text that all proxies are evaluated on.
 */

/** Fractional part of the golden ratio: its multiples fill [0, 1) as evenly as multiples can. */
const golden = (Math.sqrt(5) - 1) / 2;

/** A mixture that is used from a step on, until the next phase begins. */
export interface MixturePhase {
  /** Steps done when it begins, >= 1. */
  readonly from: number;
  /** D weights, >= 0, summing to 1. */
  readonly mixture: Float64Array;
}

/** The training text of every domain: tokens 0 to 256, in the order of the mixture. */
export type DomainTokens = readonly Uint16Array[];

/**
 * The batches of one proxy as a pure function of its mixture, its seed and the step. Row n of training comes
 * from the domain whose interval of [0, 1) contains (start + n golden) mod 1: over any number of rows a
 * domain gets its weight to within a few rows, and its weight exactly in expectation over seeds. Where the
 * row begins in the domain's text is uniform.
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
    // Sums of weights may be slightly below 1.
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

/** Where each domain's interval of [0, 1) ends, and the last domain that has one. */
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

/**
 * Windows of a validation stream, evenly spaced over all of it, so that every proxy is evaluated on the same
 * text and all parts are represented.
 *
 * @param tokens at least context + 1
 * @param most windows at most
 * @returns windows x (context + 1) tokens
 * @throws RangeError when the stream is shorter than one window
 */
export function validationWindows(tokens: Uint16Array, context: number, most: number): Int32Array {
  const length = context + 1;
  const room = Math.floor(tokens.length / length);
  if (room < 1) {
    throw new RangeError(`${tokens.length} tokens of validation text are fewer than ${length}`);
  }
  const count = Math.min(most, room);
  const out = new Int32Array(count * length);
  for (let window = 0; window < count; window++) {
    const place = count === 1 ? 0 : (window * (tokens.length - length)) / (count - 1);
    const start = Math.floor(place);
    out.set(tokens.subarray(start, start + length), window * length);
  }
  return out;
}

/**
 * A well-mixed 32-bit number from a few others (the finaliser of MurmurHash3 after each): batches are
 * functions of their position in training, so that resuming needs no saved random state.
 */
function mixed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part | 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** Uniform in [0, 1), in steps of 2^-32. */
function uniform(...parts: readonly number[]): number {
  return mixed(...parts) / 4294967296;
}
