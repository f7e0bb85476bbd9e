import { describe, expect, it, vi } from 'vitest';
import { beginOfDocument } from '../../corpora/tokens';
import type { Checkpoint, Engine, PlannedProxy, PopulationPlan } from '../engine';
import { startTraining } from '../queue';
import { inThread, memoryCheckpoints, proxies as queued, setting } from '../queue.fixture';
import { referenceGradient } from '../reference';
import { initialParameters, layoutOf, type ProxyShape, sizeIds, sizes, vocabulary } from '../shape';
import { startBackend } from '../tf/backends';
import { createTfEngine } from '../tf/population';
import { createSimdEngine } from './engine';
import {
  batchOf,
  difference,
  expectAnyShape,
  expectGradients,
  expectSteps,
  planOf,
  programGradient,
  proxies,
  small,
  subnormals,
  tokens,
  training,
  unevenParameters,
} from './engine.fixture';
import { buildProgram } from './program';
import { hasSimd } from './supported';

/** Sizes and rows that the reference answers in a second. */
const measured: readonly {
  readonly id: string;
  readonly shape: ProxyShape;
  readonly rows: number;
}[] = [
  { id: '7k', shape: sizes['7k'], rows: 3 },
  { id: '20k', shape: sizes['20k'], rows: 2 },
  { id: '100k', shape: sizes['100k'], rows: 1 },
  { id: '400k', shape: sizes['400k'], rows: 1 },
  ...[
    { layers: 3, heads: 3, width: 18, hidden: 7, context: 13 },
    { layers: 1, heads: 1, width: 2, hidden: 1, context: 1 },
    { layers: 2, heads: 2, width: 20, hidden: 22, context: 27 },
    { layers: 1, heads: 5, width: 30, hidden: 9, context: 5 },
    { layers: 2, heads: 1, width: 6, hidden: 5, context: 5 },
    { layers: 1, heads: 7, width: 14, hidden: 3, context: 9 },
    // Rows a multiple of 128 bytes, and one more and one less than a multiple of 8 tokens.
    { layers: 2, heads: 2, width: 32, hidden: 64, context: 33 },
    { layers: 1, heads: 2, width: 64, hidden: 31, context: 31 },
  ].map((shape) => ({ id: Object.values(shape).join(' x '), shape, rows: 3 })),
];

/** Trains from the start, or from a checkpoint, up to a step. */
async function trained(
  plan: PopulationPlan,
  steps: number,
  from?: Checkpoint,
): Promise<Checkpoint> {
  const engine = createSimdEngine(plan);
  if (from) engine.restore(from);
  while (engine.step < steps) engine.advance();
  const checkpoint = await engine.checkpoint();
  engine.dispose();
  return checkpoint;
}

/** The part of one proxy. */
function partOf(checkpoint: Checkpoint, place: number, count: number): Checkpoint {
  const own = (values: Float32Array) => values.slice(place * count, (place + 1) * count);
  return {
    step: checkpoint.step,
    parameters: own(checkpoint.parameters),
    firstMoments: own(checkpoint.firstMoments),
    secondMoments: own(checkpoint.secondMoments),
  };
}

/** How many numbers of two checkpoints have other bits. */
function bitsApart(one: Checkpoint, other: Checkpoint): number {
  let apart = Math.abs(one.step - other.step);
  for (const part of ['parameters', 'firstMoments', 'secondMoments'] as const) {
    const [a, b] = [one, other].map((each) => new Uint32Array(each[part].slice().buffer));
    apart += Math.abs(a.length - b.length) + a.filter((bits, place) => bits !== b[place]).length;
  }
  return apart;
}

const startOf = (parameters: Float32Array): Checkpoint => ({
  step: 0,
  parameters,
  firstMoments: new Float32Array(parameters.length),
  secondMoments: new Float32Array(parameters.length),
});

/** The module loaded anew, with no memory of earlier engines. */
async function freshEngine(): Promise<(plan: PopulationPlan) => Engine> {
  vi.resetModules();
  return (await import('./engine')).createSimdEngine;
}

/** How many memories a function takes. */
async function memoriesOf(run: () => Promise<void>): Promise<number> {
  const { Memory } = WebAssembly;
  let count = 0;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      count++;
    }
  };
  try {
    await run();
  } finally {
    WebAssembly.Memory = Memory;
  }
  return count;
}

