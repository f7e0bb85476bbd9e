import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, it } from 'vitest';
import { cos, exp, log, power, sin } from './elementary';
import { type Exact, exact, ulpsBetween } from './exact.fixture';

const generator = mersenne(20);
/** Uniform in [0, 1). */
const uniform = () =>
  ((generator.next() >>> 5) * 67108864 + ((generator.next() >>> 0) >>> 6)) / 9007199254740992;
const between = (low: number, high: number) => low + (high - low) * uniform();
const words = new DataView(new ArrayBuffer(8));
/** A positive finite double of random bits, subnormal ones included. */
function anyPositive(): number {
  words.setInt32(0, generator.next() & 0x7fffffff);
  words.setInt32(4, generator.next());
  const value = words.getFloat64(0);
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : anyPositive();
}
const either = () => (uniform() < 0.5 ? -1 : 1);
/** Near 1, at any distance. */
const nearOne = () => 1 + either() * between(1, 2) * 2 ** -Math.floor(between(2, 52));
/** The doubles beside a number. */
function beside(x: number): number[] {
  words.setFloat64(0, x);
  const at = words.getBigInt64(0);
  return [-2n, -1n, 0n, 1n, 2n].map((step) => {
    words.setBigInt64(0, at + step);
    return words.getFloat64(0);
  });
}
const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

/** The largest error in ulp, and where it is. */
function worst<T extends readonly number[]>(
  found: (...at: [...T]) => number,
  value: (...at: [...T]) => Exact,
  places: readonly T[],
): { readonly ulps: number; readonly at: T } {
  return places
    .map((at) => ({ ulps: ulpsBetween(found(...at), value(...at)), at }))
    .reduce((most, each) => (each.ulps <= most.ulps ? most : each));
}

const alone = (x: number): [number] => [x];

describe('the reference', () => {
  it('knows the digits that tables print', () => {
    // Abramowitz and Stegun 1964, table 1.1, to 25 digits.
    const digits = ({ numerator, exponent }: Exact) =>
      ((numerator * 10n ** 24n) >> BigInt(-exponent)).toString();
    expect(digits(exact.log(2))).toBe('693147180559945309417232');
    expect(digits(exact.exp(1))).toBe('2718281828459045235360287');
    expect(digits(exact.power(2, 0.5))).toBe('1414213562373095048801688');
    expect(digits(exact.sin(1))).toBe('841470984807896506652502');
    expect(digits(exact.cos(1))).toBe('540302305868139717400936');
  });

  it('measures in units of the last place', () => {
    expect(ulpsBetween(1, { numerator: 3n, exponent: -1 })).toBe(2 ** 51);
    expect(ulpsBetween(2 ** -1074, { numerator: 3n, exponent: -1075 })).toBe(0.5);
    expect(ulpsBetween(-1, { numerator: 1n, exponent: 0 })).toBe(2 ** 53);
    expect(ulpsBetween(Number.POSITIVE_INFINITY, { numerator: 1n, exponent: 1024 })).toBe(0);
    expect(ulpsBetween(Number.POSITIVE_INFINITY, { numerator: 1n, exponent: 1023 })).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('logarithm', () => {
  it.each([
    ['in the unit interval', () => uniform()],
    ['of any size', anyPositive],
    ['near 1', nearOne],
    ['subnormal', () => between(0, 2.2e-308)],
    ['where two steps of the table meet', () => beside(1 + Math.floor(between(0, 256)) / 256)[0]],
    ['with few digits', () => Math.ceil(between(0, 1000)) * 2 ** Math.floor(between(-60, 60))],
  ])('is within 0.5001 ulp %s', (_, draw) => {
    const places = many(500, draw).filter((x) => x > 0 && x !== 1);
    expect(worst(log, exact.log, places.map(alone)).ulps).toBeLessThan(0.5001);
  });

  it('is within it at the ends of what doubles hold', () => {
    const places = [Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, 1 - 2 ** -53, 1 + 2 ** -52];
    expect(worst(log, exact.log, places.map(alone)).ulps).toBeLessThan(0.5001);
  });

  it('has special values', () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    for (const x of [-1, -Number.MIN_VALUE, Number.NEGATIVE_INFINITY, Number.NaN])
      expect(log(x)).toBeNaN();
  });
});

describe('exponential', () => {
  const step = Math.LN2 / 128;
  it.each([
    ['of any argument', () => between(-745, 709.78)],
    ['between -1 and 1', () => between(-1, 1)],
    ['near 0', () => either() * between(1, 2) * 2 ** -Math.floor(between(2, 60))],
    ['below the normal numbers', () => between(-746, -708)],
    ['where the normal numbers begin', () => between(-708.3992, -708.3936)],
    ['above the largest', () => between(709.782, 709.783)],
    ['where two steps meet', () => step * (Math.floor(between(-9e4, 9e4)) + 0.5)],
    ['in the middle of a step', () => step * Math.floor(between(-9e4, 9e4))],
  ])('is within 0.51 ulp %s', (_, draw) => {
    expect(worst(exp, exact.exp, many(500, draw).map(alone)).ulps).toBeLessThan(0.51);
  });

  it('overflows and underflows where it should', () => {
    expect(exp(709.782712893384)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(exp(709.7827128933841)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-745.1332191019411)).toBe(Number.MIN_VALUE);
    expect(exp(-745.1332191019412)).toBe(0);
  });

  it('has special values', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(1e300)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-1e300)).toBe(0);
    expect(exp(Number.NaN)).toBeNaN();
  });
});

