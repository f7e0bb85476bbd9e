/** The engine on WebAssembly: proxies one after the other, each by a program generated for its shape. */

import { beginOfDocument } from '../../corpora/tokens';
import { log } from '../../model/elementary';
import { createBatches } from '../batches';
import type { Checkpoint, Engine, PopulationPlan } from '../engine';
import { rateAt } from '../options';
import { rotaryTables } from '../reference';
import { initialParameters, layoutOf, type ProxyShape } from '../shape';
import { floatBytes } from './builder';
import { type StepNumbers, stepNumbers } from './layers';
import { getParameters, type MemoryPlan, putParameters } from './memory';
import { buildProgram, type Program } from './program';

/**
 * Version of the bits that this engine gives, part of the plan of a training: results of two versions never stand in
 * one. Raise it whenever the hashes of golden.fixture.ts change.
 */
export const engineVersion = 1;

const pageBytes = 65_536;

/** A compiled shape, and memories that its programs have run in and that are free again. */
interface Compiled {
  readonly module: WebAssembly.Module;
  readonly plan: MemoryPlan;
  readonly free: WebAssembly.Memory[];
}

const compiled = new Map<string, Compiled>();

/**
 * Memories are used again: a browser reserves gigabytes of addresses for each, and frees them late.
 */
function compiledFor(shape: ProxyShape, rows: number): Compiled {
  const key = JSON.stringify([shape, rows]);
  const known = compiled.get(key);
  if (known) return known;
  const { bytes, memory } = buildProgram(shape, rows);
  const made = { module: new WebAssembly.Module(bytes), plan: memory, free: [] };
  compiled.set(key, made);
  return made;
}

/** A memory of so many bytes at least, all zero. */
function takeMemory({ free }: Compiled, bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  const memory = free.pop();
  if (!memory) return new WebAssembly.Memory({ initial: pages });
  const missing = pages - memory.buffer.byteLength / pageBytes;
  if (missing > 0) memory.grow(missing);
  new Uint8Array(memory.buffer).fill(0);
  return memory;
}

/**
 * A population on WebAssembly. Every operation is defined to the bit: the same plan gives the same bytes on every
 * machine.
 *
 * @throws WebAssembly.CompileError where there are no vectors
 * @throws RangeError when there is too little memory
 */