describe('against the reference in double precision', () => {
  it.each(measured)('has every gradient, $id', ({ shape, rows }) => {
    expectGradients(shape, rows, 4);
  });

  it.each(measured)('takes the first three AdamW steps, $id', async ({ id, shape, rows }) => {
    await expectSteps(shape, rows, id === '400k' ? 1 : 2);
  });

  it('has every gradient at any shape', () => {
    expectAnyShape(10, 15);
  });

  it('starts with the parameters of the seed', async () => {
    const { parameters, firstMoments, secondMoments } = await trained(planOf(small), 0);
    const layout = layoutOf(small);
    proxies.forEach(({ seed }, place) => {
      const own = parameters.subarray(place * layout.count, (place + 1) * layout.count);
      expect(own).toEqual(initialParameters(layout, seed));
    });
    expect([...firstMoments, ...secondMoments].every((value) => value === 0)).toBe(true);
  });
});

describe('evaluation', () => {
  const layout = layoutOf(small);
  const length = small.context + 1;
  const parameters = Float32Array.from(
    proxies.flatMap(({ seed }) => [...unevenParameters(small, seed)]),
  );

  /** The loss of a target, from those of all targets up to it and up to the one before. */
  function lossOfTarget(proxy: number, window: Int32Array, target: number): number {
    const own = parameters.subarray(proxy * layout.count, (proxy + 1) * layout.count);
    const upTo = (context: number) =>
      context === 0
        ? 0
        : context *
          referenceGradient({ ...small, context }, own, window.subarray(0, context + 1)).loss;
    return upTo(target) - upTo(target - 1);
  }

  it.each([1, 3, 5])(
    'is the mean over targets that begin no document: %i windows',
    async (count) => {
      // Several documents begin within the windows, and at their ends.
      const windows = Int32Array.from({ length: count * length }, (_, place) =>
        place % length === 0 || place % 9 === 4 || place % (3 * length) === length - 1
          ? beginOfDocument
          : tokens[2][(5 * place) % 600],
      );
      const engine = createSimdEngine(planOf(small));
      engine.restore(startOf(parameters));
      const losses = await engine.evaluate(windows);
      proxies.forEach((_, proxy) => {
        let sum = 0;
        let counted = 0;
        for (let first = 0; first < windows.length; first += length) {
          const window = windows.subarray(first, first + length);
          for (let target = 1; target < length; target++) {
            if (window[target] === beginOfDocument) continue;
            sum += lossOfTarget(proxy, window, target);
            counted++;
          }
        }
        expect(counted).toBeGreaterThan(0);
        expect(Math.abs(losses[proxy] / (sum / counted) - 1)).toBeLessThan(1e-6);
      });
      engine.dispose();
    },
  );

  it('leaves training as it was, and is the same whatever was evaluated before', async () => {
    const windows = (count: number) => Int32Array.from(tokens[1].subarray(0, count * length));
    const engine = createSimdEngine(planOf(small));
    const before = await engine.evaluate(windows(5));
    await engine.evaluate(windows(4));
    expect(await engine.evaluate(windows(5))).toEqual(before);
    for (let step = 0; step < 4; step++) {
      engine.advance();
      await engine.evaluate(windows(5));
    }
    expect(bitsApart(await engine.checkpoint(), await trained(planOf(small), 4))).toBe(0);
    engine.dispose();
  });
});

