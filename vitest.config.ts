import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lib,scripts,workers,components}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Fits of the published runs are long, and these machines are shared: the limit only catches hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
