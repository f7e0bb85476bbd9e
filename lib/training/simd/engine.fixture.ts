/** What tests of the engine share: text, proxies, shapes, and the reference's answers. */

import fc from 'fast-check';
import { expect } from 'vitest';
import { createRandomStream } from '../../model/random';
import { createBatches } from '../batches';
import type { PlannedProxy, PopulationPlan } from '../engine';
import { type TrainingOptions, usualTraining } from '../options';
import { referenceGradient, referenceStep, rotaryTables } from '../reference';
import { initialParameters, layoutOf, type ProxyShape } from '../shape';
import { createSimdEngine } from './engine';
import { getParameters, type MemoryPlan, putParameters } from './memory';
import { buildProgram, type Program } from './program';

/** Text of a domain with a rhythm of its own, with documents of about 30 bytes. */
function text(domain: number): Uint16Array {
  return Uint16Array.from({ length: 600 + 50 * domain }, (_, place) =>
    place % 31 === 0
      ? 256
      : (97 + ((place * (domain + 2) + (place >> 3)) % (5 + 90 * domain))) % 256,
  );
}
export const tokens = [text(0), text(1), text(2)];

export const proxies: readonly PlannedProxy[] = [
  { id: 'a', mixture: Float64Array.of(0.7, 0.2, 0.1), seed: 5 },
  { id: 'b', mixture: Float64Array.of(0, 0.5, 0.5), seed: 5 },
  { id: 'c', mixture: Float64Array.of(1, 0, 0), seed: 6 },
  { id: 'd', mixture: Float64Array.of(1 / 3, 1 / 3, 1 / 3), seed: 7 },
];

export const training: TrainingOptions = {
  ...usualTraining,
  learningRate: 4e-3,
  // Adam divides by the size of a gradient: near nothing, single precision would decide its sign.
  epsilon: 1e-6,
  rows: 3,
  steps: 20,
  warmUp: 2,
};

/** Small, with sizes that are no multiples of 4. */
export const small: ProxyShape = { layers: 2, heads: 2, width: 20, hidden: 10, context: 13 };

export const planOf = (shape: ProxyShape, more: Partial<PopulationPlan> = {}): PopulationPlan => ({
  shape,
  training,
  proxies,
  tokens,
  ...more,
});

/** The batch of a proxy at a step. */
export function batchOf(
  { shape, training: { rows } }: PopulationPlan,
  proxy: PlannedProxy,
  step: number,
) {
  const { context } = shape;
  const batch = new Int32Array(rows * (context + 1));
  createBatches(tokens, proxy.mixture, proxy.seed, { rows, context }).fill(step, batch, 0);
  return batch;
}

/**
 * Parameters far from where training begins: attention looks at few tokens, and no gain is 1, so that nothing left
 * out goes unnoticed.
 */
export function unevenParameters(shape: ProxyShape, seed: number): Float32Array {
  const layout = layoutOf(shape);
  const { uniform } = createRandomStream(seed + 1_000);
  const out = initialParameters(layout, seed);
  for (const { offset, rows, columns, deviation } of layout.blocks) {
    for (let at = offset; at < offset + rows * columns; at++) {
      out[at] = deviation === null ? 0.5 + uniform() : 1.5 * out[at];
    }
  }
  return out;
}

/** Largest difference, relative to the largest number of the truth; infinite where something is not a number. */
export function difference(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (values.length !== truth.length) throw new RangeError(`${values.length}, not ${truth.length}`);
  let largest = 0;
  let apart = 0;
  for (let at = 0; at < truth.length; at++) {
    largest = Math.max(largest, Math.abs(truth[at]));
    const here = Math.abs(values[at] - truth[at]);
    apart = Number.isNaN(here) ? Number.POSITIVE_INFINITY : Math.max(apart, here);
  }
  return apart / largest;
}

/** A program and what its memory holds. */
interface Running {
  readonly program: Program;
  readonly memory: MemoryPlan;
  readonly floats: (at: number, count: number) => Float32Array;
}

function start(shape: ProxyShape, parameters: Float32Array, batch: Int32Array): Running {
  const { bytes, memory } = buildProgram(shape, batch.length / (shape.context + 1));
  const pages = Math.ceil((memory.states + memory.stateBytes) / 65_536);
  const room = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: room },
  });
  const floats = (at: number, count: number) => new Float32Array(room.buffer, at, count);
  const { cosines, sines } = rotaryTables(shape.context, shape.width / shape.heads);
  floats(memory.cosines, cosines.length).set(cosines);
  floats(memory.sines, sines.length).set(sines);
  new Int32Array(room.buffer, memory.batch, batch.length).set(batch);
  putParameters(memory.layout, parameters, floats(memory.states, memory.layout.count));
  return { program: exports as unknown as Program, memory, floats };
}

/** The gradient over a batch by the program of a shape, and the sum of its squares. */
export function programGradient(
  shape: ProxyShape,
  parameters: Float32Array,
  batch: Int32Array,
): { readonly gradient: Float32Array; readonly squares: number } {
  const { program, memory, floats } = start(shape, parameters, batch);
  program.prepare(memory.states);
  program.gradient(memory.states);
  const gradient = new Float32Array(layoutOf(shape).count);
  getParameters(memory.layout, floats(memory.gradient, memory.layout.count), gradient);
  const squares = new Float64Array(floats(0, 1).buffer, memory.squares, 2);
  return { gradient, squares: squares[0] + squares[1] };
}