describe('the same bits', () => {
  const steps = 6;
  const layout = layoutOf(small);

  it('trains four together as each alone, with mixtures that change', async () => {
    const scheduled: PlannedProxy = {
      ...proxies[1],
      schedule: [{ from: 3, mixture: Float64Array.of(1, 0, 0) }],
    };
    const four = [proxies[0], scheduled, proxies[2], proxies[3]];
    const together = await trained(planOf(small, { proxies: four }), steps);
    expect(bitsApart(together, await trained(planOf(small, { proxies: four }), steps))).toBe(0);
    for (const [place, proxy] of four.entries()) {
      const alone = await trained(planOf(small, { proxies: [proxy] }), steps);
      expect(bitsApart(partOf(together, place, layout.count), alone), proxy.id).toBe(0);
    }
    // Both have one seed: they part with their text.
    const [first, second] = [0, 1].map((place) => partOf(together, place, layout.count));
    expect(bitsApart(first, second)).toBeGreaterThan(layout.count);
  });

  it('trains four in a queue of two trainers as each alone', async () => {
    const four = queued.slice(0, 4);
    const resultOf = async (
      some: readonly PlannedProxy[],
      population: number,
      trainers: number,
    ) => {
      const checkpoints = memoryCheckpoints();
      const quiet = { onProgress: () => {} };
      const start = (events: Parameters<typeof inThread>[0]) => inThread(events, () => false);
      const queue = { setting, proxies: some, population, trainers };
      await startTraining(queue, start, checkpoints, quiet).ended;
      return [...(await checkpoints.finished())].sort((a, b) => Number(a.id) - Number(b.id));
    };
    const alone = (await Promise.all(four.map((proxy) => resultOf([proxy], 1, 1)))).flat();
    expect(alone).toHaveLength(4);
    expect(await resultOf(four, 1, 2)).toEqual(alone);
    expect(await resultOf(four, 3, 2)).toEqual(alone);
    expect(await resultOf(four, 4, 1)).toEqual(alone);
  });

  it.each([1, 3, 5])(
    'goes on from a checkpoint of step %i as if it had never stopped',
    async (at) => {
      const kept = await trained(planOf(small), at);
      const copy = structuredClone(kept);
      const engine = createSimdEngine(planOf(small));
      // What was done before is left behind.
      engine.advance();
      engine.restore(kept);
      expect(engine.step).toBe(at);
      expect(bitsApart(await engine.checkpoint(), copy)).toBe(0);
      while (engine.step < steps) engine.advance();
      const whole = createSimdEngine(planOf(small));
      while (whole.step < steps) whole.advance();
      expect(bitsApart(await engine.checkpoint(), await whole.checkpoint())).toBe(0);
      expect(await engine.latestLosses()).toEqual(await whole.latestLosses());
      // The checkpoint is a copy, which training leaves alone.
      expect(bitsApart(kept, copy)).toBe(0);
      engine.dispose();
      whole.dispose();
    },
  );

  it('refuses a checkpoint of another size, and keeps what it has', async () => {
    const engine = createSimdEngine(planOf(small));
    engine.advance();
    const kept = await engine.checkpoint();
    for (const part of ['parameters', 'firstMoments', 'secondMoments'] as const) {
      expect(() => engine.restore({ ...kept, step: 9, [part]: new Float32Array(3) })).toThrow(
        RangeError,
      );
    }
    expect(bitsApart(await engine.checkpoint(), kept)).toBe(0);
    engine.dispose();
  });

  it('has no loss before a step, nor after a checkpoint was taken over', async () => {
    const engine = createSimdEngine(planOf(small));
    await expect(engine.latestLosses()).rejects.toThrow(RangeError);
    engine.advance();
    await engine.latestLosses();
    engine.restore(await engine.checkpoint());
    await expect(engine.latestLosses()).rejects.toThrow(RangeError);
    engine.dispose();
  });

  it('takes over a checkpoint of the engine on tfjs, and goes on as that does', async () => {
    await startBackend('cpu');
    const plan = planOf(small);
    const tf = createTfEngine(plan, 'cpu');
    for (let step = 0; step < 3; step++) tf.advance();
    const simd = createSimdEngine(plan);
    simd.restore(await tf.checkpoint());
    for (let step = 0; step < 4; step++) {
      tf.advance();
      simd.advance();
      const [ours, theirs] = [await simd.latestLosses(), await tf.latestLosses()];
      expect(difference(ours, theirs)).toBeLessThan(1e-5);
    }
    const [ours, theirs] = [await simd.checkpoint(), await tf.checkpoint()];
    expect(ours.step).toBe(theirs.step);
    expect(difference(ours.parameters, theirs.parameters)).toBeLessThan(1e-4);
    expect(difference(ours.firstMoments, theirs.firstMoments)).toBeLessThan(1e-4);
    // And the way back.
    tf.restore(ours);
    tf.advance();
    simd.advance();
    expect(difference(await tf.latestLosses(), await simd.latestLosses())).toBeLessThan(1e-5);
    tf.dispose();
    simd.dispose();
  });
});

