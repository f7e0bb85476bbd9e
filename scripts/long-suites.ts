import { readdirSync } from 'node:fs';
import { posix } from 'node:path';

/** A group of tests that take too long for `npm test`, run by `npm run test:long`. */
export interface LongSuite {
  readonly name: string;
  /** Whether its tests need the built site. */
  readonly needsSite: boolean;
  /**
   * Whether a long test belongs to it.
   *
   * @param path from the project's folder, with `/` between folders
   */
  readonly holds: (path: string) => boolean;
}

const unitTest = /^(lib|scripts|workers|components)\/.+\.long\.test\.tsx?$/;
const browserSpec = /^e2e\/long\/.+\.spec\.ts$/;

const lighthouse: LongSuite = { name: 'lighthouse', needsSite: true, holds: () => false };
const damage: LongSuite = {
  name: 'damage',
  needsSite: false,
  holds: (path) => unitTest.test(path) && /\/(fuzz\/|damage|hostile)/.test(path),
};
/** Long tests in a browser: the name of the file begins with that of the suite. */
const browserSuites = ['firefox', 'webgpu', 'large', 'training'].map(
  (name): LongSuite => ({
    name,
    needsSite: true,
    holds: (path) => browserSpec.test(path) && path.startsWith(`e2e/long/${name}`),
  }),
);
const published: LongSuite = {
  name: 'published',
  needsSite: false,
  holds: (path) => unitTest.test(path) && !damage.holds(path),
};

/** In the order in which they run. Every long test belongs to exactly one. */
export const longSuites: readonly LongSuite[] = [lighthouse, ...browserSuites, damage, published];

/**
 * The suites of these names, in the order of {@link longSuites}; all of them for no names.
 *
 * @throws RangeError for a name that no suite has
 */
export function chooseSuites(names: readonly string[]): readonly LongSuite[] {
  const unknown = names.filter((name) => longSuites.every((suite) => suite.name !== name));
  if (unknown.length > 0) {
    const known = longSuites.map(({ name }) => name).join(', ');
    throw new RangeError(`no long suite named ${unknown.join(', ')}; expected some of ${known}`);
  }
  return names.length === 0 ? longSuites : longSuites.filter(({ name }) => names.includes(name));
}

/** Whether a path is that of a long test, wherever it stands. */
function isLongTest(path: string): boolean {
  return (
    /\.long\.(test|spec)\.[a-z]+$/.test(path) || /^e2e\/long\/.*\.(test|spec)\.[a-z]+$/.test(path)
  );
}

/** What is wrong with long tests that are not in exactly one suite; nothing where all are. */
export function misplaced(paths: readonly string[]): string[] {
  return paths.filter(isLongTest).flatMap((path) => {
    const suites = longSuites.filter(({ holds }) => holds(path)).map(({ name }) => name);
    if (suites.length === 1) return [];
    return [`${path} is in ${suites.length === 0 ? 'no long suite' : suites.join(' and in ')}`];
  });
}

/** Folders of what is installed or built. */
const leftOut = ['node_modules', 'out', 'coverage', 'test-results', 'playwright-report'];

/**
 * Files of the project without what is installed or built, and without hidden folders.
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
