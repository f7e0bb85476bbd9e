import * as tf from '@tensorflow/tfjs';
import { layoutOf, vocabulary } from '../../lib/training/shape';
import { createPlainAdamW } from '../../lib/training/tf/adamw';
import type { Operations, Step } from '../../lib/training/tf/operations';
import { createPlainOperations } from '../../lib/training/tf/plain';
import { createWebGpuAdamW } from '../../lib/training/tf/webgpu/adamw';
import { createWebGpuOperations } from '../../lib/training/tf/webgpu/operations';
import { type Comparison, compare, scrub } from './compare';
import { shape, training } from './plan';

const layout = layoutOf(shape);
const count = 3;
const tokens = 3 * shape.context;
let seed = Math.floor(Math.random() * 2 ** 30);

/** Random numbers around 0, new ones at every call in a run. */
function fresh(size: readonly number[], scale = 1): { size: number[]; values: Float32Array } {
  const length = size.reduce((product, each) => product * each, 1);
  seed = (seed + 1) % 2 ** 30;
  const normal = tf.util.createShuffledIndices(length);
  const values = Float32Array.from(normal, (place) => Math.sin(place * 12.9898 + seed) * scale);
  return { size: [...size], values };
}
type Fresh = ReturnType<typeof fresh>;
const tensor = <T extends tf.Tensor>({ size, values }: Fresh) => tf.tensor(values, size) as T;

function freshTokens(): Int32Array {
  seed = (seed + 1) % 2 ** 30;
  return Int32Array.from({ length: count * tokens }, (_, at) => (at * 7919 + seed) % vocabulary);
}

type Run = (operations: Operations) => Readonly<Record<string, tf.Tensor>>;

/**
 * Runs the same computation on tfjs's cpu backend and by our programs, with overwritten buffers.
 */
async function both(name: string, run: Run, seen: Comparison[]): Promise<void> {
  const results: Record<string, Float32Array>[] = [];
  for (const backend of ['cpu', 'webgpu'] as const) {
    await tf.setBackend(backend);
    const create = backend === 'cpu' ? createPlainOperations : createWebGpuOperations;
    const operations = create(shape, count);
    if (backend === 'webgpu') await scrub();
    const outputs = tf.tidy(() => run(operations) as Record<string, tf.Tensor>);
    const values: Record<string, Float32Array> = {};
    for (const [part, output] of Object.entries(outputs)) {
      values[part] = Float32Array.from(await output.data());
      output.dispose();
    }
    operations.dispose();
    results.push(values);
  }
  const [truth, ours] = results;
  for (const part of Object.keys(truth))
    seen.push(compare(`${name}: ${part}`, ours[part], truth[part]));
}

/** Compares every program of ours with tfjs's operations on its cpu backend. */
export async function checkKernels(): Promise<Comparison[]> {
  const seen: Comparison[] = [];
  const flat = fresh([count, layout.count], 0.7);
  const parameters = () => tensor<tf.Tensor2D>(flat);
  const stepOf = ({ out, back }: Step, dOut: Fresh) => ({ out, dx: back(tensor(dOut)) });
  const { width, hidden } = shape;
  const [first] = layout.layers;
  const wide = fresh([count, tokens, width]);
  const wideBack = fresh([count, tokens, width]);
  const joint = fresh([count, tokens, 3 * width]);
  const feed = fresh([count, tokens, 2 * hidden], 4);
  const feedBack = fresh([count, tokens, hidden]);
  const logits = fresh([count, tokens, vocabulary], 5);
  const some = freshTokens();
  const named = () => tf.tensor2d(some, [count, tokens], 'int32');

  await both(
    'norm',
    (operations) =>
      stepOf(operations.begin(parameters()).norm(tensor(wide), first.feedNorm), wideBack),
    seen,
  );
  await both(
    'linear',
    (operations) =>
      stepOf(operations.begin(parameters()).linear(tensor(wide), first.attentionInput), joint),
    seen,
  );
  await both(
    'attention',
    (operations) => stepOf(operations.begin(parameters()).attention(tensor(joint)), wideBack),
    seen,
  );
  await both(
    'swiglu',
    (operations) => stepOf(operations.begin(parameters()).swiGlu(tensor(feed)), feedBack),
    seen,
  );
  await both(
    'embedding',
    (operations) => ({ out: operations.begin(parameters()).embed(named(), layout.embedding).out }),
    seen,
  );
  await both(
    'cross-entropy',
    (operations) => {
      const { losses, back } = operations.begin(parameters()).crossEntropy(tensor(logits), named());
      return { losses, dLogits: back() };
    },
    seen,
  );
  const slopes = fresh([count, layout.count], 0.3);
  const slope = fresh([count, layout.count], 0.2);
  const second = { ...slopes, values: slopes.values.map((value) => value * value + 0.01) };
  await both(
    'AdamW',
    () => {
      const create = tf.getBackend() === 'webgpu' ? createWebGpuAdamW : createPlainAdamW;
      const optimiser = create(layout, training);
      const state = {
        parameters: parameters(),
        firstMoments: tensor<tf.Tensor2D>(slopes),
        secondMoments: tensor<tf.Tensor2D>(second),
      };
      return { ...optimiser.advance(state, tensor<tf.Tensor2D>(slope), 4) };
    },
    seen,
  );
  return seen;
}
