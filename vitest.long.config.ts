import { defineConfig } from 'vitest/config';

/** Refits of published figures, judges, 10,000 cases a reader: `npm run test:long`. */
export default defineConfig({
  test: {
    include: [
      '{lib,scripts,workers,components}/**/*.long.test.{ts,tsx}',
      // Damage tests, with more cases.
      '{lib,scripts}/**/{fuzz,hostile}.test.ts',
    ],
    env: { DAMAGE_CASES: '10000' },
    environment: 'node',
    // The limits only catch hangs.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
