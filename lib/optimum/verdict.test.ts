import { describe, expect, it } from 'vitest';
import type { FitReport, FitStatistics } from '../model/regressor';
import { bounds } from './problem.fixture';
import { type Judged, verdictOn } from './verdict';

const statistics = (change: Partial<FitStatistics> = {}): FitStatistics => ({
  n: 512,
  mixtures: 512,
  spearman: 0.99,
  interval: [0.985, 0.995],
  pearson: 0.99,
  rmse: 0.048,
  mae: 0.03,
  pairsRight: 0.97,
  topRegret: 0.01,
  ...change,
});
const test = (
  change: Partial<FitStatistics> = {},
  inside: number | null = 0.94,
  usedForStopping = false,
): FitReport['tests'][number] => ({
  name: '1M test',
  predicted: new Float64Array(0),
  statistics: statistics({ n: 256, mixtures: 256, spearman: 0.994, rmse: 0.037, ...change }),
  usedForStopping,
  coverage: { 80: inside, 90: inside, 95: inside },
});
const fitOf = (tests: FitReport['tests'], change: Partial<Judged['fit']> = {}): Judged['fit'] => ({
  crossValidation: statistics(),
  tests,
  bands: {
    rows: 'leave-one-out',
    halfWidths: { 80: 0.05, 90: 0.068, 95: 0.08 },
    centre: 5,
    spread: 0.3,
    slope: 0,
  },
  signal: { p: 0.001, permutations: 999 },
  ...change,
});
const weights = Float64Array.of(0.6, 0.3, 0.1);
const judged = (change: Partial<Judged> = {}): Judged => ({
  fit: fitOf([test()]),
  mayHaveSeenRuns: false,
  spread: 0.3,
  found: {
    optimum: {
      engine: 'gradient',
      weights,
      predicted: 5,
      predictions: [5],
      score: 5,
      binding: [0],
      violated: [],
      notes: [],
    },
    coverage: { distance: 0.2, nearest: 3, percentile: 0.4, far: false, beyond: false },
  },
  advice: { verb: 'train' },
  bounds: bounds([0, 0, 0], [0.6, 1, 1]),
  names: ['Web', 'Books', 'Code'],
  stability: { weights: [weights, Float64Array.of(0.6, 0.29, 0.11)] },
  ...change,
});
const refits = (...rows: number[][]) => ({ weights: rows.map((row) => Float64Array.from(row)) });

