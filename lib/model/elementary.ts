/**
 * Logarithm, exponential, power, sine and cosine with the same bits on every machine.
 *
 * ECMAScript leaves `Math.log`, `exp`, `pow`, `sin`, `cos` and the operator for powers to the browser, so
 * that their last bits differ. What is here uses only operations whose every bit IEEE 754 defines: sums,
 * products and quotients of doubles, rounding to single precision, and bits read through a view. Results are
 * nearly always the nearest double: each function says how far it can be from the exact value, in units of
 * the last place of the result (ulp); 0.5 is the least that any double allows.
 *
 * What a double can't hold is carried as a sum of two, `high + low` with |low| at most half an ulp of `high`
 * (Dekker 1971, "A floating-point technique for extending the available precision"): about 106 bits.
 */

interface Pair {
  readonly high: number;
  readonly low: number;
}

const one: Pair = { high: 1, low: 0 };

/** a + b without error. */
function sumOf(a: number, b: number): Pair {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** The upper 26 bits of a double that is far from overflow. */
function upperHalf(x: number): number {
  const scaled = x * 134217729;
  return scaled - (scaled - x);
}

/** a b without error. */
function productOf(a: number, b: number): Pair {
  const high = a * b;
  const a1 = upperHalf(a);
  const b1 = upperHalf(b);
  const a2 = a - a1;
  const b2 = b - b1;
  return { high, low: a1 * b1 - high + a1 * b2 + a2 * b1 + a2 * b2 };
}

function plus(a: Pair, b: Pair): Pair {
  const { high, low } = sumOf(a.high, b.high);
  return sumOf(high, low + (a.low + b.low));
}

function times(a: Pair, b: Pair): Pair {
  const { high, low } = productOf(a.high, b.high);
  return sumOf(high, low + (a.high * b.low + a.low * b.high));
}

/** @param n a whole number */
function over(a: Pair, n: number): Pair {
  const high = a.high / n;
  const back = productOf(high, n);
  return sumOf(high, (a.high - back.high - back.low + a.low) / n);
}

/**
 * log(a / b) = 2 artanh f with f = (a - b) / (a + b), by the series f + f^3 / 3 + f^5 / 5 + ...
 *
 * @param a and b whole numbers, one at most twice the other
 */
function logOfRatio(a: number, b: number): Pair {
  const f = over({ high: a - b, low: 0 }, a + b);
  const square = times(f, f);
  let n = 1;
  for (let left = 1; left > 1e-34; left *= square.high) n += 2;
  let sum = over(one, n);
  for (n -= 2; n >= 1; n -= 2) sum = plus(over(one, n), times(square, sum));
  return times({ high: 2 * f.high, low: 2 * f.low }, sum);
}

/** The exponential series 1 + x + x^2 / 2 + ... of |x| < 0.01. */
function exponentialOf(x: Pair): Pair {
  let sum = one;
  for (let n = 12; n >= 1; n--) sum = plus(one, over(times(x, sum), n));
  return sum;
}

/** As a multiple of 2^-42, whose products with whole numbers below 2^11 are exact, and the rest. */
function coarse(x: Pair): Pair {
  const high = Math.round(x.high * 4398046511104) / 4398046511104;
  return { high, low: x.high - high + x.low };
}

const logTwo = logOfRatio(2, 1);
const logTwoCoarse = coarse(logTwo);

/** Powers of two: entry k + 1074 is 2^k, k = -1074 to 1023. */
const twos = new Float64Array(2098);
twos[0] = 5e-324;
for (let place = 1; place < twos.length; place++) twos[place] = 2 * twos[place - 1];
const twoTo = (exponent: number) => twos[exponent + 1074];

/**
 * A number m in [1, 2) lies near 1 + j / 128. `inverses[j]` is about the inverse of that, of 11 bits, and
 * `logs` and `logRests` the two parts of -log(inverses[j]), or of half as much argument where m is closer to 2
 * than to 1, from `firstUpper` on: then numbers near 1 have small logarithms from both sides.
 */
const logSteps = 128;
const firstUpper = 53;
const inverses = new Float64Array(logSteps + 1);
const logs = new Float64Array(logSteps + 1);
const logRests = new Float64Array(logSteps + 1);
for (let j = 0; j <= logSteps; j++) {
  const inverse = Math.round((2048 * logSteps) / (logSteps + j));
  const { high, low } = coarse(logOfRatio(j < firstUpper ? 2048 : 1024, inverse));
  inverses[j] = inverse / 2048;
  logs[j] = high;
  logRests[j] = low;
}

/** 2^(j / 128) in two parts. */
const powerSteps = 128;
const powers = new Float64Array(powerSteps);
const powerRests = new Float64Array(powerSteps);
const root = exponentialOf(over(logTwo, powerSteps));
let reached = one;
for (let j = 0; j < powerSteps; j++, reached = times(reached, root)) {
  powers[j] = reached.high;
  powerRests[j] = reached.low;
}
const stepCoarse = coarse(over(logTwo, powerSteps));
const stepsPerUnit = powerSteps / logTwo.high;

const bits = new DataView(new ArrayBuffer(8));
/** The low part of what `splitLog` returned last. */
const rest = new Float64Array(1);

/**
 * The logarithm in two parts: x = 2^k m, r = m inverse - 1 without error, |r| < 0.0045, and
 * log x = k log 2 - log inverse + r - r^2 / 2 + r^3 / 3 - ..., to a relative 2^-69, the roundings of r^3 / 3.
 *
 * @param x above 0, finite
 * @returns the high part; the low part is left in `rest`
 */
function splitLog(x: number): number {
  const scaled = x < 2.2250738585072014e-308 ? x * 18014398509481984 : x;
  bits.setFloat64(0, scaled, true);
  const word = bits.getInt32(4, true);
  const j = ((word & 0xfffff) + 0x1000) >> 13;
  const exponent = (word >> 20) - 1023;
  const m = scaled * twoTo(-exponent);
  const k = exponent + (j < firstUpper ? 0 : 1) - (scaled === x ? 0 : 54);
  const inverse = inverses[j];
  const m1 = Math.fround(m);
  // Both products are exact, and so is the subtraction.
  const r1 = m1 * inverse - 1;
  const r2 = (m - m1) * inverse;
  const r = r1 + r2;
  const rRest = r1 - r + r2;
  const u = Math.fround(r);
  const v = r - u;
  const square = r * r;
  const squareRest = u * u - square + 2 * u * v + v * v + 2 * r * rRest;
  const cubic =
    r *
    square *
    (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r * (1 / 8 - r * (1 / 9)))))));
  const start = k * logTwoCoarse.high + logs[j];
  const linear = start + r;
  const high = linear - 0.5 * square;
  const low =
    start -
    linear +
    r +
    (linear - high - 0.5 * square) +
    (cubic + (k * logTwoCoarse.low + logRests[j] + rRest - 0.5 * squareRest));
  const whole = high + low;
  rest[0] = high - whole + low;
  return whole;
}

