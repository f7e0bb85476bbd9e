import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitOptions } from '../analysis/keys';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import type { Assessment } from '../model/regressor';
import type { RunTable } from '../model/study';
import { boundsOf } from '../optimum/constraints';
import { assessStudy } from '../regression/assess';
import { findRegimes } from '../regression/regimes';
import { targetSample } from '../regression/sample';
import { noiseFloor, rankAgreement } from '../regression/trust';
import { sizeToVerify } from '../verify/plan';
import { languagesFiles, openLanguagesStudy } from './built-in';
import type { OpenedStudy } from './from-runs';

const textOf = (name: string) => readFileSync(join('public', 'studies', 'languages', name), 'utf8');

/** Numbers of runs and repeats of the sets, as the commands that trained them say, by name. */
const planned = new Map(
  (JSON.parse(textOf('provenance.json')) as { commands: string[] }).commands.map((command) => {
    const option = (name: string) => new RegExp(` --${name} (\\S+)`).exec(command)?.[1];
    const [proxies, repeats] = [Number(option('proxies')), Number(option('repeats') ?? 0)];
    const isTest = /-test(-|$)/.test(option('out') ?? '');
    const name = isTest ? `${option('size')?.toUpperCase()} test` : 'training';
    return [name, { proxies, repeats, file: isTest ? `test_${option('size')}` : 'train' }];
  }),
);

/** Spearman's rho between measured losses at two sizes, by target, as docs/findings.md has it. */
const agreement = new Map([
  ['100K test and 20K test', [0.952, 0.98, 0.98, 0.986, 0.991, 0.974, 0.986, 0.973]],
  ['100K test and 400K test', [0.963, 0.994, 0.991, 0.981, 0.978, 0.99, 0.974, 0.989]],
  ['20K test and 400K test', [0.886, 0.974, 0.969, 0.96, 0.961, 0.956, 0.968, 0.981]],
]);

let opened: OpenedStudy;
let fit: Assessment;

beforeAll(() => {
  opened = openLanguagesStudy(languagesFiles.map((name) => ({ name, text: textOf(name) })));
  const { study, settings } = opened;
  const known = new Map<string, Assessment>();
  fit = runJob(
    assessStudy(study, settings.target, settings.regressor, fitOptions(settings), known),
  );
});

/** Column of a target in the losses. */
const targetColumn = () =>
  opened.study.targets.findIndex(({ id }) => id === opened.settings.target);

const distinct = ({ ids, mixtures }: RunTable) =>
  new Set(ids.map((_, row) => rowOf(mixtures, row).join()));

describe('the Languages study', () => {
  it('holds the trained runs, held-out sets on mixtures of their own, and what they are', () => {
    const { study, settings } = opened;
    const tables = [study.training, ...study.testSets];
    expect(new Set(tables.map(({ name }) => name))).toEqual(new Set(planned.keys()));
    for (const { name, ids } of tables) {
      const { proxies = 0, repeats = 0 } = planned.get(name) ?? {};
      expect([name, ids.length]).toEqual([name, proxies + repeats]);
    }
    expect(study.domains.map(({ name }) => name)).toContain('Portuguese');
    expect(new Set(study.targets.map(({ unit }) => unit))).toEqual(new Set(['bits per byte']));
    expect(settings.target).toBe('es');
    expect(settings.constraints.availableTokens.every((tokens) => Number(tokens) > 1e5)).toBe(true);
    const trained = distinct(study.training);
    expect(trained.size).toBe(planned.get('training')?.proxies);
    for (const table of study.testSets) {
      for (const mixture of distinct(table)) expect(trained.has(mixture)).toBe(false);
    }
  });

  it('says the size of its proxies, which the first held-out set and verification follow', () => {
    const { source, testSets } = opened.study;
    expect(source.parameters).toBe(102_848);
    expect(source.detail).toContain('102,848 parameters');
    expect(source.detail).toContain('600,000 bytes');
    expect(testSets[0].name).toBe('100K test');
    expect(sizeToVerify(source.parameters)).toBe('400k');
  });

  it('opens with limits that bind on the target and leave a choice', () => {
    const { study, settings } = opened;
    const { upper } = boundsOf(settings.constraints, study);
    const own = study.domains.findIndex(({ id }) => id === settings.target);
    expect(upper[own]).toBeGreaterThan(0.2);
    expect(upper[own]).toBeLessThan(0.5);
    expect(upper.reduce((sum, cap) => sum + cap, 0)).toBeGreaterThan(2);
  });

  it('is predicted by the default regressor on runs that it has not seen, at every size', () => {
    expect(fit.regressor).toBe('law+gp');
    expect(fit.crossValidation.spearman).toBeGreaterThanOrEqual(0.97);
    for (const { name, statistics } of fit.tests) {
      expect(statistics.spearman, name).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('varies with the mixture many times as much as with the seed', () => {
    const rows = targetSample(opened.study.training, targetColumn(), false);
    const noise = noiseFloor(rows);
    expect(noise?.groups).toBe(planned.get('training')?.repeats);
    const spread = Math.max(...rows.values) - Math.min(...rows.values);
    expect(noise?.sd).toBeLessThan(spread / 20);
    expect(noise?.ceiling).toBeGreaterThan(0.98);
  });

  it('is ranked alike by proxies of every size, for every target', () => {
    const { study } = opened;
    const sets = study.testSets.length;
    study.targets.forEach(({ id }, place) => {
      const pairs = runJob(rankAgreement(study.testSets, place, 1));
      expect(pairs).toHaveLength((sets * (sets - 1)) / 2);
      for (const { first, second, n, spearman } of pairs) {
        expect(n).toBe(
          Math.min(planned.get(first)?.proxies ?? 0, planned.get(second)?.proxies ?? 0),
        );
        const name = `${first} and ${second}`;
        expect(spearman, `${id}: ${name}`).toBeCloseTo(agreement.get(name)?.[place] ?? 0, 3);
      }
    });
  });

  it('is made of proxies that learnt more than how often bytes occur, every one', () => {
    for (const { file, proxies, repeats } of planned.values()) {
      const [header, ...rows] = textOf(`${file}_training.csv`).trim().split('\n');
      expect(header).toBe('index,training_loss,unigram_entropy');
      expect(rows).toHaveLength(proxies + repeats);
      for (const row of rows) {
        const [, loss, entropy] = row.split(',').map(Number);
        expect(loss).toBeGreaterThan(0);
        expect(loss).toBeLessThan(entropy);
      }
    }
  });

  it('has two regimes of Russian: with any Russian text, and without', () => {
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
    const { regimes } = runJob(assessStudy(study, 'ru', 'law', { seed: 1 }));
    expect(regimes?.rows.map(({ test }) => test)).toEqual([
      null,
      ...study.testSets.map(({ name }) => name),
    ]);
    const [first] = regimes?.rows ?? [];
    expect((first?.without.n ?? 0) + (first?.with.n ?? 0)).toBe(study.training.ids.length);
    expect(first?.without.n).toBeGreaterThan(50);
    expect(first?.with.spearman).toBeGreaterThan(0.9);
  });
});
