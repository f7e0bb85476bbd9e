import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { fromRows } from '../model/matrix';
import { sweepArchive } from './sweep-archive';

it('a sweep opens as a zip of YAMLs, a SLURM script of as many tasks, and the mixtures', () => {
  const domains = ['web', 'code'].map((id) => ({ id, name: id }));
  const training = {
    name: 'training',
    ids: ['../1', '../2'],
    mixtures: fromRows([
      [0.5, 0.5],
      [0.1, 0.9],
    ]),
    losses: fromRows([[1], [2]]),
  };
  const proposals = [Float64Array.of(0.25, 0.75), Float64Array.of(1 / 3, 2 / 3)].map((weights) => ({
    weights,
  }));
  const zip = sweepArchive({ domains, training }, proposals);
  expect(sweepArchive({ domains, training }, proposals)).toEqual(zip);
  const files = Object.fromEntries(
    Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]),
  );
  expect(Object.keys(files).sort()).toEqual([
    'README.md',
    'mixtures.csv',
    'olmix/0001.yaml',
    'olmix/0002.yaml',
    'regmix/0001.yaml',
    'regmix/0002.yaml',
    'runs.txt',
    'train.slurm',
  ]);
  expect(parse(files['regmix/0001.yaml']).train).toEqual({ train_web: 0.25, train_code: 0.75 });
  const { train } = parse(files['regmix/0002.yaml']);
  expect(train.train_web + train.train_code).toBe(1);
  expect(parse(files['olmix/0001.yaml']).mix.code.weight).toBe(0.75);
  expect(files['train.slurm']).toContain('--array=1-2\n');
  expect(files['runs.txt']).toBe('0001 ../3\n0002 ../4\n');
  expect(files['mixtures.csv'].split('\n')[1]).toBe('../3,0.25,0.75,1');
});

it('a sweep has the names of the user’s file, and no file for a weight that is not finite', () => {
  const domains = ['web', 'code'].map((id) => ({ id, name: id, column: `train_the_pile_${id}` }));
  const training = {
    name: 'training',
    ids: ['1', '2'],
    mixtures: fromRows([
      [0.5, 0.5],
      [0.1, 0.9],
    ]),
    losses: fromRows([[1], [2]]),
  };
  const zip = sweepArchive({ domains, training }, [{ weights: Float64Array.of(0.25, 0.75) }]);
  const textOf = (name: string) => strFromU8(unzipSync(zip)[name]);
  const names = ['train_the_pile_web', 'train_the_pile_code'];
  expect(Object.keys(parse(textOf('regmix/0001.yaml')).train)).toEqual(names);
  expect(Object.keys(parse(textOf('olmix/0001.yaml')).mix)).toEqual(names);
  expect(textOf('mixtures.csv').split('\n')[0]).toBe(`index,${names.join(',')},round`);
  expect(() =>
    sweepArchive({ domains, training }, [{ weights: Float64Array.of(1, Number.NaN) }]),
  ).toThrow('The weight of code is NaN');
});
