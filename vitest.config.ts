import { defineConfig } from 'vitest/config';

/** Files that put something in a module's or a global's place: they must not meet the real one, or leave theirs. */
const replacing = ['{lib/browser,workers}/**/*.test.ts', 'lib/{load-code,runs/fetch-file}.test.ts'];
const long = '**/*.long.test.{ts,tsx}';

/** Tests that answer in minutes; what takes longer is named `*.long.test.ts`: see vitest.long.config.ts. */
export default defineConfig({
  test: {
    environment: 'node',
    // Machines are shared, and some tests compute for long: the limits only catch hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['{lib,scripts,workers,components}/**/*.test.{ts,tsx}'],
          exclude: [long, ...replacing],
          // A module is read once a process, not once a file: most of what so many small files took.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: replacing, exclude: [long] } },
    ],
  },
});
