import { layoutOf, type ProxyShape, vocabulary } from './shape';

/** Bytes that a population takes. */
export interface PopulationMemory {
  /** All of it at the fullest moment of a step, about. */
  readonly total: number;
  /** The largest single buffer: the logits, or a moment of all parameters. */
  readonly largest: number;
}

/**
 * Counts the tensors that a step holds at its fullest: parameters, moments, gradients and what the optimiser
 * writes anew; per token and layer the activations, whose temporary forms live until the step ends; logits,
 * their softmax and gradients. Factors are counts of the engine's tensors, and tests hold the sum against
 * the peaks that tfjs tells.
 *
 * @param rows of a batch, per proxy
 * @param population proxies side by side
 */
export function memoryOf(shape: ProxyShape, rows: number, population: number): PopulationMemory {
  const { layers, heads, width, hidden, context } = shape;
  const tokens = rows * context;
  const { count } = layoutOf(shape);
  const perLayer = 110 * width + 15 * heads * context + 30 * hidden;
  const floats = 10 * count + tokens * (layers * perLayer + 9 * vocabulary + 10 * width);
  return {
    total: 4 * population * floats,
    largest: 4 * population * Math.max(count, tokens * vocabulary, tokens * heads * context),
  };
}
