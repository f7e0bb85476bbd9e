import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import { spearman, standardDeviation } from '../model/statistics';
import type { RunTable } from '../model/study';
import { measureInteractions } from './interactions';
import { syntheticSample } from './synthetic.fixture';
import { findTies } from './ties';

const lower = { direction: 'lower' as const };
const rows = 40;
const { features } = syntheticSample(rows, 3);
const weightsOf = (domain: number) =>
  Float64Array.from({ length: rows }, (_, row) => rowOf(features, row)[domain]);

function interactionsOf(targets: readonly ArrayLike<number>[]) {
  const table: RunTable = {
    name: 'training',
    ids: Array.from({ length: rows }, (_, row) => String(row)),
    mixtures: features,
    losses: fromRows(
      Array.from({ length: rows }, (_, row) => targets.map((values) => values[row])),
    ),
  };
  return runJob(
    measureInteractions(
      table,
      targets.map(() => lower),
    ),
  );
}

const at = (matrix: Matrix, row: number, column: number) => rowOf(matrix, row)[column];

describe('measureInteractions', () => {
  it('ranks domains against targets and targets against each other', () => {
    const first = weightsOf(0);
    const falling = weightsOf(1).map((weight) => -Math.exp(5 * weight));
    const { domainTarget, targetTarget } = interactionsOf([first, falling]);
    expect(at(domainTarget, 0, 0)).toBeCloseTo(1, 12);
    expect(at(domainTarget, 1, 1)).toBeCloseTo(-1, 12);
    expect(at(domainTarget, 2, 1)).toBeCloseTo(spearman(weightsOf(2), falling), 12);
    expect(at(targetTarget, 0, 0)).toBeCloseTo(1, 12);
    expect(at(targetTarget, 0, 1)).toBeCloseTo(spearman(first, falling), 12);
    expect(at(targetTarget, 1, 0)).toBe(at(targetTarget, 0, 1));
  });

  it('uses the runs in which both are measured, and leaves the rest undefined', () => {
    const first = weightsOf(0);
    const gappy = weightsOf(1).map((weight, row) => (row < 10 ? Number.NaN : weight));
    const none = new Float64Array(rows).fill(Number.NaN);
    const constant = new Float64Array(rows).fill(0.1);
    const { domainTarget, targetTarget, coefficients } = interactionsOf([
      first,
      gappy,
      none,
      constant,
    ]);
    expect(at(targetTarget, 0, 1)).toBeCloseTo(spearman(first.slice(10), gappy.slice(10)), 12);
    for (let domain = 0; domain < 3; domain++) {
      expect(at(domainTarget, domain, 1)).toBeCloseTo(
        spearman(weightsOf(domain).slice(10), gappy.slice(10)),
        12,
      );
      for (const target of [2, 3]) {
        expect(at(domainTarget, domain, target)).toBeNaN();
        expect(at(coefficients, domain, target)).toBeNaN();
      }
    }
    for (const target of [2, 3]) {
      for (let other = 0; other < 4; other++) expect(at(targetTarget, target, other)).toBeNaN();
    }
  });

  it('has one rho with the ties, whatever repeats and diverged runs there are', () => {
    // A quarter of the mixtures are trained again, with noise; one run diverged.
    const again = [...Array(rows).keys(), ...Array(rows / 4).keys()];
    const mixtures = fromRows(again.map((row) => Array.from(rowOf(features, row))));
    const losses = fromRows(
      again.map((row, run) => [
        run === 3 ? 90 : 5 - weightsOf(0)[row] + 0.2 * weightsOf(1)[row] + (run % 7) / 100,
      ]),
    );
    const { domainTarget } = runJob(measureInteractions({ mixtures, losses }, [lower]));
    const { told } = runJob(findTies({ mixtures, losses }, [lower], [null]));
    expect(told.length).toBeGreaterThan(0);
    for (const { domain, rho } of told) expect(at(domainTarget, domain, 0)).toBe(rho);
  });

  it('scales coefficients to standard deviations', () => {
    const values = weightsOf(0).map((weight, row) => 3 * weight - 5 * weightsOf(1)[row]);
    const { coefficients } = interactionsOf([values]);
    // On mixtures coefficients are determined up to a constant; those of least norm sum to 0.
    const shift = (3 - 5) / 3;
    [3, -5, 0].forEach((coefficient, domain) => {
      const expected =
        ((coefficient - shift) * standardDeviation(weightsOf(domain))) / standardDeviation(values);
      expect(at(coefficients, domain, 0)).toBeCloseTo(expected, 9);
    });
  });
});
