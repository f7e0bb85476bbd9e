import { defineConfig } from '@playwright/test';
import { executablePath, shared, smallStudyProject } from './e2e/config';
import { browserFlags } from './scripts/find-browser';

/** WebGPU in software: it needs no GPU, and gives the same on every machine. */
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
];

/** What takes the page long: trainings, large files, the published runs, WebGPU in software. */
export default defineConfig({
  ...shared,
  // Trainings take their time on a slow machine: these, too, only catch hangs.
  timeout: 3_600_000,
  expect: { timeout: 900_000 },
  testDir: 'e2e',
  // Trainings take every core that there is.
  workers: 1,
  projects: [
    smallStudyProject,
    {
      name: 'page',
      testMatch: '**/long/*.spec.ts',
      testIgnore: '**/webgpu*.spec.ts',
      dependencies: [smallStudyProject.name],
    },
    {
      name: 'webgpu',
      testMatch: '**/long/webgpu*.spec.ts',
      use: {
        launchOptions: {
          executablePath,
          args: [...browserFlags.filter((flag) => flag !== '--disable-gpu'), ...softwareGpu],
        },
      },
    },
  ],
});
