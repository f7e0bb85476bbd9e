import type { PlannedProxy, PopulationPlan } from '../../lib/training/engine';
import { type TrainingOptions, usualTraining } from '../../lib/training/options';
import { layoutOf, type ProxyShape } from '../../lib/training/shape';

/** Odd sizes, so that no tile of a program is full. */
export const shape: ProxyShape = { layers: 2, heads: 2, width: 20, hidden: 14, context: 12 };
export const layout = layoutOf(shape);
export const training: TrainingOptions = {
  ...usualTraining,
  learningRate: 4e-3,
  // Adam divides by the size of a gradient: near zero, single precision would decide its sign.
  epsilon: 1e-6,
  rows: 3,
  steps: 20,
  warmUp: 2,
};
/** Text of a domain with its own period, in documents of about 30 bytes. */
const tokens = [0, 1, 2].map((domain) =>
  Uint16Array.from({ length: 600 + 50 * domain }, (_, place) =>
    place % 31 === 0 ? 256 : 97 + ((place * (domain + 2) + (place >> 3)) % (5 + 4 * domain)),
  ),
);
const proxies: PlannedProxy[] = [
  { id: 'a', mixture: Float64Array.of(0.7, 0.2, 0.1), seed: 5 },
  { id: 'b', mixture: Float64Array.of(0, 0.5, 0.5), seed: 5 },
  { id: 'c', mixture: Float64Array.of(1, 0, 0), seed: 6 },
  { id: 'd', mixture: Float64Array.of(1 / 3, 1 / 3, 1 / 3), seed: 7 },
];
export const plan: PopulationPlan = { shape, training, proxies, tokens };

/** A plan of this many proxies. */
export function planOf(count: number): PopulationPlan {
  return {
    ...plan,
    proxies: Array.from({ length: count }, (_, place) => ({
      ...proxies[place % proxies.length],
      id: String(place),
      seed: place,
    })),
  };
}
