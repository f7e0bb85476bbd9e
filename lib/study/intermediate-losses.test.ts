import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { readIntermediateLosses } from './intermediate-losses';

describe('losses on the way', () => {
  it('are sorted by step, one per run, whatever the order of rows', () => {
    const rows = ['7,20,0.5', '3,10,0.9', '7,10,0.8', '3,20,0.7'];
    expect(readIntermediateLosses(['index,step,metric/es_bpb', ...rows].join('\n'), 'es')).toEqual({
      ids: ['7', '3'],
      steps: [10, 20],
      losses: [
        [0.8, 0.9],
        [0.5, 0.7],
      ],
    });
  });

  it('are refused without the target, or with a run that lacks a step', () => {
    expect(() => readIntermediateLosses('index,step,metric/en_bpb\n1,2,3', 'es')).toThrow(
      StageError,
    );
    const torn = 'index,step,metric/es_bpb\n1,10,3\n2,10,3\n1,20,3';
    expect(() => readIntermediateLosses(torn, 'es')).toThrow(/lacks some runs/);
  });

  it('of the built-in study end in its losses', () => {
    const folder = 'public/studies/languages';
    const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
    const { ids, steps, losses } = readIntermediateLosses(read('train_trajectory.csv'), 'es');
    const [header, ...lines] = read('train_loss.csv').trim().split('\n');
    const column = header.split(',').indexOf('metric/es_bpb');
    const last = new Map(
      lines.map((line) => [line.split(',')[0], Number(line.split(',')[column])]),
    );
    expect(steps).toHaveLength(4);
    expect(ids).toHaveLength(last.size);
    ids.forEach((id, run) => {
      expect(losses[3][run]).toBeCloseTo(last.get(id) ?? Number.NaN, 4);
    });
  });
});
