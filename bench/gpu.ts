/**
 * What a machine with a GPU can tell, in one run of about eight minutes: its adapter, whether every program of ours is
 * correct there, tokens per second, and PyTorch on the same card. `npm run bench:gpu -- FILE` prints each figure at
 * once and writes all so far as JSON to the file, or to `bench/results/`.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Comparison } from '../e2e/webgpu/compare';
import { checkGradients, checkSteps, resume, trainTogether } from '../e2e/webgpu/engine';
import { checkKernels } from '../e2e/webgpu/kernels';
import { type SizeId, sizeIds } from '../lib/training/shape';
import { findAdapter } from '../scripts/training/choose-backend';
import { end, type Measured, machine, measure, writeReport } from './measure';
import { benchmarks, notesOn, startWebGpu, takeErrors } from './proxies.bench';
import { findTorch, torchScript } from './torch';
import { planOf } from './training';

/** Minutes after which no more benchmark is begun; PyTorch has two more. */
const minutes = Number(process.env.GPU_MINUTES ?? 6);
const torchSeconds = 120;

/** As in `e2e/long/webgpu.spec.ts`: relative to the largest number of a tensor, in single precision. */
const tolerance = 1e-4;

interface Check {
  readonly name: string;
  /** Numbers compared; each is within the tolerance, or the check fails. */
  readonly compared: number;
  readonly furthest: number;
  readonly failed: readonly string[];
}

function judge(name: string, seen: readonly Comparison[]): Check {
  const failed = seen.filter(({ apart, largest }) => !(apart < tolerance && largest > 1e-6));
  return {
    name,
    compared: seen.length,
    furthest: seen.reduce((most, { apart }) => Math.max(most, apart), 0),
    failed: failed.map((each) => `${each.name}: ${each.apart.toExponential(1)}`),
  };
}

/** Relative to the first of each pair. */
function pairs(name: string, truth: readonly number[], values: readonly number[]): Comparison[] {
  return truth.map((value, place) => ({
    name: `${name} ${place}`,
    apart: Math.abs(values[place] / value - 1),
    largest: Math.abs(value),
  }));
}

/** Two proxies of a size on two rows each: the reference is slow. */
function gradientsOf(size: SizeId) {
  return checkGradients(planOf(size, 2, 2));
}

function checksFor(isSoftware: boolean): [string, () => Promise<readonly Comparison[]>][] {
  const sizes = isSoftware ? sizeIds.slice(0, 1) : sizeIds;
  return [
    ['every program against tfjs on its cpu backend', checkKernels],
    ['loss and gradients against float64, odd shape', () => checkGradients()],
    ...sizes.map((size): [string, () => Promise<readonly Comparison[]>] => [
      `loss and gradients against float64, ${size}`,
      () => gradientsOf(size),
    ]),
    ['three AdamW steps against float64', checkSteps],
    [
      'four together, again and alone',
      async () => {
        const { together, again, alone } = await trainTogether();
        return [...pairs('again', together, again), ...pairs('alone', together, alone)];
      },
    ],
    [
      'resumed as if never stopped',
      async () => {
        const [whole, resumed] = await resume();
        const same = whole.every((value, place) => value === resumed[place]);
        return [{ name: 'parameters', apart: same ? 0 : 1, largest: 1 }];
      },
    ],
  ];
}

async function check(name: string, run: () => Promise<readonly Comparison[]>): Promise<Check> {
  let result: Check;
  try {
    result = judge(name, await run());
  } catch (error) {
    result = { name, compared: 0, furthest: Number.NaN, failed: [String(error)] };
  }
  const failed = [...result.failed, ...takeErrors()];
  const verdict = failed.length === 0 ? 'correct' : `WRONG: ${failed.join('; ')}`;
  const furthest = `furthest ${result.furthest.toExponential(1)} of ${result.compared}`;
  console.log(`${name.padEnd(72)} ${verdict} (${furthest})`);
  return { ...result, failed };
}

/** Lines of JSON that PyTorch prints on the card until it is done or out of time. */
async function byTorch(python: string, isCompiled: boolean, seconds: number): Promise<unknown[]> {
  // Compiling takes long: where it is worth most comes first.
  const how = isCompiled ? ['--compile', '--populations', '32,128,512,8,1'] : [];
  const args = ['--device', 'cuda', '--seconds', '1', ...how];
  const child = spawn(python, [torchScript, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const seen: unknown[] = [];
  for await (const line of createInterface(child.stdout)) {
    // Of a line that it was stopped in there is only a part.
    if (!line.endsWith('}')) continue;
    console.log(`PyTorch: ${line}`);
    seen.push(JSON.parse(line));
  }
  clearTimeout(timer);
  return seen;
}

const begun = performance.now();
const date = new Date().toISOString();
const path =
  process.argv.at(2) ??
  fileURLToPath(new URL(`./results/gpu-${date.replaceAll(':', '-')}.json`, import.meta.url));
const adapter = await findAdapter();
if (typeof adapter === 'string') {
  console.error(`no GPU: ${adapter}: npm install --no-save webgpu; it needs a Vulkan driver`);
  process.exit(1);
}
const notes = [...notesOn()];
const checks: Check[] = [];
const results: Measured[] = [];
const torch: unknown[] = [];
const report = () => writeReport(path, { date, machine, adapter, notes, checks, results, torch });

console.log(notes.join('\n'));
await startWebGpu();
for (const [name, run] of checksFor(adapter.isSoftware)) {
  checks.push(await check(name, run));
  report();
}
for (const benchmark of benchmarks) {
  if (performance.now() - begun > minutes * 60_000) {
    results.push({ name: benchmark.name, failed: `left out after ${minutes} minutes` });
  } else results.push(await measure(benchmark));
  report();
}
const python = findTorch();
if (adapter.isSoftware) notes.push('PyTorch is left out: there is no card that it could share');
else if (!python) notes.push('PyTorch is left out: no python3 has it');
else {
  for (const isCompiled of [false, true]) {
    torch.push(...(await byTorch(python, isCompiled, torchSeconds / 2)));
    report();
  }
}
report();
console.log(`\nwritten to ${path}`);
end(checks.every(({ failed }) => failed.length === 0));