describe('power', () => {
  /** An exponent that brings x to e^size. */
  const brought = (x: number, size: number) => [x, size / Math.log(x)] as const;
  it.each([
    ['as a gamma sampler asks', () => [uniform(), 1 / uniform()] as const],
    ['as a tempered prior asks', () => [uniform(), 0.5] as const],
    ['of any size', () => brought(anyPositive(), between(-708, 709))],
    ['near 1', () => brought(nearOne(), between(-745, 709))],
    ['where the logarithm is hardest', () => brought(1 + between(1, 2) / 256, 709 * either())],
    ['with results below the normal numbers', () => brought(anyPositive(), between(-746, -708))],
    ['where the normal numbers begin', () => brought(anyPositive(), between(-708.4, -708.39))],
    ['with results around the largest', () => brought(anyPositive(), between(709.7, 709.8))],
    [
      'of small whole numbers',
      () => [Math.ceil(between(1, 99)), Math.floor(between(-9, 9))] as const,
    ],
  ])('is within 0.51 ulp %s', (_, draw) => {
    const places = many(500, draw)
      .filter(([x, y]) => x !== 1 && Number.isFinite(y))
      .map(([x, y]): [number, number] => [x, y]);
    expect(places.length).toBeGreaterThan(400);
    expect(worst(power, exact.power, places).ulps).toBeLessThan(0.51);
  });

  it('is exact where a double holds the result', () => {
    for (let base = 2; base <= 40; base++) {
      for (let times = 1, value = base; value <= 2 ** 53; times++, value *= base) {
        expect(power(base, times)).toBe(value);
        expect(power(base / 2 ** 19, times)).toBe(value / 2 ** (19 * times));
      }
      expect(power(base ** 2, 0.5)).toBe(base);
      expect(power(base ** 4, 0.25)).toBe(base);
      expect(power(base * 1e300, 1)).toBe(base * 1e300);
    }
    for (let times = -1074; times < 1024; times++) expect(power(2, times)).toBe(2 ** times);
  });

  it('has special values', () => {
    const { POSITIVE_INFINITY: endless, NEGATIVE_INFINITY: less, NaN: none } = Number;
    const cases: readonly (readonly [number, number, number])[] = [
      [none, 0, 1],
      [-3, 0, 1],
      [1, none, 1],
      [1, endless, 1],
      [none, 2, none],
      [2, none, none],
      [-2, 2, none],
      [0, 0.5, 0],
      [0, -0.5, endless],
      [0, endless, 0],
      [0, less, endless],
      [endless, 0.5, endless],
      [endless, -0.5, 0],
      [endless, endless, endless],
      [0.5, endless, 0],
      [0.5, less, endless],
      [2, endless, endless],
      [2, less, 0],
      [0.999, 1e300, 0],
      [1.001, 1e300, endless],
      [1 - 2 ** -53, 1e30, 0],
      [2, 1024, endless],
      [2, -1075, 0],
      [2, -1074.9, Number.MIN_VALUE],
      [0.3, Number.MIN_VALUE, 1],
    ];
    for (const [x, y, result] of cases) expect([x, y, power(x, y)]).toEqual([x, y, result]);
  });
});

