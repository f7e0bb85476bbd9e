import { defineConfig } from 'vitest/config';

/** The long unit tests, run by `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['{lib,scripts,workers,components}/**/*.long.test.{ts,tsx}'],
    environment: 'node',
    // The limit only catches hangs.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
});
