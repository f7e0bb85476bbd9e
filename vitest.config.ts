import { defineConfig } from 'vitest/config';

/** Tests that answer in minutes; what takes longer is named `*.long.test.ts`: see vitest.long.config.ts. */
export default defineConfig({
  test: {
    include: ['{lib,scripts,workers,components}/**/*.test.{ts,tsx}'],
    exclude: ['**/*.long.test.{ts,tsx}'],
    environment: 'node',
    // A module is read once a process, not once a file: most of what so many small files took.
    isolate: false,
    // Machines are shared, and some tests compute for long: the limits only catch hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
