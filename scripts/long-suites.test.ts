import { describe, expect, it } from 'vitest';
import { chooseSuites, longSuites, misplaced, projectFiles } from './long-suites';

describe('long suites', () => {
  it('hold every long test of the project exactly once', () => {
    expect(misplaced(projectFiles())).toEqual([]);
  });

  it.each([
    ['scripts/fuzz/fuzz.long.test.ts', 'damage'],
    ['lib/share/hostile.long.test.ts', 'damage'],
    ['lib/regression/published.long.test.ts', 'published'],
    ['lib/optimum/judge.long.test.ts', 'published'],
    ['e2e/long/webgpu-training.spec.ts', 'webgpu'],
    ['e2e/long/training.spec.ts', 'training'],
    ['e2e/long/large.spec.ts', 'large'],
    ['e2e/long/firefox.spec.ts', 'firefox'],
  ])('take %s into %s', (path, name) => {
    expect(longSuites.filter(({ holds }) => holds(path)).map((suite) => suite.name)).toEqual([
      name,
    ]);
  });

  it.each([
    'e2e/long/journey.spec.ts',
    'e2e/training.long.spec.ts',
    'bench/solver.long.test.ts',
    'e2e/long/firefox.test.ts',
  ])('leave out %s, which no suite would run, and say so', (path) => {
    expect(misplaced([path])).toEqual([`${path} is in no long suite`]);
  });

  it('say nothing of other files', () => {
    expect(misplaced(['lib/matrix.test.ts', 'e2e/training.spec.ts', 'e2e/long/page.ts'])).toEqual(
      [],
    );
  });

  it('are chosen by name, in their own order, or all', () => {
    const names = chooseSuites(['webgpu', 'firefox']).map(({ name }) => name);
    expect(names).toEqual(['firefox', 'webgpu']);
    expect(chooseSuites([])).toBe(longSuites);
    expect(() => chooseSuites(['webgpu', 'safari'])).toThrow(/no long suite named safari/);
  });
});