/**
 * exp(high + low): n steps of log 2 / 128, and the series of the remainder, at most 0.0028. Three
 * roundings of a sum below 1/128 of the result cost at most 0.006 ulp.
 *
 * @param high any number but NaN
 * @param low at most 2^-40 of it
 */
function expOfSum(high: number, low: number): number {
  if (high > 710) return Number.POSITIVE_INFINITY;
  if (high < -746) return 0;
  const n = Math.floor(high * stepsPerUnit + 0.5);
  const near = high - n * stepCoarse.high;
  const aside = low - n * stepCoarse.low;
  const r = near + aside;
  const more = near - r + aside;
  const curved = r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const j = n & (powerSteps - 1);
  const k = (n - j) / powerSteps;
  const start = powers[j];
  const added = powerRests[j] + start * (r + (more + curved));
  const value = start + added;
  if (k > 1023) return value * twoTo(1023) * 2;
  if (k > -1022 || (k === -1022 && value >= 1)) return value * twoTo(k);
  // Below the normal numbers: rounded once, to a whole multiple of 2^-1074, by adding 2^52 of them.
  const many = twoTo(-1022 - k);
  const sum = many + start;
  const whole = sum + (many - sum + start + added) - many;
  return whole * twoTo(k + 54) * twoTo(-54);
}

