import { describe, expect, test } from 'vitest';
import { fromRows } from '../model/matrix';
import type { Study } from '../model/study';
import { allRuns, leaveOut, takeBack, wholeStudy, withTraining, withTrajectory } from './left-out';

const runs = 10;

/** Ten runs whose figures say which run they are of. */
function tenRuns(): Study {
  const rows = Array.from({ length: runs }, (_, run) => run);
  return {
    version: 1,
    id: 'ten',
    name: 'Ten',
    source: { kind: 'files', detail: '' },
    domains: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ],
    targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
    training: {
      name: 'training',
      ids: rows.map((run) => `run ${run}`),
      mixtures: fromRows(rows.map((run) => [run / 10, 1 - run / 10])),
      recorded: fromRows(rows.map((run) => [run / 10, 1 - run / 10])),
      losses: fromRows(rows.map((run) => [run])),
      trajectory: { steps: [5], losses: [fromRows(rows.map((run) => [run + 100]))] },
      rounds: Int32Array.from(rows),
    },
    testSets: [],
    prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
    human: null,
  };
}

describe('runs that are left out', () => {
  test('are gone from every column, and come back in their places', () => {
    const study = tenRuns();
    const without = leaveOut(study, ['run 7', 'run 2']);
    const kept = [0, 1, 3, 4, 5, 6, 8, 9];
    expect(without.training).toEqual({
      name: 'training',
      ids: kept.map((run) => `run ${run}`),
      mixtures: fromRows(kept.map((run) => [run / 10, 1 - run / 10])),
      recorded: fromRows(kept.map((run) => [run / 10, 1 - run / 10])),
      losses: fromRows(kept.map((run) => [run])),
      trajectory: { steps: [5], losses: [fromRows(kept.map((run) => [run + 100]))] },
      rounds: Int32Array.from(kept),
    });
    expect(without.leftOut?.ids).toEqual(['run 2', 'run 7']);
    expect(allRuns(without)).toBe(study.training);
    expect(wholeStudy(without)).toEqual(study);
    expect(takeBack(without, ['run 2', 'run 7'])).toEqual(study);
    expect(takeBack(without, ['run 7'])).toEqual(leaveOut(study, ['run 2']));
    expect(leaveOut(leaveOut(study, ['run 7']), ['run 2'])).toEqual(without);
  });

  test('stay out when runs are added, or losses on the way of all of them', () => {
    const study = tenRuns();
    const without = leaveOut(study, ['run 2']);
    const { training } = study;
    const ids = training.ids.map((id, row) => (row === 9 ? 'newer' : id));
    expect(withTraining(without, { ...training, ids }).training.ids).not.toContain('run 2');
    const losses = fromRows(training.ids.map((_, row) => [row + 200]));
    const measured = withTrajectory(without, { steps: [7], losses: [losses] });
    expect(measured.training.trajectory?.losses[0].values).toEqual(
      Float64Array.of(200, 201, 203, 204, 205, 206, 207, 208, 209),
    );
    expect(takeBack(measured, ['run 2']).training.trajectory?.losses[0]).toEqual(losses);
  });

  test('cannot be so many that too few are left, and others change nothing', () => {
    const study = tenRuns();
    expect(() => leaveOut(study, ['run 0', 'run 1', 'run 2'])).toThrow('leave 7 training runs');
    expect(leaveOut(study, ['another'])).toEqual(study);
  });
});
