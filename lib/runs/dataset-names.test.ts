import { describe, expect, it, test } from 'vitest';
import { datasetNames, regmixNames } from './dataset-names';

const named = (columns: readonly string[]) =>
  columns.map((column, place) => ({ id: `short ${place}`, column }));

describe('names of datasets', () => {
  test.each([
    [['train_the_pile_arxiv', 'train_the_pile_github'], undefined],
    [['the_pile_arxiv', 'the_pile_github'], undefined],
    [['web', 'mix_code'], undefined],
    [['dclm:web', 'dclm:code'], undefined],
    [['dolma_mix_web', 'dolma_mix_code'], undefined],
    [['training_web', 'training_code'], undefined],
    [
      ['mix_web', 'mix_code'],
      ['web', 'code'],
    ],
    [
      ['weights/web', 'weights/code'],
      ['web', 'code'],
    ],
    [
      ['config.mix_web', 'config.mix_code'],
      ['web', 'code'],
    ],
    [
      ['config.data.weights.the_pile_web', 'config.data.weights.the_pile_code'],
      ['the_pile_web', 'the_pile_code'],
    ],
    [
      ['train.train_the_pile_arxiv', 'train.train_the_pile_github'],
      ['train_the_pile_arxiv', 'train_the_pile_github'],
    ],
    [
      ['weights/mix_web', 'weights/mine'],
      ['mix_web', 'mine'],
    ],
    [['w_1', 'w_2'], undefined],
    [['mix_', 'mix_web'], undefined],
  ])('%j', (columns, expected) => {
    expect(datasetNames(named(columns))).toEqual(expected ?? columns);
  });

  it('are the ids where the file had no others, or one twice', () => {
    expect(datasetNames([{ id: 'web' }, { id: 'code' }])).toEqual(['web', 'code']);
    expect(datasetNames(named(['web', 'web']))).toEqual(['short 0', 'short 1']);
  });

  it('lose train_ for RegMix where all have it', () => {
    expect(regmixNames(named(['train_web', 'train_code']))).toEqual(['web', 'code']);
    expect(regmixNames(named(['train_web', 'code']))).toEqual(['train_web', 'code']);
    expect(regmixNames(named(['train_', 'train_code']))).toEqual(['train_', 'train_code']);
  });
});
