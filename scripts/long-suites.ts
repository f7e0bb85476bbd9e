import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import * as v from 'valibot';

/** A group of tests that take too long for `npm test`, run by `npm run test:long`. */
export interface LongSuite {
  readonly name: string;
  /** Whether it needs the built site. */
  readonly needsSite: boolean;
  /**
   * Whether a long test belongs to it.
   *
   * @param path from the project's folder, with `/` between folders
   */
  readonly holds: (path: string) => boolean;
}

const browserFolder = 'e2e/long/';
const damagePattern = /\/(fuzz|hostile|damage)[^/]*$/;

/** In the order in which they run. Every long test belongs to exactly one. */
export const longSuites: readonly LongSuite[] = [
  // Not made of test files: `npm run lighthouse`.
  { name: 'lighthouse', needsSite: true, holds: () => false },
  // Browser tests: the name of the file begins with that of the suite.
  ...['firefox', 'webgpu', 'large', 'training'].map((name) => ({
    name,
    needsSite: true,
    holds: (path: string) => path.startsWith(`${browserFolder}${name}`),
  })),
  {
    name: 'damage',
    needsSite: false,
    holds: (path) => !path.startsWith(browserFolder) && damagePattern.test(path),
  },
  {
    name: 'published',
    needsSite: false,
    holds: (path) => !path.startsWith(browserFolder) && !damagePattern.test(path),
  },
];

/**
 * The suites with these names, in the order of {@link longSuites}; all of them for no names.
 *
 * @throws RangeError for an unknown name
 */
export function chooseSuites(names: readonly string[]): readonly LongSuite[] {
  const unknown = names.filter((name) => longSuites.every((suite) => suite.name !== name));
  if (unknown.length > 0) {
    const known = longSuites.map(({ name }) => name).join(', ');
    throw new RangeError(`no long suite named ${unknown.join(', ')}; expected some of ${known}`);
  }
  return names.length === 0 ? longSuites : longSuites.filter(({ name }) => names.includes(name));
}

const vitestList = v.array(v.object({ file: v.string() }));

/** Every test that the long configurations of vitest and Playwright run, as paths from the project's folder. */
export function longTests(): string[] {
  const list = execFileSync(
    'npx',
    ['vitest', 'list', '--config', 'vitest.long.config.ts', '--filesOnly', '--json'],
    { encoding: 'utf8' },
  );
  const unitTests = v
    .parse(vitestList, JSON.parse(list))
    .map(({ file }) => relative('.', file).split(sep).join('/'));
  const specs = projectFiles().filter(
    (path) => path.startsWith(browserFolder) && /\.(test|spec)\.[cm]?[jt]sx?$/.test(path),
  );
  return [...unitTests, ...specs];
}

/**
 * Describes long tests that are not in exactly one suite; empty when all are.
 *
 * @param tests tests of the long configurations
 * @param files of the project; those named as long tests must be among the tests
 */
export function misplaced(tests: readonly string[], files: readonly string[]): string[] {
  const unassigned = files.filter(
    (path) => /\.long\.(test|spec)\./.test(path) && !tests.includes(path),
  );
  return [
    ...unassigned.map((path) => `${path} is run by no long configuration`),
    ...tests.flatMap((path) => {
      const suites = longSuites.filter(({ holds }) => holds(path)).map(({ name }) => name);
      if (suites.length === 1) return [];
      return [`${path} is in ${suites.length === 0 ? 'no long suite' : suites.join(' and in ')}`];
    }),
  ];
}

/** Folders of installed or built files. */
const leftOut = ['node_modules', 'out', 'coverage', 'test-results', 'playwright-report'];

/**
 * Files of the project except installed, built and hidden ones.
 *
 * @returns paths from the working folder, with `/` between folders
 */
export function projectFiles(folder = ''): string[] {
  return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || leftOut.includes(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}
