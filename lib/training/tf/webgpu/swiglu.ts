import type * as tf from '@tensorflow/tfjs';
import type { Step } from '../operations';
import { elementwise, runElementwise } from './elementwise';

/** SwiGLU in one program each way. */
export function createSwiGlu(hidden: number) {
  const places = `
  let token = at / ${hidden};
  let left = token * ${2 * hidden} + at % ${hidden};
  let gate = feed[left];
  let up = feed[left + ${hidden}];
  let open = 1.0 / (1.0 + exp(-max(gate, -80.0)));`;
  const forward = elementwise(
    { name: `swiglu ${hidden} forward`, reads: ['feed'], writes: ['result'] },
    `${places}
  result[at] = gate * open * up;`,
  );
  const back = elementwise(
    { name: `swiglu ${hidden} back`, reads: ['feed', 'dOut'], writes: ['result'] },
    `${places}
  result[left] = dOut[at] * up * open * (1.0 + gate * (1.0 - open));
  result[left + ${hidden}] = dOut[at] * gate * open;`,
    'dOut',
  );
  return (feed: tf.Tensor3D): Step => {
    const [count, tokens] = feed.shape;
    const size = { count, each: tokens * hidden };
    const run = (kernel: typeof back, inputs: readonly tf.Tensor[], columns: number) =>
      runElementwise(kernel, inputs, [[count, tokens, columns]], size)[0] as tf.Tensor3D;
    return {
      out: run(forward, [feed], hidden),
      back: (dOut) => run(back, [feed, dOut], 2 * hidden),
    };
  };
}
