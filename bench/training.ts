/** What benchmarks of training share: plans of proxies, and costs by counting. */
import type { Engine, PopulationPlan } from '../lib/training/engine';
import { trainingFor, usualRates } from '../lib/training/options';
import { layoutOf, type ProxyShape, type SizeId, sizes } from '../lib/training/shape';

/** Proxies of a size, each on a mixture of two synthetic texts. */
export function planOf(size: SizeId, count: number, rows = 8): PopulationPlan {
  const shape = sizes[size];
  const tokens = [0, 1].map((domain) =>
    Uint16Array.from({ length: 20_000 }, (_, place) =>
      place % 97 === 0 ? 256 : 97 + ((place * (domain + 2) + (place >> 3)) % (7 + 9 * domain)),
    ),
  );
  const proxies = Array.from({ length: count }, (_, place) => {
    const weight = (place + 0.5) / count;
    return { id: String(place), mixture: Float64Array.of(weight, 1 - weight), seed: place };
  });
  const training = { ...trainingFor(1e6, shape.context, usualRates[size]), rows };
  return { shape, training, proxies, tokens };
}

/** Waits until every loss has been read. */
export async function stepAll(engines: readonly Engine[]): Promise<void> {
  for (const engine of engines) engine.advance();
  await Promise.all(engines.map((engine) => engine.latestLosses()));
}

/**
 * Floating-point operations of a training step per token, as Chowdhery et al. 2022 (PaLM, appendix B) count
 * them: six per weight for the forward and backward pass, and the products within attention. The embedding is
 * a look-up and counts none.
 */
export function operationsPerToken(shape: ProxyShape): number {
  const { layers, width, context } = shape;
  const { blocks, embedding } = layoutOf(shape);
  const weights = blocks
    .filter((block) => block.deviation !== null && block !== embedding)
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return 6 * weights + 12 * layers * width * context;
}

/** Seconds of processor time that this process has used. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
