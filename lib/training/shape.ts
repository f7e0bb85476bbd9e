/**
 * The shape of a proxy: available sizes, layout and initial values of parameters, and memory of a population.
 */

import { createRandomStream } from '../model/random';

/** Bytes 0 to 255, and 256 = begin of document. */
export const vocabulary = 257;

/** The shape of a proxy: a LLaMA-style decoder over bytes. */
export interface ProxyShape {
  readonly layers: number;
  /** Divides `width` into parts of even size, as rotary embedding needs. */
  readonly heads: number;
  readonly width: number;
  /** Width of the feed-forward part. */
  readonly hidden: number;
  /** Tokens that one prediction can attend to, including the current one. */
  readonly context: number;
}

export type SizeId = '7k' | '20k' | '100k' | '400k' | '1m';

/**
 * The available sizes. `1m` is the paper's 2 x 256 x 512 (Liu et al. 2024, appendix), over bytes; `7k` trains
 * in seconds on any device, for a first look.
 */
export const sizes: Readonly<Record<SizeId, ProxyShape>> = {
  '7k': { layers: 1, heads: 2, width: 12, hidden: 16, context: 32 },
  '20k': { layers: 2, heads: 4, width: 24, hidden: 32, context: 48 },
  '100k': { layers: 2, heads: 4, width: 64, hidden: 96, context: 64 },
  '400k': { layers: 2, heads: 4, width: 128, hidden: 256, context: 96 },
  '1m': { layers: 2, heads: 8, width: 256, hidden: 512, context: 128 },
};

/** Smallest first. */
export const sizeIds: readonly SizeId[] = ['7k', '20k', '100k', '400k', '1m'];

/** One matrix or gain: its position among the parameters of a proxy. */
export interface ParameterBlock {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Index of its first number. */
  readonly offset: number;
  /** Standard deviation that it starts with; null = all ones (the gain of a norm). */
  readonly deviation: number | null;
}

/** The blocks of one layer. */
export interface LayerBlocks {
  readonly attentionNorm: ParameterBlock;
  /** width x 3 width: query, key and value side by side. */
  readonly attentionInput: ParameterBlock;
  readonly attentionOutput: ParameterBlock;
  readonly feedNorm: ParameterBlock;
  /** width x 2 hidden: gate and value of SwiGLU side by side. */
  readonly feedInput: ParameterBlock;
  readonly feedOutput: ParameterBlock;
}

/** Where every parameter of a proxy lies in one flat array. */
export interface ParameterLayout {
  readonly embedding: ParameterBlock;
  readonly layers: readonly LayerBlocks[];
  readonly finalNorm: ParameterBlock;
  readonly head: ParameterBlock;
  /** All of the above by offset. */
  readonly blocks: readonly ParameterBlock[];
  /** Total number of parameters. */
  readonly count: number;
}

/**
 * Lays the parameters out. Matrices start normal with variance 2 / (5 width), and those that write
 * into the residual stream with deviation 1 / (layers sqrt(width)): the initialisation of TinyLlama
 * (Zhang et al. 2024), whose code trained RegMix's proxies.
 *
 * @throws RangeError when the heads do not divide the width evenly
 */
export function layoutOf({ layers, heads, width, hidden }: ProxyShape): ParameterLayout {
  if (width % (2 * heads) !== 0) {
    throw new RangeError(`${heads} heads do not divide a width of ${width} into even parts`);
  }
  const blocks: ParameterBlock[] = [];
  let count = 0;
  const add = (name: string, rows: number, columns: number, deviation: number | null) => {
    const block = { name, rows, columns, offset: count, deviation };
    blocks.push(block);
    count += rows * columns;
    return block;
  };
  const usual = Math.sqrt(2 / (5 * width));
  const residual = 1 / (layers * Math.sqrt(width));
  const embedding = add('embedding', vocabulary, width, usual);
  const inner = Array.from({ length: layers }, (_, layer) => ({
    attentionNorm: add(`layer ${layer} attention norm`, 1, width, null),
    attentionInput: add(`layer ${layer} attention input`, width, 3 * width, usual),
    attentionOutput: add(`layer ${layer} attention output`, width, width, residual),
    feedNorm: add(`layer ${layer} feed norm`, 1, width, null),
    feedInput: add(`layer ${layer} feed input`, width, 2 * hidden, usual),
    feedOutput: add(`layer ${layer} feed output`, hidden, width, residual),
  }));
  const finalNorm = add('final norm', 1, width, null);
  const head = add('head', width, vocabulary, usual);
  return { embedding, layers: inner, finalNorm, head, blocks, count };
}

/**
 * The parameters that a proxy starts with: a function of its seed alone, so that proxies of one seed differ
 * only by their text.
 *
 * @returns `layout.count` numbers
 */
export function initialParameters(layout: ParameterLayout, seed: number): Float32Array {
  const stream = createRandomStream(seed);
  const out = new Float32Array(layout.count);
  for (const { rows, columns, offset, deviation } of layout.blocks) {
    const end = offset + rows * columns;
    if (deviation === null) out.fill(1, offset, end);
    else for (let at = offset; at < end; at++) out[at] = deviation * stream.normal();
  }
  return out;
}

/** Bytes that a population takes. */
export interface PopulationMemory {
  /** Approximate peak memory of a step. */
  readonly total: number;
  /** The largest single buffer: the logits, or a moment of all parameters. */
  readonly largest: number;
}

/**
 * Sums the tensors that a step holds at its peak: parameters, moments, gradients and the new values of the
 * optimiser; per token and layer the activations, whose temporaries live until the step ends; logits, their
 * softmax and gradients. Factors are counts of the engine's tensors; tests compare the sum with the peaks
 * that tfjs reports.
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