describe('a run that diverges', () => {
  const layout = layoutOf(small);
  const windows = Int32Array.from(tokens[1].subarray(0, 5 * (small.context + 1)));
  const one = [proxies[0]];
  const wild = planOf(small, { proxies: one, training: { ...training, learningRate: 1e3 } });

  it('ends with losses that are no numbers, and never comes back', async () => {
    const engine = createSimdEngine(wild);
    const losses: number[] = [];
    const evaluated: number[] = [];
    for (let step = 0; step < 60; step++) {
      engine.advance();
      losses.push(...(await engine.latestLosses()));
      evaluated.push(...(await engine.evaluate(windows)));
    }
    for (const seen of [losses, evaluated]) {
      const first = seen.findIndex((loss) => !Number.isFinite(loss));
      expect(first).toBeGreaterThan(0);
      expect(seen.slice(first).every((loss) => !Number.isFinite(loss))).toBe(true);
      // Up to there, it only gets worse than guessing.
      const worst = Math.log(vocabulary) + 1;
      expect(seen.slice(2, first).filter((loss) => !(loss > worst))).toEqual([]);
    }
    engine.dispose();
  });

  /** A place in every block that the text reaches: an embedding's row is that of a token in it. */
  const places = layout.blocks.map(({ name, offset, rows, columns }) => ({
    name,
    at: offset + (name === 'embedding' ? windows[1] : rows >> 1) * columns + (columns >> 1),
  }));

  it.each(places)('shows a number that is none in $name', async ({ at }) => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      // An infinite weight of the head may be that of a token with no chance, which is right.
      if (broken === Number.POSITIVE_INFINITY && at >= layout.head.offset) continue;
      const engine = createSimdEngine(planOf(small, { proxies: one }));
      const parameters = unevenParameters(small, 5);
      parameters[at] = broken;
      engine.restore(startOf(parameters));
      const [loss] = await engine.evaluate(windows);
      expect(loss).not.toSatisfy(Number.isFinite);
      engine.advance();
      engine.advance();
      const [later] = await engine.latestLosses();
      expect(later).not.toSatisfy(Number.isFinite);
      engine.dispose();
    }
  });

  it('shows embeddings so large that their squares are infinite', async () => {
    const engine = createSimdEngine(planOf(small, { proxies: one }));
    const parameters = unevenParameters(small, 5);
    const { offset, rows, columns } = layout.embedding;
    for (let at = offset; at < offset + rows * columns; at++) parameters[at] *= 1e25;
    engine.restore(startOf(parameters));
    expect((await engine.evaluate(windows))[0]).not.toSatisfy(Number.isFinite);
    engine.advance();
    expect((await engine.latestLosses())[0]).not.toSatisfy(Number.isFinite);
    engine.dispose();
  });

  it('leaves others in its engine alone', async () => {
    const broken = createSimdEngine(planOf(small));
    const kept = await broken.checkpoint();
    kept.parameters.fill(Number.NaN, layout.count, 2 * layout.count);
    broken.restore(kept);
    for (let step = 0; step < 3; step++) broken.advance();
    const found = await broken.checkpoint();
    const whole = await trained(planOf(small), 3);
    for (const place of [0, 2, 3]) {
      const [own, right] = [found, whole].map((each) => partOf(each, place, layout.count));
      expect(bitsApart(own, right)).toBe(0);
    }
    expect(found.parameters.subarray(layout.count, 2 * layout.count).some(Number.isFinite)).toBe(
      false,
    );
    broken.dispose();
  });

  it('leaves nothing behind for the next one in its memory, nor in its engine', async () => {
    const plan = planOf(small, { proxies: one });
    const create = await freshEngine();
    const undisturbed = create(plan);
    for (let step = 0; step < 3; step++) undisturbed.advance();
    const fresh = await undisturbed.checkpoint();

    const createAgain = await freshEngine();
    const all = await memoriesOf(async () => {
      const broken = createAgain(wild);
      const start = await broken.checkpoint();
      for (let step = 0; step < 60; step++) broken.advance();
      expect((await broken.checkpoint()).parameters.some(Number.isFinite)).toBe(false);
      // In its engine: by a checkpoint from before.
      broken.restore(start);
      const [loss] = await broken.evaluate(windows);
      const clean = createSimdEngine(wild);
      expect(loss).toBe((await clean.evaluate(windows))[0]);
      for (let step = 0; step < 3; step++) {
        broken.advance();
        clean.advance();
      }
      expect(bitsApart(await broken.checkpoint(), await clean.checkpoint())).toBe(0);
      clean.dispose();
      for (let step = 0; step < 60; step++) broken.advance();
      broken.dispose();

      const next = createAgain(plan);
      for (let step = 0; step < 3; step++) next.advance();
      expect(bitsApart(await next.checkpoint(), fresh)).toBe(0);
      next.dispose();
    });
    // That of the clean engine is from the other module.
    expect(all).toBeLessThanOrEqual(2);
  });
});

