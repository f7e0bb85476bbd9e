import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import type { Study } from '../model/study';
import { RunsError } from './errors';
import { readTrajectory } from './read-trajectory';
import { writeTrajectory } from './write-runs';

const row = (...values: number[]) => Float64Array.from(values);
const study: Pick<Study, 'training' | 'targets'> = {
  targets: [
    { id: 'cats', name: 'Cats loss', unit: 'bits per byte', direction: 'lower' },
    { id: 'dogs', name: 'Dogs loss', unit: 'bits per byte', direction: 'lower' },
  ],
  training: {
    name: 'training',
    ids: ['1', '2'],
    mixtures: fromRows([row(0.5, 0.5), row(1, 0)]),
    losses: fromRows([row(2, 3), row(4, 5)]),
  },
};
const read = (...lines: string[]) =>
  readTrajectory({ name: 'way.csv', text: lines.join('\n') }, study);
const header = 'index,step,metric/cats_bpb,metric/dogs_bpb';

describe('a trajectory', () => {
  it('is read as it was written, whatever the order of its rows', () => {
    const trajectory = {
      steps: [10, 20],
      losses: [fromRows([row(5, 6), row(7, 8)]), study.training.losses],
    };
    const text = writeTrajectory({ ids: study.training.ids, trajectory }, study.targets);
    const [first, ...rest] = text.trim().split('\n');
    expect(read(first, ...rest)).toEqual(trajectory);
    expect(read(first, ...rest.reverse())).toEqual(trajectory);
  });

  it('leaves out what was not measured', () => {
    const { losses } = read('index,step,metric/dogs_bpb', '2,10,8', '1,20,3', '2,20,');
    expect([...losses[0].values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 8]);
    expect([...losses[1].values]).toEqual([Number.NaN, 3, Number.NaN, Number.NaN]);
  });

  it.each([
    [['step,metric/cats_bpb', '10,3'], /way\.csv.*"index" or "run"/],
    [['index,metric/cats_bpb', '1,3'], /"step"/],
    [['index,step,birds', '1,10,3'], /no losses.*"metric\/cats_bpb"/],
    [[header, '1,10,3,4', '9,10,3,4'], /row 3.*"index".*"9".*a run of the study/],
    [[header, '1,0.5,3,4'], /row 2.*"step".*"0.5".*whole/],
    [[header, '1,-3,3,4'], /row 2.*"step".*whole/],
    [[header, '1,10,3,4', '1,10,3,4'], /row 3.*"index".*once at step 10/],
    [
      [header, '1,10,3,4', '2,10,3,high', '1,20,2,3', '2,20,2,3'],
      /row 3.*"metric\/dogs_bpb".*high/,
    ],
    [
      [header, ...Array.from({ length: 101 }, (_, step) => `1,${step + 1},3,4`)],
      /row 102.*"step".*at most 100/,
    ],
  ])('is refused with its place: %#', (lines, expected) => {
    expect(() => read(...lines)).toThrow(RunsError);
    expect(() => read(...lines)).toThrow(expected);
  });
});
