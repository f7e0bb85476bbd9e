import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../model/matrix';
import { evaluateSmooth } from '../regression/predict';
import { openSimulatedStudy, simulatedFiles } from './built-in';

const { study } = openSimulatedStudy(
  simulatedFiles.map((name) => ({
    name,
    text: readFileSync(join('public', 'studies', 'simulated', name), 'utf8'),
  })),
);

describe('the simulated study', () => {
  it('was drawn from the laws that it carries, with the noise that is stated', () => {
    expect(study.truth).toHaveLength(study.targets.length);
    study.truth?.forEach((law, target) => {
      if (!law) throw new Error('a law is missing');
      expect(law.sign).toBe(study.targets[target].direction === 'lower' ? 1 : -1);
      for (const { mixtures, losses } of [study.training, ...study.testSets]) {
        let sum = 0;
        let squares = 0;
        for (let row = 0; row < mixtures.rows; row++) {
          const measured = losses.values[row * losses.columns + target];
          const residual = measured - evaluateSmooth(law, rowOf(mixtures, row), null);
          sum += residual;
          squares += residual ** 2;
        }
        expect(Math.abs(sum / mixtures.rows)).toBeLessThan(0.003);
        expect(Math.sqrt(squares / mixtures.rows)).toBeGreaterThan(0.009);
        expect(Math.sqrt(squares / mixtures.rows)).toBeLessThan(0.015);
      }
    });
  });
});