describe('sine and cosine', () => {
  const quarters = () => Math.floor(between(1, 6e5)) * (Math.PI / 2);
  it.each([
    ['of rotary angles', () => Math.floor(between(0, 4096)) / 10_000 ** uniform()],
    ['of any angle', () => between(-1e6, 1e6)],
    ['near 0', () => either() * between(1, 2) * 2 ** -Math.floor(between(0, 70))],
    ['near whole quarter turns', () => beside(quarters())[Math.floor(between(0, 5))]],
    ['half way between them', () => quarters() + Math.PI / 4],
  ])('are within 0.5001 ulp %s', (_, draw) => {
    const places = many(500, draw).map(alone);
    expect(worst(sin, exact.sin, places).ulps).toBeLessThan(0.5001);
    expect(worst(cos, exact.cos, places).ulps).toBeLessThan(0.5001);
  });

  it('have special values', () => {
    expect(sin(0)).toBe(0);
    expect(sin(-0)).toBe(-0);
    expect(cos(0)).toBe(1);
    expect(sin(-2)).toBe(-sin(2));
    expect(cos(-2)).toBe(cos(2));
    expect(sin(Number.MIN_VALUE)).toBe(Number.MIN_VALUE);
    for (const x of [1_000_001, -1e9, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => sin(x)).toThrow(RangeError);
      expect(() => cos(x)).toThrow(RangeError);
    }
  });
});

describe('bits', () => {
  // Arguments whose results lie within 0.0003 ulp of the middle between two doubles: some on the wrong side, as
  // any other order of operations may not have it. More of them stand in lib/training/same-bits.fixture.ts.
  const logs = [
    [8.6850722, 2.1616057128421637],
    [1.9473613, 0.6664752767143414],
    [7.1224348, 1.9632496332588734],
    [3.534209, 1.2624895119337627],
    [9.5477617, 2.2563067500587155],
    [8.2373487, 2.1086785324368806],
    [8.4362628, 2.132539414336145],
    [5.1099009, 1.63118001068118],
  ] as const;
  const exps = [
    [9.2668173, 10581.022020097975],
    [-4.1839173, 0.015238695949543652],
    [-5.8382899, 0.0029138212933833727],
    [1.443313, 4.234702170952484],
    [0.35406966, 1.4248544383830823],
    [8.3185743, 4099.311451784544],
    [1.8036474, 6.071753238367549],
    [-1.1571688, 0.31437498054903257],
  ] as const;
  const powers = [
    [0.00085659182, 16.145063, 3.016072301891931e-50],
    [0.36218147, 4.9676824, 0.006439995756560017],
    [0.98179377, 1.6769111, 0.9696582691931317],
    [0.83093449, 18.027436, 0.03548096139449511],
    [0.77236899, 18.250908, 0.008968117133716688],
    [0.51141567, 2.8341833, 0.1494900274912463],
    [0.36323911, 12.308818, 0.000003859142311704894],
    [0.396453, 2.826365, 0.0731716938016071],
  ] as const;
  const sines = [
    [219.40581, -0.48439873009224005],
    [140.18911, 0.9255779263806241],
    [53.564063, -0.1563438501932939],
    [51.987574, 0.9885766939914795],
    [71.649095, 0.5708461371429626],
    [38.365557, 0.6181957062144277],
  ] as const;
  const cosines = [
    [197.21005, -0.7581746536046234],
    [173.48272, -0.767974254428429],
    [162.08604, 0.2898004559170775],
    [74.73737, 0.7894685343277172],
    [0.44270535, 0.9035960383938847],
    [42.784422, 0.3643373779787153],
  ] as const;

  it.each([
    ['log', log, logs],
    ['exp', exp, exps],
    ['sin', sin, sines],
    ['cos', cos, cosines],
  ] as const)('of %s are these', (_, found, cases) => {
    expect(cases.map(([x]) => [x, found(x)])).toEqual(cases);
  });

  it('of power are these', () => {
    expect(powers.map(([x, y]) => [x, y, power(x, y)])).toEqual(powers);
  });
});