/**
 * How far the program's gradient is from the reference's: by block of parameters, each relative.
 *
 * @param nudges how often to see, too, how far the reference moves when parameters change as rounding changes them
 */
function gradientErrors(shape: ProxyShape, rows: number, seed: number, nudges = 0) {
  const plan = planOf(shape, { training: { ...training, rows } });
  return [initialParameters(layoutOf(shape), seed), unevenParameters(shape, seed)].map((start) => {
    const batch = batchOf(plan, proxies[3], seed);
    const ours = programGradient(shape, start, batch);
    const truth = referenceGradient(shape, start, batch);
    const squares = truth.gradient.reduce((sum, value) => sum + value * value, 0);
    const nudged = Array.from({ length: nudges }, (_, time) => {
      const { uniform } = createRandomStream(time);
      const moved = Float64Array.from(start, (value) => value * (1 + (uniform() - 0.5) * 2e-7));
      return referenceGradient(shape, moved, batch).gradient;
    });
    const blocks = layoutOf(shape).blocks.map(({ name, offset, rows, columns }) => {
      const part = (values: Float32Array | Float64Array) =>
        values.subarray(offset, offset + rows * columns);
      const right = part(truth.gradient);
      return {
        name,
        apart: difference(part(ours.gradient), right),
        largest: largestOf(right),
        nudged: largestOf(nudged.map((each) => difference(part(each), right))),
      };
    });
    return { blocks, squares: Math.abs(ours.squares / squares - 1) };
  });
}

/** How far losses, parameters and both moments are from the reference's over the first three steps. */
async function stepErrors(shape: ProxyShape, rows: number, count: number) {
  const plan = planOf(shape, {
    training: { ...training, rows },
    proxies: proxies.slice(1, 1 + count),
  });
  const { count: numbers } = layoutOf(shape);
  const engine = createSimdEngine(plan);
  const start = plan.proxies.map(({ seed }) => unevenParameters(shape, seed));
  const parameters = new Float32Array(plan.proxies.length * numbers);
  start.forEach((values, place) => {
    parameters.set(values, place * numbers);
  });
  const empty = new Float32Array(parameters.length);
  engine.restore({ step: 0, parameters, firstMoments: empty, secondMoments: empty });
  const states = start.map((values) => ({
    parameters: Float64Array.from(values),
    firstMoments: new Float64Array(numbers),
    secondMoments: new Float64Array(numbers),
  }));
  const apart = { loss: 0, parameters: 0, firstMoments: 0, secondMoments: 0 };
  for (let step = 0; step < 3; step++) {
    engine.advance();
    const losses = await engine.latestLosses();
    const checkpoint = await engine.checkpoint();
    states.forEach((state, place) => {
      const batch = batchOf(plan, plan.proxies[place], step);
      const { loss, gradient } = referenceGradient(shape, state.parameters, batch);
      referenceStep(shape, plan.training, step, state, gradient);
      apart.loss = Math.max(apart.loss, Math.abs(losses[place] / loss - 1));
      for (const part of ['parameters', 'firstMoments', 'secondMoments'] as const) {
        const own = checkpoint[part].subarray(place * numbers, (place + 1) * numbers);
        apart[part] = Math.max(apart[part], difference(own, state[part]));
      }
    });
  }
  engine.dispose();
  return apart;
}

function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Loss and every gradient, at the start of a training and far from it. */
export function expectGradients(shape: ProxyShape, rows: number, seed: number): void {
  for (const { blocks, squares } of gradientErrors(shape, rows, seed)) {
    expect(squares).toBeLessThan(1e-5);
    for (const { name, apart, largest } of blocks) {
      expect(largest, name).toBeGreaterThan(1e-6);
      expect(apart, name).toBeLessThan(1e-5);
    }
  }
}

/** Gradients at shapes drawn at random. */
export function expectAnyShape(runs: number, drawnBy: number): void {
  const shapes = fc
    .record({
      layers: fc.integer({ min: 1, max: 3 }),
      heads: fc.integer({ min: 1, max: 4 }),
      half: fc.integer({ min: 1, max: 6 }),
      hidden: fc.integer({ min: 1, max: 21 }),
      context: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ half, ...others }) => ({ ...others, width: 2 * half * others.heads }));
  const rows = fc.integer({ min: 1, max: 3 });
  const seed = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(shapes, rows, seed, (shape, count, at) => {
      for (const { blocks } of gradientErrors(shape, count, at, 2)) {
        for (const { name, apart, nudged } of blocks) {
          // In widths of 2 sums cancel out: no single precision could be nearer than a nudge.
          expect(apart, name).toBeLessThan(1e-5 + 10 * nudged);
        }
      }
    }),
    { numRuns: runs, seed: drawnBy },
  );
}

/** The first three steps of so many proxies: losses to 1e-5, parameters and moments to 1e-4. */
export async function expectSteps(shape: ProxyShape, rows: number, count: number): Promise<void> {
  const { loss, ...parts } = await stepErrors(shape, rows, count);
  expect(loss).toBeLessThan(1e-5);
  for (const [part, apart] of Object.entries(parts)) expect(apart, part).toBeLessThan(1e-4);
}

/** How many numbers are neither 0 nor at least 2^-126 in size. */
export function subnormals(values: Float32Array): number {
  return values.filter((value) => value !== 0 && Math.abs(value) < 2 ** -126).length;
}
