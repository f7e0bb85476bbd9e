/**
 * The checks of the project that take minutes: style, types, unused code, unit tests, the build,
 * and the page in a real browser; `npm run test:long` has the rest. Two sequences of stages run in
 * parallel, and each stage's output is printed as a whole when it ends. Prints a summary line;
 * exits with 1 when anything failed.
 */
import { spawn } from 'node:child_process';
import { requireBrowser } from './find-browser';
import { publishedDataFolder } from './published-data';

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** The earlier stage of the same sequence that this one depends on. */
  readonly needs?: string;
}

/** Types are checked before the build, which writes some of its own. */
const lines: readonly (readonly Stage[])[] = [
  [
    { name: 'style and types', command: ['npm', 'run', '--silent', 'check'] },
    { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
    { name: 'first-page size', command: ['npm', 'run', '--silent', 'size'], needs: 'build' },
    { name: 'browser tests', command: ['npx', 'playwright', 'test'], needs: 'build' },
  ],
  [{ name: 'unit tests', command: ['npx', 'vitest', 'run'] }],
];

if (!publishedDataFolder()) {
  console.warn(
    '\n!! The published proxy runs were not found: set REGMIX_DATA to a folder that holds\n' +
      '!! train_mixture_1m.csv, train_pile_loss_1m.csv, test_mixture_1m.csv and test_pile_loss_1m.csv.\n' +
      '!! The tests against published figures are SKIPPED.\n',
  );
}

const env = {
  ...process.env,
  // Found or installed before the stages that need it.
  CHROMIUM_PATH: requireBrowser(),
  NEXT_TELEMETRY_DISABLED: '1',
};
const outcomes = (await Promise.all(lines.map(runLine))).flat();
const failed = outcomes.filter((passed) => !passed).length;
console.log(`\nstages: ${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs stages one after the other. @returns whether each passed; one that cannot run has not */
async function runLine(stages: readonly Stage[]): Promise<boolean[]> {
  const passed = new Map<string, boolean>();
  for (const { name, command, needs } of stages) {
    if (needs !== undefined && !passed.get(needs)) {
      console.log(`\n== ${name}: not run, since ${needs} failed`);
      passed.set(name, false);
    } else passed.set(name, await runStage(name, command));
  }
  return [...passed.values()];
}

function runStage(name: string, [program, ...args]: readonly string[]): Promise<boolean> {
  console.log(`\n.. ${name}: begun`);
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const output: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data));
  child.stderr.on('data', (data: Buffer) => output.push(data));
  return new Promise((resolve) => {
    const end = (passed: boolean, how: string) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`\n== ${name}: ${[program, ...args].join(' ')}`);
      process.stdout.write(Buffer.concat(output));
      console.log(`== ${name}: ${how} after ${seconds} s`);
      resolve(passed);
    };
    child.on('error', ({ message }) => end(false, `failed (${message})`));
    child.on('close', (code) => end(code === 0, code === 0 ? 'passed' : `failed (${code})`));
  });
}