describe('a verdict', () => {
  it('counts no pin among the limits that refits meet', () => {
    const pinned = bounds([0, 0.3, 0], [0.6, 0.3, 1]);
    const source = ['max', 'lock', 'none'] as const;
    const { found } = judged();
    if (!found) throw new Error('an optimum was expected');
    const { clauses } = verdictOn(
      judged({
        bounds: { ...pinned, source },
        found: { ...found, optimum: { ...found.optimum, binding: [0, 1] } },
        stability: refits([0.6, 0.3, 0.1], [0.5, 0.3, 0.2]),
      }),
    );
    expect(clauses[2].text).toMatch(/^No limit is met by every refit/);
  });

  it('trusts what holds, by the test set first', () => {
    const { headline, clauses } = verdictOn(judged());
    const [ranks, values, optimum] = clauses;
    expect(headline).toBe('Trust the ranks, the values within ±0.068 and the optimum.');
    expect(clauses.map(({ grade }) => grade)).toEqual(['holds', 'holds', 'holds']);
    expect(ranks.figure).toBe('rho 0.994');
    expect(ranks.text).toContain('97.0% of pairs of the 256 runs of 1M test');
    expect(values.figure).toBe('RMSE 0.037');
    expect(values.text).toBe(
      'The 90% band of ±0.068 from the training runs holds 94% of the 256 runs of 1M test.',
    );
    expect(optimum.text).toBe(
      'Every refit meets the same limit. No weight moves by more than a point.',
    );
  });

  it('judges by runs out of fold where no test set is unseen', () => {
    for (const tests of [[], [test({ spearman: 0.1 }, 0.1, true)], [test({ mixtures: 4 })]]) {
      const { clauses } = verdictOn(judged({ fit: fitOf(tests) }));
      expect(clauses[0].figure).toBe('rho 0.990');
      expect(clauses[0].text).toContain('512 training runs, each left out of the fit');
      expect(clauses[1].text).toContain('no test set');
    }
  });

  it('names domains that refits move, and limits that not every refit meets', () => {
    const moved = refits([0.6, 0.3, 0.1], [0.5, 0.34, 0.16], [0.6, 0.28, 0.12]);
    const { headline, clauses } = verdictOn(judged({ stability: moved }));
    expect(clauses[2].grade).toBe('partly');
    expect(clauses[2].figure).toBe('3 refits');
    expect(clauses[2].text).toMatch(
      /^No limit is met by every refit\. Web, Books and Code move by \d to \d points\.$/,
    );
    expect(headline).toContain('and most of the optimum.');
    const lost = refits([0, 1, 0], [0, 0, 1], [0.2, 0.4, 0.4]);
    expect(verdictOn(judged({ stability: lost })).headline).toBe(
      'Trust the ranks and the values within ±0.068, but not the optimum.',
    );
  });

  it('doubts an optimum beyond what was tried, however little it moves', () => {
    const { found } = judged();
    if (!found) throw new Error('an optimum was expected');
    const far = { ...found, coverage: { ...found.coverage, far: true } };
    const [, , optimum] = verdictOn(judged({ found: far })).clauses;
    expect(optimum.grade).toBe('partly');
    expect(optimum.text).toContain('unusually far from every tested run');
  });

  it('says nothing of an optimum that a lesson hides', () => {
    const { headline, clauses } = verdictOn(judged({ found: undefined }));
    expect(clauses[2].grade).toBe('unknown');
    expect(clauses[2].title).toBe('Optimum: hidden');
    expect(clauses[2].text).not.toMatch(/limit|refit|move/);
    expect(headline).not.toMatch(/the optimum\.$/);
  });

  it('refuses values that a test set of another size does not bear out', () => {
    const fit = fitOf([test({}, 0.12)]);
    const { headline, clauses } = verdictOn(judged({ fit }));
    expect(clauses[1].grade).toBe('fails');
    expect(headline).toBe('Trust the ranks and the optimum, but not the values.');
    // Chance alone may leave 84% of 60 runs within a band of 90%.
    const few = verdictOn(judged({ fit: fitOf([test({ n: 60, mixtures: 60 }, 0.84)]) }));
    expect(few.clauses[1].grade).toBe('holds');
    expect(verdictOn(judged({ fit: fitOf([test({ n: 600 }, 0.84)]) })).clauses[1].grade).toBe(
      'partly',
    );
  });

  it('doubts values whose error is half of the spread', () => {
    const [, values] = verdictOn(judged({ spread: 0.05 })).clauses;
    expect(values.grade).toBe('partly');
    expect(values.text).toContain('more than half');
  });

  it('trusts nothing where runs do not tell mixtures apart', () => {
    const fit = fitOf([test({ spearman: 0.05, interval: [-0.1, 0.2], rmse: 0.3 }, 0.4)], {
      signal: { p: 0.4, permutations: 999 },
    });
    const { headline, clauses } = verdictOn(judged({ fit, advice: { verb: 'none' } }));
    expect(clauses.map(({ grade }) => grade)).toEqual(['fails', 'fails', 'fails']);
    expect(clauses[0].text).toContain('p = 0.40');
    expect(headline).toBe('Do not trust the ranks, the values or the optimum.');
  });

  it('says what it cannot say', () => {
    const few = fitOf([], { crossValidation: statistics({ n: 6, mixtures: 6 }) });
    const nothing = verdictOn(judged({ fit: few, stability: null }));
    expect(nothing.clauses.map(({ grade }) => grade)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(nothing.headline).toBe('Too few runs to say what to trust.');
    const trees = verdictOn(judged({ stability: null }));
    expect(trees.headline).toBe('Trust the ranks and the values within ±0.068.');
    expect(trees.clauses[2].title).toBe('Optimum: not tested');
    expect(verdictOn(judged({ stability: undefined })).clauses[2].title).toBe(
      'Optimum: being tested',
    );
    const imported = verdictOn(judged({ fit: fitOf([]), mayHaveSeenRuns: true }));
    expect(imported.clauses.map(({ grade }) => grade)).toEqual(['partly', 'partly', 'holds']);
    const constant = fitOf([], {
      crossValidation: statistics({ spearman: Number.NaN, interval: [Number.NaN, Number.NaN] }),
    });
    expect(verdictOn(judged({ fit: constant })).clauses[0].grade).toBe('unknown');
  });
});
