import { defineConfig } from '@playwright/test';
import { shared, smallStudyProject } from './e2e/config';

/** The page in a browser, as far as that takes minutes; the rest is in `playwright.long.config.ts`. */
export default defineConfig({
  ...shared,
  testDir: 'e2e',
  workers: 2,
  projects: [
    smallStudyProject,
    {
      name: 'page',
      testMatch: '*.spec.ts',
      testIgnore: '**/{long,firefox}/**',
      dependencies: [smallStudyProject.name],
    },
  ],
});
