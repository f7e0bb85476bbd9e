import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundsOf, feasibilityOf } from '../optimum/constraints';
import { builtInStudies } from './built-in';
import { examples } from './examples';

function open(example: (typeof examples)[number]) {
  const found = builtInStudies.find(({ id }) => id === example.study);
  if (!found) throw new Error(`no study ${example.study}`);
  const texts = found.files.map((name) => ({
    name,
    text: readFileSync(join('public', 'studies', found.id, name), 'utf8'),
  }));
  return example.set(found.open(texts));
}

describe('examples', () => {
  it.each(examples.map((example) => [example.id, example] as const))(
    '%s opens with limits that leave a mixture, and says briefly what to look for',
    (_, example) => {
      const { study, settings } = open(example);
      const { constraints } = settings;
      expect(feasibilityOf(boundsOf(constraints, study), constraints, study.domains).feasible).toBe(
        true,
      );
      expect(study.targets.some(({ id }) => id === settings.target)).toBe(true);
      expect(example.look.split(/\s+/).length).toBeLessThanOrEqual(60);
    },
  );

  it('with little Portuguese leaves it 3.2% of the tokens, and is of the same runs', () => {
    const little = examples.find(({ id }) => id === 'low-resource');
    if (!little) throw new Error('no such example');
    const { study, settings } = open(little);
    const place = study.domains.findIndex(({ id }) => id === settings.target);
    expect(study.domains[place].name).toBe('Portuguese');
    expect(boundsOf(settings.constraints, study).upper[place]).toBeCloseTo(0.032, 12);
    expect(study.id).toBe('languages');
  });
});
