import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fromRows } from '../model/matrix';
import type { RunTable } from '../model/study';
import { purposeOf, withPurpose } from '../runs/recognition';
import { studyOf } from '../runs/runs.fixture';
import { writeRuns } from '../runs/write-runs';
import { nextIds, writeProposals } from './write-proposals';

const domains = ['web', 'pile_cc', 'Code x'].map((id) => ({ id, name: id }));
const targets = [
  { id: 'web', name: 'Web loss', unit: 'nats per token', direction: 'lower' as const },
];
const training: RunTable = {
  name: 'training',
  ids: Array.from({ length: 9 }, (_, run) => String(run + 1)),
  mixtures: fromRows(Array.from({ length: 9 }, (_, run) => [run / 10, 0.1, 0.9 - run / 10])),
  losses: fromRows(Array.from({ length: 9 }, (_, run) => [3 + run / 10])),
};
const proposals = [
  { weights: Float64Array.of(0.123, 0.877, 0) },
  { weights: Float64Array.of(0.5, 0.25, 0.25) },
];

describe('files of the next round', () => {
  const { csv, yaml } = writeProposals({ domains, training }, proposals);

  test('are a CSV of mixtures with the round', () => {
    expect(csv).toBe(
      'index,train_web,train_pile_cc,train_Code x,round\n10,0.123,0.877,0,1\n11,0.5,0.25,0.25,1\n',
    );
  });

  test('are a YAML document for every run', () => {
    expect(yaml.split('---\n').slice(1)).toEqual([
      '# 10\ntrain:\n  "train_web": 0.123\n  "train_pile_cc": 0.877\n  "train_Code x": 0.0\nvalid:\n  "valid_web": 1.0\n  "valid_pile_cc": 1.0\n  "valid_Code x": 1.0\n',
      '# 11\ntrain:\n  "train_web": 0.5\n  "train_pile_cc": 0.25\n  "train_Code x": 0.25\nvalid:\n  "valid_web": 1.0\n  "valid_pile_cc": 1.0\n  "valid_Code x": 1.0\n',
    ]);
  });

  test('are read back as the next round of the study', () => {
    const files = {
      'round_mixture.csv': csv,
      'round_loss.csv': 'index,metric/web_val_loss\n11,3\n10,2\n',
    };
    const options = { acceptUnpaired: false, base: { domains, targets } };
    const { nextRound, notes } = studyOf(files, options, (recognition) => {
      const round = withPurpose(recognition, 'round');
      expect(purposeOf(round)).toBe('round');
      return round;
    });
    expect(nextRound?.ids).toEqual(['10', '11']);
    expect(nextRound?.mixtures).toEqual(fromRows(proposals.map(({ weights }) => weights)));
    expect(nextRound?.losses.values).toEqual(Float64Array.of(2, 3));
    expect(nextRound?.rounds).toEqual(Int32Array.of(1, 1));
    expect(notes).toEqual([]);
  });

  test('count rounds on from the last', () => {
    const rounds = Int32Array.of(0, 0, 0, 0, 4, 2, 2, 2, 2);
    const later = writeProposals({ domains, training: { ...training, rounds } }, proposals);
    expect(later.csv).toContain('\n10,0.123,0.877,0,5\n');
  });

  test('open as a study with the runs before them', () => {
    const both = { ...training, rounds: new Int32Array(9) };
    const { mixtures, losses } = writeRuns(both, domains, targets);
    const files = {
      'mixture.csv': mixtures + csv.slice(csv.indexOf('\n') + 1),
      'loss.csv': `${losses}10,2\n11,3\n`,
    };
    const { training: read } = studyOf(files);
    expect(read?.ids).toEqual([...training.ids, '10', '11']);
    expect(read?.rounds?.slice(8)).toEqual(Int32Array.of(0, 1, 1));
  });
});

describe.each([
  ['train_the_pile_', 'train_the_pile_'],
  ['weights/', 'train_'],
  ['config.mix_', 'train_'],
  ['the_pile_', 'train_the_pile_'],
])('files for domains whose columns begin with %s', (before, written) => {
  const named = ['web', 'pile_cc', 'code'].map((id) => ({ id, name: id, column: before + id }));
  const { csv, yaml } = writeProposals({ domains: named, training }, proposals);
  const names = named.map(({ id }) => written + id);

  test('have the names that RegMix’s trainer knows', () => {
    expect(csv.split('\n')[0]).toBe(['index', ...names, 'round'].join(','));
    const [first] = parseAllDocuments(yaml).map((document) => document.toJS());
    expect(Object.keys(first.train)).toEqual(names);
    expect(Object.keys(first.valid)).toEqual(
      names.map((name) => name.replace(/^train_/, 'valid_')),
    );
  });

  test('are read back as the next round of the study', () => {
    const files = {
      'round_mixture.csv': csv,
      'round_loss.csv': 'index,metric/web_val_loss\n11,3\n10,2\n',
    };
    const options = { acceptUnpaired: false, base: { domains: named, targets } };
    const { nextRound } = studyOf(files, options, (recognition) =>
      withPurpose(recognition, 'round'),
    );
    expect(nextRound?.mixtures).toEqual(fromRows(proposals.map(({ weights }) => weights)));
  });
});

describe('further ids', () => {
  test.each([
    [
      ['1', '2', '12'],
      ['13', '14'],
    ],
    [
      ['run-7', 'run-3'],
      ['run-8', 'run-9'],
    ],
    [
      ['run_007', 'run_099'],
      ['run_100', 'run_101'],
    ],
    [
      ['007', '010'],
      ['011', '012'],
    ],
    [
      ['a1', 'b2'],
      ['round-3-1', 'round-3-2'],
    ],
    [
      ['a', 'b'],
      ['round-3-1', 'round-3-2'],
    ],
    [
      ['round-3-1', 'x'],
      ['round-3-2', 'round-3-3'],
    ],
    [
      ['1', '2-round-1'],
      ['round-3-1', 'round-3-2'],
    ],
    [['c0ffee12345678901234567'], ['round-3-1', 'round-3-2']],
    [[], ['round-3-1', 'round-3-2']],
  ])('after %j are %j', (ids, next) => {
    expect(nextIds(ids, 2, 3)).toEqual(next);
  });
});
