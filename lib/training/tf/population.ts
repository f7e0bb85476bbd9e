/** The engine on tfjs: trains, evaluates, saves and restores a population. */
import * as tf from '@tensorflow/tfjs';
import { beginOfDocument } from '../../corpora/tokens';
import { createBatches } from '../batches';
import type { Checkpoint, Engine, PopulationPlan } from '../engine';
import { initialParameters, layoutOf, type ProxyShape } from '../shape';
import { createPlainAdamW } from './adamw';
import type { TfBackend } from './backends';
import { lossAndGradient, summedLosses } from './model';
import type { Operations, OptimiserState } from './operations';
import { createPlainOperations } from './plain';
import { createWebGpuAdamW } from './webgpu/adamw';
import { createWebGpuOperations } from './webgpu/operations';

/** A population on the active backend of tfjs: see `startBackend`. @param createOperations for that backend */
export function createTfEngine(
  plan: PopulationPlan,
  backend: TfBackend,
  createOperations: (shape: ProxyShape, count: number) => Operations = backend === 'webgpu'
    ? createWebGpuOperations
    : createPlainOperations,
): Engine {
  const { shape, training, proxies, tokens } = plan;
  const { rows } = training;
  const { context } = shape;
  const count = proxies.length;
  const layout = layoutOf(shape);
  const isWebGpu = backend === 'webgpu';
  const operations = createOperations(shape, count);
  const optimiser = (isWebGpu ? createWebGpuAdamW : createPlainAdamW)(layout, training);
  const batches = proxies.map(({ mixture, seed, schedule }) =>
    createBatches(tokens, mixture, seed, { rows, context }, schedule),
  );
  const rowLength = context + 1;
  const batch = new Int32Array(count * rows * rowLength);
  let step = 0;
  let losses: tf.Tensor1D | null = null;
  let state = stateOf(startingParameters(), null, null);

  function startingParameters(): Float32Array {
    const out = new Float32Array(count * layout.count);
    const made = new Map<number, Float32Array>();
    proxies.forEach(({ seed }, proxy) => {
      const start = made.get(seed) ?? initialParameters(layout, seed);
      made.set(seed, start);
      out.set(start, proxy * layout.count);
    });
    return out;
  }

  function stateOf(
    parameters: Float32Array,
    firstMoments: Float32Array | null,
    secondMoments: Float32Array | null,
  ): OptimiserState {
    const size: [number, number] = [count, layout.count];
    return {
      parameters: tf.tensor2d(parameters, size),
      firstMoments: firstMoments ? tf.tensor2d(firstMoments, size) : tf.zeros(size),
      secondMoments: secondMoments ? tf.tensor2d(secondMoments, size) : tf.zeros(size),
    };
  }

  function disposeOf({ parameters, firstMoments, secondMoments }: OptimiserState): void {
    tf.dispose([parameters, firstMoments, secondMoments]);
  }

  /** Columns of rows x (context + 1) tokens from `first` on, as P x tokens. */
  function shifted(windows: Int32Array, first: 0 | 1): tf.Tensor2D {
    const lines = windows.length / rowLength;
    const out = new Int32Array(lines * context);
    for (let line = 0; line < lines; line++) {
      const start = line * rowLength + first;
      out.set(windows.subarray(start, start + context), line * context);
    }
    return tf.tensor2d(out, [count, out.length / count], 'int32');
  }

  return {
    backend,
    get step() {
      return step;
    },
    advance() {
      batches.forEach((each, proxy) => {
        each.fill(step, batch, proxy * rows * rowLength);
      });
      const inputs = shifted(batch, 0);
      const targets = shifted(batch, 1);
      const before = state;
      const result = lossAndGradient(before.parameters, inputs, targets, layout, operations);
      state = optimiser.advance(before, result.gradient, step);
      tf.dispose([inputs, targets, result.gradient]);
      disposeOf(before);
      losses?.dispose();
      losses = result.losses;
      step++;
    },
    async latestLosses() {
      if (!losses) throw new RangeError('no step has been done yet');
      return Float32Array.from(await losses.data());
    },
    async evaluate(windows) {
      const lines = windows.length / rowLength;
      const sums = new Float64Array(count);
      const waiting: tf.Tensor1D[] = [];
      let counted = 0;
      for (let first = 0; first < lines; first += rows) {
        const part = windows.subarray(first * rowLength, Math.min(first + rows, lines) * rowLength);
        const all = new Int32Array(count * part.length);
        for (let proxy = 0; proxy < count; proxy++) all.set(part, proxy * part.length);
        const inputs = shifted(all, 0);
        const targets = shifted(all, 1);
        const counts = tf.tidy(() =>
          tf.cast<tf.Tensor2D>(tf.notEqual<tf.Tensor2D>(targets, beginOfDocument), 'float32'),
        );
        const { parameters } = state;
        waiting.push(summedLosses(parameters, inputs, targets, counts, layout, operations));
        for (let line = 0; line < part.length / rowLength; line++) {
          for (let place = 1; place < rowLength; place++) {
            if (part[line * rowLength + place] !== beginOfDocument) counted++;
          }
        }
        tf.dispose([inputs, targets, counts]);
      }
      // Read together, so that the device does not idle for a read after every batch.
      for (const values of await Promise.all(waiting.map((summed) => summed.data()))) {
        values.forEach((value, proxy) => {
          sums[proxy] += value;
        });
      }
      tf.dispose(waiting);
      return sums.map((sum) => sum / counted);
    },
    async checkpoint(): Promise<Checkpoint> {
      const at = step;
      const kept = [state.parameters, state.firstMoments, state.secondMoments].map((tensor) =>
        tensor.data<'float32'>(),
      );
      const [parameters, firstMoments, secondMoments] = (await Promise.all(kept)).map((values) =>
        Float32Array.from(values),
      );
      return { step: at, parameters, firstMoments, secondMoments };
    },
    restore(checkpoint) {
      const { parameters, firstMoments, secondMoments } = checkpoint;
      const expected = count * layout.count;
      for (const { length } of [parameters, firstMoments, secondMoments]) {
        if (length !== expected) {
          throw new RangeError(`a checkpoint of ${length} numbers is not one of ${expected}`);
        }
      }
      disposeOf(state);
      losses?.dispose();
      losses = null;
      state = stateOf(parameters, firstMoments, secondMoments);
      step = checkpoint.step;
    },
    dispose() {
      disposeOf(state);
      losses?.dispose();
      optimiser.dispose();
      operations.dispose();
    },
  };
}
