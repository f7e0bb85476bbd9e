import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../model/random';
import { type Bands, bandLevels } from '../model/regressor';
import { bandAt, bandsOf, coverageOf, runsForLevel } from './bands';

/** Half-widths of bands round one and the same prediction, so that they do not vary. */
function halfWidthsOf(residuals: Float64Array) {
  const predicted = new Float64Array(residuals.length);
  const mixtures = Int32Array.from(residuals.keys());
  return bandsOf({ predicted, measured: residuals, mixtures }, 'out-of-fold').halfWidths;
}

describe('conformal bands', () => {
  it('cover a row held out from any set of distinct residuals as often as requested, to one row', () => {
    const residuals = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), {
      minLength: 21,
      maxLength: 60,
    });
    fc.assert(
      fc.property(residuals, fc.constantFrom(...bandLevels), (list, level) => {
        const covered = list.filter((residual, index) => {
          const others = Float64Array.from(list.filter((_, other) => other !== index));
          return residual <= (halfWidthsOf(others)[level] ?? Number.NaN);
        });
        // Interpolated between the two places on either side of the level.
        const asked = (level * list.length) / 100;
        expect(covered.length).toBeGreaterThanOrEqual(Math.floor(asked + 1e-9));
        expect(covered.length).toBeLessThanOrEqual(Math.ceil(asked - 1e-9));
      }),
    );
  });

  it('cover between the level and 1 / (n + 1) more on average, whatever the residuals look like', () => {
    const trials = 6000;
    const n = 39;
    const held = { 80: 0, 90: 0, 95: 0 };
    for (let seed = 0; seed < trials; seed++) {
      const random = createRandomStream(seed);
      // One draw shifts all residuals of a trial: they are exchangeable, but not independent.
      const shift = random.normal();
      const draw = () => random.normal() * random.exponential() + shift;
      const halfWidths = halfWidthsOf(Float64Array.from({ length: n }, draw));
      const unseen = Math.abs(draw());
      for (const level of bandLevels)
        if (unseen <= (halfWidths[level] ?? Number.NaN)) held[level]++;
    }
    for (const level of bandLevels) {
      // Give or take three standard errors of a share over so many trials.
      const luck = 3 * Math.sqrt(((level / 100) * (1 - level / 100)) / trials);
      expect(held[level] / trials).toBeGreaterThan(level / 100 - luck);
      expect(held[level] / trials).toBeLessThan(level / 100 + 1 / (n + 1) + luck);
    }
  });

  it('take the place that the level asks for, exactly', () => {
    const nine = Float64Array.from({ length: 9 }, (_, index) => index + 1);
    // Places 8, 9 and none: 95% needs 19.
    expect(halfWidthsOf(nine)).toEqual({ 80: 8, 90: 9, 95: null });
    // Between places 14 and 15, and at place 12.8.
    const fifteen = Float64Array.from({ length: 15 }, (_, index) => index + 1);
    expect(halfWidthsOf(fifteen)[90]).toBeCloseTo(14.4, 12);
    expect(halfWidthsOf(fifteen)[80]).toBeCloseTo(12.8, 12);
    const many = Float64Array.from({ length: 99 }, (_, index) => 99 - index);
    expect(halfWidthsOf(many)).toEqual({ 80: 80, 90: 90, 95: 95 });
  });

  it('ignore signs and missing residuals', () => {
    expect(halfWidthsOf(Float64Array.of(-3, Number.NaN, 1, 2, 0))[80]).toBe(3);
    expect(halfWidthsOf(Float64Array.of(Number.NaN))).toEqual({ 80: null, 90: null, 95: null });
  });

  it('exist from the number of mixtures on that can give their level', () => {
    expect(bandLevels.map(runsForLevel)).toEqual([4, 9, 19]);
    for (const level of bandLevels) {
      const needed = runsForLevel(level);
      expect(halfWidthsOf(new Float64Array(needed).fill(2))[level]).toBe(2);
      expect(halfWidthsOf(new Float64Array(needed - 1).fill(2))[level]).toBeNull();
      // Further runs of the same mixtures do not make up for it.
      const rows = Int32Array.from({ length: 4 * (needed - 1) }, (_, row) => row % (needed - 1));
      const repeated = {
        predicted: new Float64Array(rows.length),
        measured: new Float64Array(rows.length).fill(2),
        mixtures: rows,
      };
      expect(bandsOf(repeated, 'out-of-fold').halfWidths[level]).toBeNull();
    }
  });

  it('hold unseen mixtures when runs repeat them', () => {
    const trials = 3000;
    let held = 0;
    let heldByRuns = 0;
    for (let seed = 0; seed < trials; seed++) {
      const random = createRandomStream(seed);
      // Ten mixtures, some trained more often; most of a residual is the mixture's.
      const mixtures: number[] = [];
      const measured: number[] = [];
      for (let mixture = 0; mixture < 10; mixture++) {
        const missed = random.normal();
        const repeats = mixture < 3 ? 8 : 1;
        for (let run = 0; run < repeats; run++) {
          mixtures.push(mixture);
          measured.push(missed + 0.2 * random.normal());
        }
      }
      const unseen = Math.abs(random.normal() + 0.2 * random.normal());
      const residuals = {
        predicted: new Float64Array(measured.length),
        measured: Float64Array.from(measured),
        mixtures: Int32Array.from(mixtures),
      };
      const half = (mixture: Int32Array) =>
        bandsOf({ ...residuals, mixtures: mixture }, 'out-of-fold').halfWidths[90] ?? 0;
      if (unseen <= half(residuals.mixtures)) held++;
      if (unseen <= half(Int32Array.from(measured.keys()))) heldByRuns++;
    }
    expect(held / trials).toBeGreaterThan(0.88);
    expect(held / trials).toBeLessThan(0.93);
    // Counted by run, three mixtures would rule.
    expect(heldByRuns / trials).toBeLessThan(0.85);
  });

  it('grow with the prediction as residuals do, and hold in every fifth of predictions', () => {
    const draw = (count: number, seed: number) => {
      const random = createRandomStream(seed);
      const predicted = Float64Array.from({ length: count }, () => 3 + 0.5 * random.normal());
      const measured = predicted.map(
        (value) => value + 0.1 * Math.exp(0.8 * ((value - 3) / 0.5)) * random.normal(),
      );
      return { predicted, measured };
    };
    const seen = draw(512, 1);
    const mixtures = Int32Array.from(seen.predicted.keys());
    const bands = bandsOf({ ...seen, mixtures }, 'leave-one-out');
    expect(bands.centre).toBeCloseTo(3, 1);
    expect(bands.spread).toBeCloseTo(0.5, 1);
    // Drawn towards 0 by the prior.
    expect(bands.slope).toBeGreaterThan(0.7);
    expect(bands.slope).toBeLessThan(0.82);
    const atMean = bands.halfWidths[90] ?? 0;
    // 1.645 standard deviations of a normal distribution.
    expect(atMean).toBeGreaterThan(0.14);
    expect(atMean).toBeLessThan(0.19);
    const unseen = draw(5000, 2);
    const order = Array.from(unseen.predicted.keys()).sort(
      (a, b) => unseen.predicted[a] - unseen.predicted[b],
    );
    const fifths = (varying: Bands) =>
      Array.from({ length: 5 }, (_, fifth) => {
        const places = order.slice(fifth * 1000, (fifth + 1) * 1000);
        const part = (values: Float64Array) => Float64Array.from(places, (place) => values[place]);
        return (
          coverageOf(varying, {
            predicted: part(unseen.predicted),
            measured: part(unseen.measured),
          })[90] ?? 0
        );
      });
    for (const share of fifths(bands)) {
      expect(share).toBeGreaterThan(0.84);
      expect(share).toBeLessThan(0.95);
    }
    // Of one width throughout they would hold all in the lowest fifth and too little in the highest.
    const flat = fifths({ ...bands, slope: 0 });
    expect(flat[0]).toBeGreaterThan(0.99);
    expect(flat[4]).toBeLessThan(0.75);
  });

  it('stop growing two and a half spreads from the centre, and ask for a level that exists', () => {
    const bands: Bands = {
      rows: 'out-of-fold',
      halfWidths: { 80: 1, 90: 2, 95: null },
      centre: 3,
      spread: 0.5,
      slope: 0.4,
    };
    expect(bandAt(bands, 90, 3)).toBe(2);
    expect(bandAt(bands, 90, 3.5)).toBeCloseTo(2 * Math.exp(0.4), 12);
    expect(bandAt(bands, 80, 0)).toBeCloseTo(Math.exp(-1), 12);
    expect(bandAt(bands, 80, 99)).toBeCloseTo(Math.exp(1), 12);
    expect(bandAt(bands, 95, 3)).toBeNull();
    const rows = { predicted: Float64Array.of(3, 3), measured: Float64Array.of(4.5, Number.NaN) };
    expect(coverageOf(bands, rows)).toEqual({ 80: 0, 90: 1, 95: null });
    expect(coverageOf(bands, { ...rows, measured: new Float64Array(2).fill(Number.NaN) })).toEqual({
      80: null,
      90: null,
      95: null,
    });
  });

  it('are of no width where every run is predicted exactly', () => {
    const values = Float64Array.from({ length: 30 }, (_, row) => row);
    const mixtures = Int32Array.from(values.keys());
    const bands = bandsOf({ predicted: values, measured: values, mixtures }, 'out-of-fold');
    expect(bands).toMatchObject({ slope: 0, halfWidths: { 80: 0, 90: 0, 95: 0 } });
  });
});
