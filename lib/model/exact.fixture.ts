/**
 * Elementary functions to 1e-90 or so in whole numbers, by other series than those under test: a value is a
 * whole number of 2^-320.
 */

const bits = 320n;
const unit = 1n << bits;

/** value = numerator 2^exponent, exactly. */
export interface Exact {
  readonly numerator: bigint;
  readonly exponent: number;
}

/** A finite double as it is. */
function exactly(x: number): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const word = view.getBigUint64(0);
  const biased = Number((word >> 52n) & 2047n);
  const fraction = word & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { numerator: word >> 63n ? -size : size, exponent: Math.max(1, biased) - 1075 };
}

/** In units of 2^-320, rounded down where it is finer. */
function fixed({ numerator, exponent }: Exact): bigint {
  const shift = BigInt(exponent) + bits;
  return shift >= 0n ? numerator << shift : numerator >> -shift;
}

const product = (a: bigint, b: bigint) => (a * b) >> bits;

function arctangentOfInverse(n: bigint): bigint {
  let term = unit / n;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = -term / (n * n);
  }
  return sum;
}

/** Machin (1706). */
const pi = 4n * (4n * arctangentOfInverse(5n) - arctangentOfInverse(239n));

/** exp of |x| < 1: of x / 2^32, squared 32 times. */
function fixedExp(x: bigint): bigint {
  const small = x >> 32n;
  let term = unit;
  let sum = 0n;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = product(term, small) / k;
  }
  for (let k = 0; k < 32; k++) sum = product(sum, sum);
  return sum;
}

/** log of 1/2 <= x <= 2 by Halley's method on the exponential, from the double beside it. */
function fixedLog(x: bigint): bigint {
  let y = fixed(exactly(Math.log(Number(x >> (bits - 60n)) / 2 ** 60)));
  for (let k = 0; k < 4; k++) y += 2n * quotient(x - fixedExp(y), x + fixedExp(y));
  return y;
}

const quotient = (a: bigint, b: bigint) => (a << bits) / b;
const logTwo = fixedLog(2n * unit);

/** The logarithm of a positive double. */
function exactLog(x: number): bigint {
  const { numerator, exponent } = exactly(x);
  const length = numerator.toString(2).length;
  const k = exponent + length;
  return BigInt(k) * logTwo + fixedLog((numerator << bits) >> BigInt(length));
}

/** exp of a value in units of 2^-320, as numerator 2^exponent. */
function exponentiated(value: bigint): Exact {
  const k = value / logTwo;
  return { numerator: fixedExp(value - k * logTwo), exponent: Number(k) - Number(bits) };
}

/** sin of a value in units of 2^-320. */
function fixedSin(value: bigint): bigint {
  const left = value % (2n * pi);
  let term = left;
  let sum = 0n;
  for (let k = 2n; term !== 0n && term !== -1n; k += 2n) {
    sum += term;
    term = -product(product(term, left), unit) / (k * (k + 1n));
    term = product(term, left);
  }
  return sum;
}

export const exact = {
  log: (x: number): Exact => ({ numerator: exactLog(x), exponent: -Number(bits) }),
  exp: (x: number): Exact => exponentiated(fixed(exactly(x))),
  power: (x: number, y: number): Exact => {
    const { numerator, exponent } = exactly(y);
    const scaled = exactLog(x) * numerator;
    return exponentiated(exponent < 0 ? scaled >> BigInt(-exponent) : scaled << BigInt(exponent));
  },
  sin: (x: number): Exact => ({ numerator: fixedSin(fixed(exactly(x))), exponent: -Number(bits) }),
  cos: (x: number): Exact => ({
    numerator: fixedSin(fixed(exactly(x)) + pi / 2n),
    exponent: -Number(bits),
  }),
};

/**
 * How far a double is from an exact value, in units of the last place that doubles of the value's size have.
 *
 * @returns 0 where infinity is the nearest, being half a unit or more above the largest double
 */
export function ulpsBetween(found: number, value: Exact): number {
  const size = value.numerator < 0n ? -value.numerator : value.numerator;
  if (size === 0n) return found === 0 ? 0 : Number.POSITIVE_INFINITY;
  // 2^(top - 1) <= |value| < 2^top.
  const top = size.toString(2).length + value.exponent;
  const last = Math.min(971, Math.max(top - 53, -1074));
  // Both in units of 2^(last - 64).
  const inUnits = ({ numerator, exponent }: Exact) => {
    const shift = BigInt(exponent - last + 64);
    return shift >= 0n ? numerator << shift : numerator >> -shift;
  };
  if (!Number.isFinite(found)) {
    const largest = inUnits(exactly(Number.MAX_VALUE));
    const away = (found < 0 ? -inUnits(value) : inUnits(value)) - largest;
    return last === 971 && away >= 1n << 63n ? 0 : Number.POSITIVE_INFINITY;
  }
  return Math.abs(Number(inUnits(exactly(found)) - inUnits(value))) / 2 ** 64;
}
