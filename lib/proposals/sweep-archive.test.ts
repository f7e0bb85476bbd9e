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