export function createSimdEngine({ shape, training, proxies, tokens }: PopulationPlan): Engine {
  const { rows, betas, epsilon, weightDecay, clip } = training;
  const { context } = shape;
  const layout = layoutOf(shape);
  const shared = compiledFor(shape, rows);
  const { plan, module } = shared;
  const memory = takeMemory(shared, plan.states + proxies.length * plan.stateBytes);
  const program = new WebAssembly.Instance(module, { env: { memory } })
    .exports as unknown as Program;
  const floats = (at: number, count: number) => new Float32Array(memory.buffer, at, count);
  const whole = (at: number, count: number) => new Int32Array(memory.buffer, at, count);
  const moment = plan.layout.count;
  const stateOf = (proxy: number) => plan.states + proxy * plan.stateBytes;
  /** Parameters (0) or first or second moments (1, 2) of a proxy. */
  const partOf = (proxy: number, part: number) =>
    floats(stateOf(proxy) + part * moment * floatBytes, moment);

  const tables = rotaryTables(context, shape.width / shape.heads);
  floats(plan.cosines, tables.cosines.length).set(tables.cosines);
  floats(plan.sines, tables.sines.length).set(tables.sines);
  proxies.forEach(({ seed }, proxy) => {
    putParameters(plan.layout, initialParameters(layout, seed), partOf(proxy, 0));
  });
  const batches = proxies.map(({ mixture, seed, schedule }) =>
    createBatches(tokens, mixture, seed, { rows, context }, schedule),
  );
  const batch = whole(plan.batch, rows * (context + 1));
  const [tops, sums, rights] = [plan.tops, plan.sums, plan.rights].map((at) =>
    floats(at, rows * plan.tokens),
  );
  const squares = new Float64Array(memory.buffer, plan.squares, 2);
  const numbers = floats(plan.numbers, stepNumbers.length);
  const losses = new Float32Array(proxies.length);
  let step = 0;
  /** Whether the losses are those of the step before. */
  let hasLosses = false;
  /** Powers of both betas after the steps done, by products: `**` differs between machines. */
  let powers: readonly number[] = [1, 1];
  const nextPowers = () => powers.map((power, moment) => power * betas[moment]);
  let isDisposed = false;

  /** Summed loss over targets that count, in nats. */
  function lossOfBatch(lines: number, isCounted: (target: number) => boolean): number {
    let sum = 0;
    for (let line = 0; line < lines; line++) {
      for (let position = 0; position < context; position++) {
        if (!isCounted(batch[line * (context + 1) + position + 1])) continue;
        const at = line * plan.tokens + position;
        sum += log(sums[at]) + tops[at] - rights[at];
      }
    }
    return sum;
  }

  function advanceProxy(proxy: number): void {
    batches[proxy].fill(step, batch, 0);
    program.prepare(stateOf(proxy));
    program.gradient(stateOf(proxy));
    losses[proxy] = lossOfBatch(rows, () => true) / (rows * context);
    const norm = Math.sqrt(squares[0] + squares[1]);
    const [first, second] = nextPowers();
    const [firstDecay, secondDecay] = betas.map(Math.fround);
    const values: StepNumbers = {
      gradientScale: Math.min(1, clip / norm),
      firstDecay,
      firstShare: 1 - firstDecay,
      secondDecay,
      secondShare: 1 - secondDecay,
      firstCorrection: 1 / (1 - first),
      secondCorrection: 1 / (1 - second),
      epsilon,
      rate: rateAt(training, step),
      weightDecay,
    };
    numbers.set(stepNumbers.map((name) => values[name]));
    program.update(stateOf(proxy));
  }

  return {
    backend: 'wasm',
    get step() {
      return step;
    },
    advance() {
      for (let proxy = 0; proxy < proxies.length; proxy++) advanceProxy(proxy);
      powers = nextPowers();
      step++;
      hasLosses = true;
    },
    async latestLosses() {
      if (!hasLosses) throw new RangeError('no step has been done yet');
      return losses.slice();
    },
    async evaluate(windows) {
      const length = context + 1;
      const lines = windows.length / length;
      const isCounted = (target: number) => target !== beginOfDocument;
      let counted = 0;
      windows.forEach((token, place) => {
        if (place % length !== 0 && isCounted(token)) counted++;
      });
      return Float64Array.from(proxies, (_, proxy) => {
        program.prepare(stateOf(proxy));
        let sum = 0;
        for (let first = 0; first < lines; first += rows) {
          const part = windows.subarray(first * length, (first + rows) * length);
          batch.set(part);
          program.evaluate(stateOf(proxy), part.length / length);
          sum += lossOfBatch(part.length / length, isCounted);
        }
        return sum / counted;
      });
    },
    async checkpoint(): Promise<Checkpoint> {
      const [parameters, firstMoments, secondMoments] = [0, 1, 2].map((part) => {
        const out = new Float32Array(proxies.length * layout.count);
        proxies.forEach((_, proxy) => {
          const own = out.subarray(proxy * layout.count, (proxy + 1) * layout.count);
          getParameters(plan.layout, partOf(proxy, part), own);
        });
        return out;
      });
      return { step, parameters, firstMoments, secondMoments };
    },
    restore(checkpoint) {
      const { parameters, firstMoments, secondMoments } = checkpoint;
      const expected = proxies.length * layout.count;
      const parts = [parameters, firstMoments, secondMoments];
      for (const { length } of parts) {
        if (length !== expected) {
          throw new RangeError(`a checkpoint of ${length} numbers is not one of ${expected}`);
        }
      }
      parts.forEach((values, part) => {
        proxies.forEach((_, proxy) => {
          const own = values.subarray(proxy * layout.count, (proxy + 1) * layout.count);
          // A run that diverged leaves NaN in the padding, too.
          putParameters(plan.layout, own, partOf(proxy, part).fill(0));
        });
      });
      step = checkpoint.step;
      hasLosses = false;
      powers = [1, 1];
      for (let done = 0; done < step; done++) powers = nextPowers();
    },
    dispose() {
      if (!isDisposed) shared.free.push(memory);
      isDisposed = true;
    },
  };
}
