import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { columnOf, fromRows, type Matrix, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import { spearman } from '../model/statistics';
import { findTies, outsideHelp, rangeOf, surprises, type Tie, type Ties } from './ties';

const draws = (domains: number, count: number, seed = 4) =>
  runJob(sampleDirichlet(new Float64Array(domains).fill(1 / domains), count, seed));

/** Values per run and target. */
function table(mixtures: Matrix, valuesOf: (mixture: Float64Array, row: number) => number[]) {
  const rows = Array.from({ length: mixtures.rows }, (_, row) =>
    valuesOf(rowOf(mixtures, row), row),
  );
  return { mixtures, losses: fromRows(rows) };
}

const lower = { direction: 'lower' as const };
const higher = { direction: 'higher' as const };

describe('the range of a target', () => {
  it('is that of the runs that did not diverge', () => {
    const values = Float64Array.from({ length: 20 }, (_, run) => 5 + run / 10);
    values[3] = Number.NaN;
    values[7] = 90;
    expect(rangeOf(values, 'lower')).toEqual({ runs: 18, low: 5, high: 6.9 });
    expect(rangeOf(Float64Array.of(1, Number.NaN), 'lower')).toBeNull();
    expect(rangeOf(Float64Array.of(2, 2, 2), 'lower')).toEqual({ runs: 3, low: 2, high: 2 });
  });
});

describe('ties of domains and targets', () => {
  it('find what was put in, its direction and strength, and nothing else', () => {
    const mixtures = draws(6, 300);
    // The first target is named after a, and b helps it; the second has a direction of its own.
    const runs = table(mixtures, ([a, b, c, d]) => [
      -Math.sqrt(a) - 0.5 * Math.sqrt(b) + 0.4 * c,
      Math.sqrt(d),
    ]);
    const { told, tested, mixtures: count } = runJob(findTies(runs, [lower, higher], [0, null]));
    expect(tested).toBe(5 + 6);
    expect(count).toBe(300);
    const named = (target: number) => told.filter((tie) => tie.target === target);
    expect(named(0).map(({ domain }) => domain)).toEqual(expect.arrayContaining([1, 2]));
    const [b] = named(0).filter(({ domain }) => domain === 1);
    expect(b.helps).toBe(true);
    expect(b.rho).toBeCloseTo(spearman(columnOf(mixtures, 1), columnOf(runs.losses, 0)), 12);
    expect(named(0).find(({ domain }) => domain === 2)).toMatchObject({ helps: false });
    expect(named(1)[0]).toMatchObject({ domain: 3, helps: true });
    expect(named(1)[0].rho).toBeGreaterThan(0.9);
    const strengths = told.map(({ rho }) => Math.abs(rho));
    expect(strengths).toEqual([...strengths].sort((x, y) => y - x));
  });

  it('do not blame domains that only take the place of a target’s own', () => {
    // Weights sum to 1: with more of b there is less of a, which is all that matters.
    const mixtures = draws(3, 400);
    const runs = table(mixtures, ([a]) => [-a]);
    expect(spearman(columnOf(mixtures, 1), columnOf(runs.losses, 0))).toBeGreaterThan(0.3);
    expect(runJob(findTies(runs, [lower], [0])).told).toEqual([]);
    // Without a domain of its own nothing explains them.
    expect(runJob(findTies(runs, [lower], [null])).told.length).toBe(3);
  });

  it('name one by chance in hardly any study of noise', () => {
    let named = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = createRandomStream(seed + 1);
      const runs = table(draws(6, 40, seed), () => [random.normal(), random.normal()]);
      if (runJob(findTies(runs, [lower, lower], [0, 1])).told.length > 0) named++;
    }
    // 5% of 60 are 3; more than 8 have a chance below 1%.
    expect(named).toBeLessThanOrEqual(8);
  });

  it('count runs of one mixture once', () => {
    const few = draws(4, 9);
    const many = fromRows(Array.from({ length: 90 }, (_, run) => Array.from(rowOf(few, run % 9))));
    const runs = table(many, ([a, b]) => [a - b]);
    expect(runJob(findTies(runs, [lower], [null]))).toEqual({ told: [], tested: 0, mixtures: 9 });
  });

  it('bear missing values, constant columns and domains without weight', () => {
    const mixtures = draws(3, 60);
    const padded = fromRows(Array.from({ length: 60 }, (_, row) => [...rowOf(mixtures, row), 0]));
    const runs = table(padded, ([a], row) => [row % 3 === 0 ? Number.NaN : a, 7, Number.NaN]);
    const found = runJob(findTies(runs, [lower, lower, lower], [null, null, null]));
    expect(found.mixtures).toBe(0);
    expect(found.tested).toBe(3);
    expect(found.told[0]).toMatchObject({ domain: 0, target: 0, helps: false });
    expect(found.told.every(({ target }) => target === 0)).toBe(true);
  });
});

describe('insights from ties', () => {
  const tie = (domain: number, target: number, rho: number, helps = rho < 0): Tie => ({
    domain,
    target,
    rho,
    helps,
  });
  const of = (...told: Tie[]): Ties => ({ told, tested: 20, mixtures: 100 });

  it('count which domain is the best outside help', () => {
    const found = outsideHelp(
      of(tie(1, 0, -0.6), tie(2, 0, -0.5), tie(3, 2, 0.45), tie(1, 1, -0.4), tie(2, 2, -0.3)),
    );
    expect(found).toEqual({ domains: [1], count: 2, helped: 3, strongest: tie(1, 0, -0.6) });
    expect(outsideHelp(of(tie(1, 0, -0.6), tie(2, 1, -0.5)))?.domains).toEqual([1, 2]);
    expect(outsideHelp(of(tie(1, 0, 0.6)))).toBeNull();
  });

  it('pass over what names give away', () => {
    const name = (text: string) => ({ id: text, name: text });
    const target = (text: string) => ({ ...name(text), unit: '', direction: 'lower' as const });
    const domains = ['PubMed Central', 'EuroParl', 'arXiv'].map(name);
    const targets = ['PubMed Abstracts loss', 'Ubuntu IRC loss'].map(target);
    const ties = of(tie(0, 0, -0.6), tie(1, 1, -0.3), tie(2, 1, 0.2));
    expect(surprises(ties, domains, targets)).toEqual({
      helps: tie(1, 1, -0.3),
      hurts: tie(2, 1, 0.2),
    });
    expect(surprises(of(tie(0, 0, -0.6)), domains, targets)).toEqual({ helps: null, hurts: null });
  });
});
