import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** The long browser specs, in the same two projects as the others. */
export default defineConfig({
  ...base,
  testDir: 'e2e/long',
  projects: base.projects?.map((project) => ({
    ...project,
    testIgnore: project.name === 'page' ? '**/webgpu*.spec.ts' : [],
  })),
});