describe('memory', () => {
  it('is used again: 300 engines one after the other take one', async () => {
    const create = await freshEngine();
    const count = await memoriesOf(async () => {
      for (let place = 0; place < 300; place++) {
        const engine = create(planOf(small, { proxies: proxies.slice(0, 1 + (place % 4)) }));
        if (place % 50 === 0) engine.advance();
        engine.dispose();
      }
    });
    expect(count).toBe(1);
  });

  it('belongs to one engine at a time, however often it is given back', async () => {
    const plan = planOf(small);
    const truth = await trained(plan, 3);
    const first = createSimdEngine(plan);
    first.dispose();
    first.dispose();
    const second = createSimdEngine(plan);
    first.dispose();
    const third = createSimdEngine(planOf(small, { proxies: [proxies[3], proxies[0]] }));
    for (let step = 0; step < 3; step++) {
      second.advance();
      third.advance();
    }
    expect(bitsApart(await second.checkpoint(), truth)).toBe(0);
    second.dispose();
    third.dispose();
  });

  it('grows for more proxies than it was made for, and is empty for them', async () => {
    const create = await freshEngine();
    const one = create(planOf(small, { proxies: [proxies[0]] }));
    one.advance();
    one.dispose();
    const many = create(planOf(small));
    for (let step = 0; step < 3; step++) many.advance();
    expect(bitsApart(await many.checkpoint(), await trained(planOf(small), 3))).toBe(0);
    many.dispose();
  });
});

/** Bytes that a module may have: sizes are loops, so that only layers and what is left over add some. */
const mostBytes = 40_000;

it.each(sizeIds)('the module of %s is small', (id) => {
  const { bytes } = buildProgram(sizes[id], 8);
  expect(WebAssembly.validate(bytes)).toBe(true);
  expect(bytes.length).toBeLessThan(mostBytes);
  expect(buildProgram(sizes[id], 8).bytes).toEqual(bytes);
});

it('this machine has vectors', () => {
  expect(hasSimd()).toBe(true);
});

it('has no number that slows processors down, 1,000 steps after text has changed', async () => {
  // Half of the embeddings get no gradient from step 200 on: their moments fade.
  const low = Uint16Array.from({ length: 500 }, (_, place) => (place * 7 + (place >> 4)) % 128);
  const high = low.map((token) => 128 + token);
  const mixture = Float64Array.of(1, 0);
  const schedule = [{ from: 200, mixture: Float64Array.of(0, 1) }];
  const plan = planOf(sizes['7k'], {
    tokens: [low, high],
    proxies: [{ id: '', mixture, seed: 3, schedule }],
    training: { ...training, rows: 1, epsilon: 1e-8 },
  });
  const engine = createSimdEngine(plan);
  const { count, embedding } = layoutOf(plan.shape);
  for (let step = 0; step < 2_000; step++) {
    engine.advance();
    if (step % 100 !== 99) continue;
    const { parameters, firstMoments, secondMoments } = await engine.checkpoint();
    for (const values of [parameters, firstMoments, secondMoments]) {
      expect(values).toHaveLength(count);
      expect(subnormals(values), `after ${step + 1} steps`).toBe(0);
    }
    const batch = batchOf(plan, plan.proxies[0], step);
    const { gradient } = programGradient(plan.shape, parameters, batch);
    expect(subnormals(gradient), `after ${step + 1} steps`).toBe(0);
  }
  // They have faded, indeed.
  const { firstMoments } = await engine.checkpoint();
  const faded = firstMoments.subarray(embedding.offset, embedding.offset + 128 * embedding.columns);
  expect(faded.every((value) => value === 0)).toBe(true);
  engine.dispose();
});
