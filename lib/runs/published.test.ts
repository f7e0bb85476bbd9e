import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedDataFolder } from '../../scripts/published-data';
import { rowOf } from '../model/matrix';
import { studyOf } from './runs.fixture';
import { writeRuns } from './write-runs';

const folder = publishedDataFolder();
if (folder === null) {
  console.warn('SKIPPED: the published runs are not there. Set REGMIX_DATA to their folder.');
}

describe.skipIf(folder === null)('the runs published with RegMix', () => {
  const names = ['test_mixture_1m', 'train_pile_loss_1m', 'train_mixture_1m', 'test_pile_loss_1m'];
  const files = Object.fromEntries(
    names.map((name) => [
      `${name}.csv`,
      folder === null ? '' : readFileSync(join(folder, `${name}.csv`), 'utf8'),
    ]),
  );
  const study = () => studyOf(files);

  test('are 512 and 256 runs of 17 domains and 13 targets', () => {
    const { training, testSets, domains, targets, notes } = study();
    expect(training?.ids).toHaveLength(512);
    expect(testSets.map(({ name, ids }) => [name, ids.length])).toEqual([['1M test', 256]]);
    expect(domains.map(({ id }) => id).slice(10, 13)).toEqual([
      'gutenberg_pg_19',
      'pile_cc',
      'ubuntu_irc',
    ]);
    expect(domains).toHaveLength(17);
    expect(targets[8]).toEqual({
      id: 'pile_cc',
      name: 'Pile CC loss',
      unit: 'nats per token',
      direction: 'lower',
    });
    expect(targets).toHaveLength(13);
    const ids = new Set(domains.map(({ id }) => id));
    expect(targets.every(({ id }) => ids.has(id))).toBe(true);
    // Counted apart from this code: rows whose 17 cells do not sum to 1.
    expect(notes.map(({ kind, count }) => [kind, count])).toEqual([
      ['renormalised', 303],
      ['renormalised', 133],
    ]);
  });

  test('keep their weights as recorded, and sum to 1', () => {
    const { training } = study();
    if (training === null) throw new Error('no training set');
    const { recorded, mixtures, losses } = training;
    expect(recorded && rowOf(recorded, 0)[11]).toBe(0.787);
    expect(losses.values[8]).toBe(5.169477939605713);
    for (let row = 0; row < 512; row++) {
      expect(rowOf(mixtures, row).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  test('come back from written files as they are', () => {
    const { training, domains, targets } = study();
    if (training === null) throw new Error('no training set');
    const written = writeRuns(training, domains, targets);
    const again = studyOf({ 'mixture.csv': written.mixtures, 'loss.csv': written.losses });
    expect(again.training).toEqual(training);
    expect(again.domains).toEqual(domains);
    expect(again.targets).toEqual(targets);
  });
});
