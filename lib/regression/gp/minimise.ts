import type { Job } from '../../job';

const remembered = 8;
const mostSteps = 80;
/** A step that lowers the value by less than this ends the search: far below what changes a prediction. */
const leastGain = 1e-3;

/**
 * Minimum of a smooth function by L-BFGS with backtracking (Nocedal and Wright 2006, section 7.2).
 *
 * @param evaluate value at a point; writes the gradient; Infinity where there is no value
 */
export function* minimise(
  start: Float64Array,
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
): Job<Float64Array> {
  const count = start.length;
  let point = Float64Array.from(start);
  let gradient = new Float64Array(count);
  let value = evaluate(point, gradient);
  const steps: { move: Float64Array; turn: Float64Array; product: number }[] = [];
  for (let step = 0; step < mostSteps; step++) {
    yield { done: step, total: mostSteps, unit: 'steps' };
    const direction = gradient.map((slope) => -slope);
    const scales: number[] = [];
    for (const { move, turn, product } of [...steps].reverse()) {
      const scale = dot(move, direction) / product;
      scales.unshift(scale);
      for (let k = 0; k < count; k++) direction[k] -= scale * turn[k];
    }
    const latest = steps.at(-1);
    const first = latest
      ? latest.product / dot(latest.turn, latest.turn)
      : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    for (let k = 0; k < count; k++) direction[k] *= first;
    steps.forEach(({ move, turn, product }, index) => {
      const correction = scales[index] - dot(turn, direction) / product;
      for (let k = 0; k < count; k++) direction[k] += correction * move[k];
    });
    const slope = dot(gradient, direction);
    if (!(slope < 0)) break;

    let length = 1;
    let next = point;
    let nextValue = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(count);
    while (length > 1e-6) {
      next = point.map((at, k) => at + length * direction[k]);
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
      length /= 3;
    }
    if (!(nextValue < value)) break;
    const move = next.map((at, k) => at - point[k]);
    const turn = nextGradient.map((at, k) => at - gradient[k]);
    const product = dot(move, turn);
    if (product > 1e-12) steps.push({ move, turn, product });
    if (steps.length > remembered) steps.shift();
    const gained = value - nextValue;
    [point, gradient, value] = [next, nextGradient, nextValue];
    if (gained < leastGain) break;
  }
  return point;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
