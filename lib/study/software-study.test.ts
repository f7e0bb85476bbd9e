import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitOptions } from '../analysis/keys';
import { runJob } from '../model/job';
import { boundsOf } from '../optimum/constraints';
import { assessStudy } from '../regression/assess';
import { targetSample } from '../regression/sample';
import { noiseFloor } from '../regression/trust';
import { readTrajectory } from '../runs/read-trajectory';
import { openSoftwareStudy, softwareFiles } from './built-in';
import type { OpenedStudy } from './from-runs';

const textOf = (name: string) => readFileSync(join('public', 'studies', 'software', name), 'utf8');
let opened: OpenedStudy;
beforeAll(() => {
  opened = openSoftwareStudy(softwareFiles.map((name) => ({ name, text: textOf(name) })));
});

describe('the Software study', () => {
  it('holds the trained runs, held-out sets, and limits of which one is low', () => {
    const { study, settings } = opened;
    expect(study.training.ids).toHaveLength(272);
    expect(study.testSets.map(({ name, ids }) => [name, ids.length])).toEqual([
      ['20K test', 64],
      ['100K test', 32],
    ]);
    expect(study.source.detail).toMatch(/^Proxies of [\d,]+ parameters, .* [\d,]+ bytes each of/);
    expect(study.domains.map(({ name }) => name)).toContain('Type declarations');
    const { upper } = boundsOf(settings.constraints, study);
    const licences = study.domains.findIndex(({ id }) => id === 'licences');
    expect(upper[licences]).toBeLessThan(0.1);
    expect(upper.reduce((sum, cap) => sum + cap, 0)).toBeGreaterThan(1);
  });

  it('is predicted at rho 0.9 and more on mixtures that the fit has not seen', () => {
    const { study, settings } = opened;
    const fit = runJob(assessStudy(study, settings.target, 'law', fitOptions(settings)));
    expect(fit.crossValidation.spearman).toBeGreaterThanOrEqual(0.9);
    expect(fit.tests[0].statistics.spearman).toBeGreaterThanOrEqual(0.9);
  });

  it('varies with the mixture more than with the seed', () => {
    const { study, settings } = opened;
    const column = study.targets.findIndex(({ id }) => id === settings.target);
    const rows = targetSample(study.training, column, false);
    const noise = noiseFloor(rows);
    expect(noise?.groups).toBe(16);
    expect(noise?.sd).toBeLessThan((Math.max(...rows.values) - Math.min(...rows.values)) / 10);
  });

  it('has its losses on the way, the last of them its own', () => {
    const { study } = opened;
    const text = textOf('train_trajectory.csv');
    const { steps, losses } = readTrajectory({ name: 'trajectory', text }, study);
    expect(steps).toHaveLength(4);
    expect([...losses[3].values]).toEqual([...study.training.losses.values]);
  });
});
