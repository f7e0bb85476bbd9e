/**
 * Every check of the project, one after the other: style, types, unused code, unit tests, the build,
 * and the page in a real browser. Prints one closing line; exits with 1 when anything failed.
 */
import { spawnSync } from 'node:child_process';
import { requireBrowser } from './find-browser';
import { publishedDataFolder } from './published-data';

const stages = [
  { name: 'style and types', command: ['npm', 'run', '--silent', 'check'] },
  { name: 'unit tests', command: ['npx', 'vitest', 'run'] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'first-page size', command: ['npm', 'run', '--silent', 'size'] },
  { name: 'Lighthouse', command: ['npm', 'run', '--silent', 'lighthouse'] },
  { name: 'browser tests', command: ['npx', 'playwright', 'test'] },
];

if (!publishedDataFolder()) {
  console.warn(
    '\n!! The published proxy runs were not found: set REGMIX_DATA to a folder that holds\n' +
      '!! train_mixture_1m.csv, train_pile_loss_1m.csv, test_mixture_1m.csv and test_pile_loss_1m.csv.\n' +
      '!! The tests against published figures are SKIPPED.\n',
  );
}

const browser = requireBrowser();
let passed = 0;
let failed = 0;
for (const { name, command } of stages) {
  console.log(`\n== ${name}: ${command.join(' ')}`);
  const [program, ...args] = command;
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH: browser, NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status === 0) passed++;
  else failed++;
}
console.log(`\nstages: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
