import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows, selectRows } from '../model/matrix';
import { spearman } from '../model/statistics';
import type { RunTable } from '../model/study';
import { pickRows } from './sample';
import { syntheticSample } from './synthetic.fixture';
import { rankAgreement } from './trust';

function tableOf(name: string, rows: Int32Array, noise: number): RunTable {
  // The same seed gives the same mixtures, and the same draws of noise, of another size.
  const { features, values } = syntheticSample(120, 5, { seed: 3, noise });
  return {
    name,
    ids: Array.from(rows, String),
    mixtures: selectRows(features, rows),
    losses: fromRows(Array.from(rows, (row) => [row, values[row]])),
  };
}

describe('agreement of scales', () => {
  const small = tableOf('1M', pickRows(120, 90, 1), 0.3);
  const large = tableOf('1B', pickRows(120, 40, 2), 0);

  it('is the rho of the mixtures that both tables hold, whatever their rows', () => {
    const [found] = runJob(rankAgreement([small, large], 1, 7));
    const shared = small.ids.filter((id) => large.ids.includes(id));
    const valuesOf = (table: RunTable) =>
      shared.map((id) => table.losses.values[2 * table.ids.indexOf(id) + 1]);
    expect(shared.length).toBeGreaterThan(20);
    expect(found.n).toBe(shared.length);
    expect(found.spearman).toBeCloseTo(spearman(valuesOf(small), valuesOf(large)), 12);
    expect(found.spearman).toBeLessThan(0.95);
    expect(found.interval[0]).toBeLessThan(found.spearman);
    expect(found.interval[1]).toBeGreaterThan(found.spearman);
    expect(runJob(rankAgreement([small, large], 1, 7))).toEqual([found]);
  });

  it('says nothing about fewer than three shared mixtures, or a target that one has not measured', () => {
    const [first, second] = [small, large].map(({ ids }) => ids);
    const shared = first.filter((id) => second.includes(id));
    const two = tableOf('two', Int32Array.from(shared.slice(0, 2), Number), 0);
    const three = tableOf('three', Int32Array.from(shared.slice(0, 3), Number), 0);
    expect(runJob(rankAgreement([small, two], 1, 7))).toEqual([]);
    expect(runJob(rankAgreement([small, three], 1, 7))).toHaveLength(1);
    const unmeasured = {
      ...large,
      losses: { ...large.losses, values: large.losses.values.map(() => Number.NaN) },
    };
    expect(runJob(rankAgreement([small, unmeasured], 1, 7))).toEqual([]);
  });

  it('leaves out runs that diverged, not those that are far better', () => {
    const shared = small.ids.find((id) => large.ids.includes(id)) ?? '';
    const values = large.losses.values.slice();
    values[2 * large.ids.indexOf(shared) + 1] = 1e3;
    const diverged = { ...large, losses: { ...large.losses, values } };
    const [before] = runJob(rankAgreement([small, large], 1, 7));
    expect(runJob(rankAgreement([small, diverged], 1, 7, 'lower'))[0].n).toBe(before.n - 1);
    expect(runJob(rankAgreement([small, diverged], 1, 7, 'higher'))[0].n).toBe(before.n);
  });

  it('takes every two of several tables', () => {
    const middle = tableOf('60M', pickRows(120, 60, 3), 0.1);
    const found = runJob(rankAgreement([small, middle, large], 1, 7));
    expect(found.map(({ first, second }) => `${first} ${second}`)).toEqual([
      '1M 60M',
      '1M 1B',
      '60M 1B',
    ]);
  });
});
