import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitOptions } from '../analysis/keys';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import type { Assessment } from '../model/regressor';
import { spearman } from '../model/statistics';
import { assessStudy } from '../regression/assess';
import { findRegimes } from '../regression/regimes';
import { targetSample } from '../regression/sample';
import { noiseFloor } from '../regression/trust';
import { languagesFiles, openLanguagesStudy } from './built-in';
import type { OpenedStudy } from './from-runs';

let opened: OpenedStudy;
let fit: Assessment;

beforeAll(() => {
  opened = openLanguagesStudy(
    languagesFiles.map((name) => ({
      name,
      text: readFileSync(join('public', 'studies', 'languages', name), 'utf8'),
    })),
  );
  const { study, settings } = opened;
  const known = new Map<string, Assessment>();
  fit = runJob(
    assessStudy(study, settings.target, settings.regressor, fitOptions(settings), known),
  );
});

/** Column of a target in the losses. */
const targetColumn = () =>
  opened.study.targets.findIndex(({ id }) => id === opened.settings.target);

describe('the Languages study', () => {
  it('holds the trained runs, two held-out sets on mixtures of their own, and what they are', () => {
    const { study, settings } = opened;
    expect(study.training.ids).toHaveLength(168);
    expect(study.testSets.map(({ name, ids }) => [name, ids.length])).toEqual([
      ['20K test', 32],
      ['100K test', 20],
    ]);
    expect(study.domains.map(({ name }) => name)).toContain('Portuguese');
    expect(new Set(study.targets.map(({ unit }) => unit))).toEqual(new Set(['bits per byte']));
    expect(settings.target).toBe('es');
    expect(settings.constraints.availableTokens.every((tokens) => Number(tokens) > 1e5)).toBe(true);
    const trained = new Set(
      study.training.ids.map((_, row) => rowOf(study.training.mixtures, row).join()),
    );
    expect(trained.size).toBe(160);
    for (const { ids, mixtures } of study.testSets) {
      ids.forEach((_, row) => {
        expect(trained.has(rowOf(mixtures, row).join())).toBe(false);
      });
    }
  });

  it('is predicted by the default regressor at rho 0.95 and more, on runs that it has not seen', () => {
    expect(fit.regressor).toBe('law+gp');
    expect(fit.crossValidation.spearman).toBeGreaterThanOrEqual(0.95);
    const held = fit.tests.find(({ name }) => name === '20K test');
    expect(held?.statistics.n).toBe(32);
    expect(held?.statistics.spearman).toBeGreaterThanOrEqual(0.95);
  });

  it('varies with the mixture many times as much as with the seed', () => {
    const rows = targetSample(opened.study.training, targetColumn(), false);
    const noise = noiseFloor(rows);
    expect(noise?.groups).toBe(8);
    const spread = Math.max(...rows.values) - Math.min(...rows.values);
    expect(noise?.sd).toBeLessThan(spread / 20);
    expect(noise?.ceiling).toBeGreaterThan(0.98);
  });

  it('is ranked by proxies of 20k about as by proxies of five times the size', () => {
    const [small, large] = opened.study.testSets.map(
      (table) => targetSample(table, targetColumn(), false).values,
    );
    expect(spearman(small.slice(0, large.length), large)).toBeGreaterThan(0.9);
  });

  it('is made of proxies that learnt more than how often bytes occur, every one', () => {
    for (const [set, count] of [
      ['train', 168],
      ['test_20k', 32],
      ['test_100k', 20],
    ] as const) {
      const path = join('public', 'studies', 'languages', `${set}_training.csv`);
      const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
      expect(header).toBe('index,training_loss,unigram_entropy');
      expect(rows).toHaveLength(count);
      for (const row of rows) {
        const [, loss, entropy] = row.split(',').map(Number);
        expect(loss).toBeGreaterThan(0);
        expect(loss).toBeLessThan(entropy);
      }
    }
  });

  it('has two regimes of Russian alone: with any Russian text, and without', () => {
    const { study } = opened;
    const found = study.targets.map((_, place) =>
      runJob(findRegimes(targetSample(study.training, place, false), 1)),
    );
    study.targets.forEach(({ id }, place) => {
      const domain = found[place]?.domain;
      expect(domain === undefined ? null : study.domains[domain].id).toBe(
        id === 'ru' ? 'ru' : null,
      );
    });
    const target = 'ru';
    const { regimes } = runJob(assessStudy(study, target, 'law', { seed: 1 }));
    expect(regimes?.rows.map(({ test }) => test)).toEqual([
      null,
      ...study.testSets.map(({ name }) => name),
    ]);
    expect(regimes?.rows[0].without.n).toBe(60);
    expect(regimes?.rows[0].with.n).toBe(108);
    expect(regimes?.rows[0].with.spearman).toBeGreaterThan(0.9);
  });
});
