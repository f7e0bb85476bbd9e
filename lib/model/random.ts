import { mersenne } from 'pure-rand/generator/mersenne';
import { log, power } from './elementary';

/**
 * The random stream of `numpy.random.RandomState(seed)` as frozen in numpy's legacy generator. The same seed
 * gives the same doubles in every browser and in Node, and numpy's where its platform's log and pow give the
 * nearest double, as ours nearly always do. RegMix's published optimum depends on it.
 */
export interface RandomStream {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /**
   * Standard normal, by the polar method, which draws values in pairs; the second is saved for the next call.
   */
  normal(): number;
  /** Standard exponential. */
  exponential(): number;
  /** Gamma with scale 1. @param shape >= 0 */
  gamma(shape: number): number;
}

/** @param seed an integer from 0 to 2^32 - 1, as `numpy.random.seed` takes */
export function createRandomStream(seed: number): RandomStream {
  const generator = mersenne(seed | 0);
  let nextNormal: number | null = null;

  function uniform(): number {
    const high = generator.next() >>> 5;
    const low = (generator.next() >>> 0) >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  function normal(): number {
    if (nextNormal !== null) {
      const value = nextNormal;
      nextNormal = null;
      return value;
    }
    let first: number;
    let second: number;
    let squared: number;
    do {
      first = 2 * uniform() - 1;
      second = 2 * uniform() - 1;
      squared = first * first + second * second;
    } while (squared >= 1 || squared === 0);
    const factor = Math.sqrt((-2 * log(squared)) / squared);
    nextNormal = factor * first;
    return factor * second;
  }

  function exponential(): number {
    return -log(1 - uniform());
  }

  /** numpy's two legacy samplers: rejection against an exponential below shape 1, Marsaglia and Tsang (2000) above. */
  function gamma(shape: number): number {
    if (shape === 1) return exponential();
    if (shape === 0) return 0;
    return shape < 1 ? smallGamma(shape) : largeGamma(shape);
  }

  function smallGamma(shape: number): number {
    while (true) {
      const u = uniform();
      const v = exponential();
      if (u <= 1 - shape) {
        const x = power(u, 1 / shape);
        if (x <= v) return x;
      } else {
        const y = -log((1 - u) / shape);
        const x = power(1 - shape + shape * y, 1 / shape);
        if (x <= v + y) return x;
      }
    }
  }

  function largeGamma(shape: number): number {
    const b = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * b);
    while (true) {
      let x: number;
      let v: number;
      do {
        x = normal();
        v = 1 + c * x;
      } while (v <= 0);
      v = v * v * v;
      const u = uniform();
      if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
      if (log(u) < 0.5 * x * x + b * (1 - v + log(v))) return b * v;
    }
  }

  return { uniform, normal, exponential, gamma };
}
