import { describe, expect, it } from 'vitest';
import { chooseSuites, longSuites, longTests, misplaced, projectFiles } from './long-suites';

describe('long suites', () => {
  it('contain every long test of the project exactly once', () => {
    const tests = longTests();
    expect(tests).toContain('e2e/long/firefox.spec.ts');
    expect(misplaced(tests, projectFiles())).toEqual([]);
  });

  it.each([
    ['scripts/fuzz/fuzz.test.ts', 'damage'],
    ['lib/share/hostile.test.ts', 'damage'],
    ['lib/regression/published.long.test.ts', 'published'],
    ['lib/optimum/judged.long.test.ts', 'published'],
    ['e2e/long/webgpu-training.spec.ts', 'webgpu'],
    ['e2e/long/training.spec.ts', 'training'],
    ['e2e/long/large.spec.ts', 'large'],
    ['e2e/long/firefox.spec.ts', 'firefox'],
  ])('take %s into %s', (path, name) => {
    const names = longSuites.filter(({ holds }) => holds(path)).map((suite) => suite.name);
    expect(names).toEqual([name]);
  });

  it('report a browser spec that is named after none of them', () => {
    const path = 'e2e/long/journey.spec.ts';
    expect(misplaced([path], [path])).toEqual([`${path} is in no long suite`]);
  });

  it.each(['e2e/training.long.spec.ts', 'bench/solver.long.test.ts'])(
    'say that %s is run by nothing, though it is named as a long test',
    (path) => {
      expect(misplaced([], [path, 'lib/matrix.test.ts'])).toEqual([
        `${path} is run by no long configuration`,
      ]);
    },
  );

  it('are chosen by name, in their own order, or all', () => {
    const names = chooseSuites(['webgpu', 'firefox']).map(({ name }) => name);
    expect(names).toEqual(['firefox', 'webgpu']);
    expect(chooseSuites([])).toBe(longSuites);
    expect(() => chooseSuites(['webgpu', 'safari'])).toThrow(/no long suite named safari/);
  });
});
