import * as tf from '@tensorflow/tfjs';
import { layoutOf, type ParameterBlock, type ProxyShape } from '../../shape';
import type { Operations, Pass } from '../operations';
import { createAttention } from './attention';
import { crossEntropy } from './cross-entropy';
import { emptyTensor } from './device';
import { createEmbedding, createSwiGlu } from './elementwise';
import { createNorm } from './norm';
import { createLinear } from './product';

/**
 * The operations with our own programs, about 70 per step instead of tfjs's 580. They read each proxy's
 * blocks from the flat parameters, and write gradients in place.
 */
export function createWebGpuOperations(shape: ProxyShape, count: number): Operations {
  const layout = layoutOf(shape);
  const parameters = layout.count;
  const attention = createAttention(shape);
  const swiGlu = createSwiGlu(shape.hidden);
  const linears = perBlock((block) => createLinear(block, parameters));
  const norms = perBlock((block) => createNorm(block, parameters));
  const embeddings = perBlock((block) => createEmbedding(block, parameters));

  function begin(flat: tf.Tensor2D): Pass {
    let made: tf.Tensor2D | null = null;
    const gradient = () => {
      made ??= emptyTensor([count, parameters]) as tf.Tensor2D;
      return made;
    };
    return {
      embed(tokens, block) {
        const { forward, back } = embeddings(block);
        return {
          out: forward(tokens, flat),
          back: (dOut) => back(tokens, dOut, gradient()),
        };
      },
      norm(x, block) {
        const { forward, back } = norms(block);
        const { out, inverses } = forward(x, flat);
        return { out, back: (dOut) => back({ x, flat, inverses, dOut }, gradient()) };
      },
      linear(x, block) {
        const { forward, back } = linears(block);
        return { out: forward(x, flat), back: (dOut) => back(x, flat, dOut, gradient()) };
      },
      attention: attention.attend,
      swiGlu,
      add: (a, b) => tf.add<tf.Tensor3D>(a, b),
      crossEntropy,
      gradient,
    };
  }
  return { begin, dispose: attention.dispose };
}

/** Creates the value of each block on first use. */
function perBlock<Made>(make: (block: ParameterBlock) => Made): (block: ParameterBlock) => Made {
  const made = new Map<string, Made>();
  return (block) => {
    const found = made.get(block.name) ?? make(block);
    made.set(block.name, found);
    return found;
  };
}
