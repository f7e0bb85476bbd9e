/**
 * Runs the tests that take too long for `npm test`: all suites one after the other, or the named
 * ones, as in `npm run test:long firefox webgpu`. Prints one line per suite, and the end of the
 * output of a failed one; exits with 1 when anything failed. Builds the site first if a suite needs
 * it, unless `npm run test:long -- --no-build` says that the one in `out/` is up to date.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { requireBrowser } from './find-browser';
import { chooseSuites, type LongSuite, longTests, misplaced, projectFiles } from './long-suites';
import { publishedDataFolder } from './published-data';

interface Outcome {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly note: string;
}

/** Logs, reports and traces of the last run, one folder per suite. */
const results = join('test-results', 'long');
/** Lines of a failed suite's output that are printed; its log has all of them. */
const maxLines = 60;

const vitestReport = v.object({ numPassedTests: v.number(), numPendingTests: v.number() });
const specReport = v.object({
  file: v.string(),
  tests: v.array(
    v.object({
      status: v.string(),
      annotations: v.array(v.object({ type: v.string(), description: v.optional(v.string()) })),
    }),
  ),
});

const { suites, isBuilt } = asked();
const tests = longTests();
const needSite = suites.some(({ needsSite }) => needsSite);
const environment = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  ...(needSite && { CHROMIUM_PATH: requireBrowser() }),
};

let failed = 0;
const wrong = misplaced(tests, projectFiles());
if (wrong.length > 0) report('placement', () => ({ state: 'failed', note: wrong.join('; ') }));
const build =
  needSite && !isBuilt
    ? report('build', () => runCommand('build', 'npm', ['run', '--silent', 'build']))
    : null;
for (const suite of suites) {
  report(suite.name, () =>
    suite.needsSite && build?.state === 'failed'
      ? { state: 'failed', note: 'the site was not built' }
      : runSuite(suite),
  );
}
process.exitCode = failed === 0 ? 0 : 1;

/** Parses the command line; exits with a message when it is invalid. */
function asked(): { readonly suites: readonly LongSuite[]; readonly isBuilt: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'no-build': { type: 'boolean', default: false } },
    });
    return { suites: chooseSuites(positionals), isBuilt: values['no-build'] };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** Prints the line of a suite: its name while it runs, then its result. */
function report(name: string, work: () => Outcome): Outcome {
  rmSync(join(results, name), { recursive: true, force: true });
  mkdirSync(join(results, name), { recursive: true });
  process.stdout.write(name.padEnd(12));
  const start = performance.now();
  const outcome = work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(8);
  console.log(`${outcome.state.padEnd(8)}${seconds} s  ${outcome.note}`.trimEnd());
  if (outcome.state === 'failed') {
    failed++;
    printLog(name);
  }
  return outcome;
}

function runSuite({ name, holds }: LongSuite): Outcome {
  if (name === 'lighthouse') return runCommand(name, 'npm', ['run', '--silent', 'lighthouse']);
  const held = tests.filter(holds);
  if (held.length === 0) return { state: 'failed', note: 'no test belongs to it' };
  const isBrowser = held.every((path) => path.startsWith('e2e/'));
  return isBrowser ? runSpecs(name, held) : runUnitTests(name, held);
}

function runUnitTests(name: string, paths: readonly string[]): Outcome {
  const json = join(results, name, 'report.json');
  const { state } = runCommand(name, 'npx', [
    ...['vitest', 'run', '--config', 'vitest.long.config.ts'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${json}`],
    ...paths,
  ]);
  if (!existsSync(json)) return { state: 'failed', note: 'no report was written' };
  const counts = v.parse(vitestReport, JSON.parse(readFileSync(json, 'utf8')));
  const reasons = publishedDataFolder() ? [] : ['set REGMIX_DATA to the published runs'];
  return outcomeOf(state, counts.numPassedTests, counts.numPendingTests, reasons);
}

function runSpecs(name: string, paths: readonly string[]): Outcome {
  const json = join(results, name, 'report.json');
  const { state } = runCommand(
    name,
    'npx',
    [
      ...['playwright', 'test', '--config', 'playwright.long.config.ts'],
      ...['--reporter=list,json', '--output', join(results, name, 'traces')],
      // Playwright reads these as regular expressions.
      ...paths.map((path) => path.replaceAll('.', '\\.')),
    ],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: json },
  );
  if (!existsSync(json)) return { state: 'failed', note: 'no report was written' };
  const specs: v.InferOutput<typeof specReport>[] = [];
  JSON.parse(readFileSync(json, 'utf8'), (_, value: unknown) => {
    if (v.is(specReport, value)) specs.push(value);
    return value;
  });
  // Setup files do not count.
  const ran = specs.filter(({ file }) => paths.some((path) => path.endsWith(`/${file}`)));
  const ofSuite = ran.flatMap((spec) => spec.tests);
  const skipped = ofSuite.filter(({ status }) => status === 'skipped');
  const reasons = skipped.flatMap(({ annotations }) =>
    annotations.flatMap(({ type, description }) => (type === 'skip' ? (description ?? []) : [])),
  );
  const passed = ofSuite.filter(({ status }) => status === 'expected').length;
  return outcomeOf(state, passed, skipped.length, [...new Set(reasons)]);
}

/** The result of a suite whose tests ran: one that only skipped has not passed. */
function outcomeOf(
  state: Outcome['state'],
  passed: number,
  skipped: number,
  reasons: readonly string[],
): Outcome {
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
  const note = `${passed} passed${skipped > 0 ? `, ${skipped} skipped${why}` : ''}`;
  return { state: state === 'passed' && passed === 0 ? 'skipped' : state, note };
}

/** Runs a command with its output in the log of a suite. */
function runCommand(
  name: string,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Outcome {
  const log = openSync(logOf(name), 'w');
  const { status, error } = spawnSync(program, args, {
    stdio: ['ignore', log, log],
    env: { ...environment, ...more },
  });
  closeSync(log);
  return { state: status === 0 ? 'passed' : 'failed', note: error?.message ?? '' };
}

function logOf(name: string): string {
  return join(results, name, 'output.log');
}

function printLog(name: string): void {
  const path = logOf(name);
  if (!existsSync(path)) return;
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  for (const line of lines.slice(-maxLines)) console.log(`    ${line}`);
  console.log(`    all of it: ${path}`);
}