/**
 * Natural logarithm, within 0.5001 ulp, subnormal numbers included.
 *
 * @returns -Infinity for 0, NaN below
 */
export function log(x: number): number {
  if (x > 0 && x < Number.POSITIVE_INFINITY) return splitLog(x);
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}

/**
 * e to the x, within 0.51 ulp, subnormal results included.
 *
 * @returns Infinity from 709.7827128933841 on, 0 from -745.1332191019412 down
 */
export function exp(x: number): number {
  return Number.isNaN(x) ? x : expOfSum(x, 0);
}

/**
 * x to the y, within 0.52 ulp by the sizes of what is rounded (0.507 among a million of the hardest arguments),
 * subnormal numbers and results included; what a double can hold is exact.
 *
 * @param x >= 0
 * @returns as IEEE 754 (section 9.2) says: 1 where y is 0 or x is 1, whatever the other is, NaN included
 * (the operator gives NaN for 1 to an infinite power); NaN for negative x
 */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (!(x >= 0) || Number.isNaN(y)) return Number.NaN;
  const grows = y > 0 === x > 1;
  if (x === 0 || x === Number.POSITIVE_INFINITY) return grows ? Number.POSITIVE_INFINITY : 0;
  // |log x| is between 2^-54 and 745.
  const size = Math.abs(y);
  if (size > 7.378697629483821e19) return grows ? Number.POSITIVE_INFINITY : 0;
  if (size < 1.3552527156068805e-20) return 1;
  const l = splitLog(x);
  const z = y * l;
  const y1 = Math.fround(y);
  const y2 = y - y1;
  const l1 = Math.fround(l);
  const l2 = l - l1;
  return expOfSum(z, y1 * l1 - z + y1 * l2 + y2 * l1 + y2 * l2 + y * rest[0]);
}

/** Largest argument of sine and cosine: quarter turns are counted in 20 bits. */
const largestAngle = 1_000_000;
/** Half of pi as three numbers of 33 bits, whose products with 20 bits are exact, and the rest. */
const quarter = [
  6746518852 / 4294967296,
  2242054355 / 4294967296 / 8589934592,
  640881756 / 4294967296 / 8589934592 / 8589934592,
  8.4784276603689e-32,
] as const;

/** The angle less the nearest whole number of quarter turns, at most 0.786, and that number. */
function reduced(angle: number): { readonly angle: Pair; readonly turns: number } {
  if (!(Math.abs(angle) <= largestAngle)) {
    throw new RangeError(`${angle} is no angle of at most ${largestAngle} radians`);
  }
  const turns = Math.round(angle / (quarter[0] + quarter[1]));
  const first = sumOf(angle - turns * quarter[0], -turns * quarter[1]);
  const second = sumOf(first.high, -turns * quarter[2]);
  return {
    angle: sumOf(second.high, first.low + (second.low - turns * quarter[3])),
    turns: turns & 3,
  };
}

/** The series of the cosine (`odd` 0) or of the sine divided by the angle (1), all of it in pairs. */
function alternating(angle: Pair, odd: 0 | 1): Pair {
  const square = times(angle, angle);
  const minus = { high: -square.high, low: -square.low };
  let sum = one;
  for (let n = 28 + odd; n > 1; n -= 2) sum = plus(one, over(times(minus, sum), n * (n - 1)));
  return sum;
}

function sineOf({ angle, turns }: ReturnType<typeof reduced>): number {
  const { high } = turns % 2 === 0 ? times(angle, alternating(angle, 1)) : alternating(angle, 0);
  return turns < 2 ? high : -high;
}

/**
 * Sine, within 0.5001 ulp.
 *
 * @param angle in radians, at most a million either way
 * @throws RangeError beyond, and for NaN
 */
export function sin(angle: number): number {
  return angle === 0 ? angle : sineOf(reduced(angle));
}

/** Cosine: as {@link sin}. */
export function cos(angle: number): number {
  const { angle: left, turns } = reduced(angle);
  return sineOf({ angle: left, turns: (turns + 1) & 3 });
}
