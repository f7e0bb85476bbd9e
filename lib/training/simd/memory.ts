/**
 * Where everything lies in the memory of an engine: parameters and their padding, activations, packed matrices,
 * gradients.
 */

import { layoutOf, type ParameterBlock, type ProxyShape, vocabulary } from '../shape';
import { floatBytes } from './builder';
import { panelColumns } from './products';

/** The least multiple of `unit` that is not below. */
export function upTo(count: number, unit: number): number {
  return Math.ceil(count / unit) * unit;
}

/** A block of parameters as it lies in memory: rows and columns padded with zeros to multiples of 4. */
export interface PaddedBlock {
  readonly block: ParameterBlock;
  /** Index of its first number. */
  readonly offset: number;
  /** Numbers in a row. */
  readonly columns: number;
  readonly rows: number;
  /** The column of each of the block's columns. */
  readonly columnOf: (column: number) => number;
}

/** Parameters of a proxy as they lie in memory. */
export interface PaddedLayout {
  readonly embedding: PaddedBlock;
  readonly layers: readonly Readonly<
    Record<
      | 'attentionNorm'
      | 'attentionInput'
      | 'attentionOutput'
      | 'feedNorm'
      | 'feedInput'
      | 'feedOutput',
      PaddedBlock
    >
  >[];
  readonly finalNorm: PaddedBlock;
  readonly head: PaddedBlock;
  /** All of them by offset. */
  readonly blocks: readonly PaddedBlock[];
  /** Total of numbers, padding included. */
  readonly count: number;
}

/** Columns of logits, padded to whole panels. */
export const logitColumns = upTo(vocabulary, panelColumns);

function padded(shape: ProxyShape): PaddedLayout {
  const layout = layoutOf(shape);
  const { hidden } = shape;
  const hiddenColumns = upTo(hidden, 4);
  const blocks: PaddedBlock[] = [];
  let count = 0;
  const place = (
    block: ParameterBlock,
    columns = upTo(block.columns, 4),
    columnOf = (column: number) => column,
  ): PaddedBlock => {
    const rows = block.rows === 1 ? 1 : upTo(block.rows, 4);
    const found = { block, offset: count, columns, rows, columnOf };
    blocks.push(found);
    count += rows * columns;
    return found;
  };
  const embedding = place(layout.embedding);
  const layers = layout.layers.map((blocksOf) => ({
    attentionNorm: place(blocksOf.attentionNorm),
    attentionInput: place(blocksOf.attentionInput),
    attentionOutput: place(blocksOf.attentionOutput),
    feedNorm: place(blocksOf.feedNorm),
    // Gates and values are each padded, so that vectors of both match.
    feedInput: place(blocksOf.feedInput, 2 * hiddenColumns, (column) =>
      column < hidden ? column : column - hidden + hiddenColumns,
    ),
    feedOutput: place(blocksOf.feedOutput),
  }));
  const finalNorm = place(layout.finalNorm);
  const head = place(layout.head, logitColumns);
  return { embedding, layers, finalNorm, head, blocks, count };
}

/** Parameters as they lie in memory, from those of a checkpoint. */
export function putParameters(
  { blocks }: PaddedLayout,
  from: Float32Array,
  to: Float32Array,
): void {
  for (const each of blocks) {
    eachNumber(each, (outer, inner) => {
      to[inner] = from[outer];
    });
  }
}

/** The way back. */
export function getParameters(
  { blocks }: PaddedLayout,
  from: Float32Array,
  to: Float32Array,
): void {
  for (const each of blocks) {
    eachNumber(each, (outer, inner) => {
      to[outer] = from[inner];
    });
  }
}

function eachNumber(
  { block, offset, columns, columnOf }: PaddedBlock,
  visit: (outer: number, inner: number) => void,
): void {
  for (let row = 0; row < block.rows; row++) {
    for (let column = 0; column < block.columns; column++) {
      visit(block.offset + row * block.columns + column, offset + row * columns + columnOf(column));
    }
  }
}

/** A matrix in memory. */
interface Matrix {
  /** Address of its first number. */
  readonly at: number;
  /** Bytes from a row to the next. */
  readonly row: number;
}

/** Memory begins with nothing, since rows are read and written a little beyond their ends. */
const margin = 64;

/** Hands out memory from the front. */
function createAllocator() {
  let top = margin;
  const take = (bytes: number): number => {
    const at = top;
    top = upTo(top + bytes + margin, margin);
    return at;
  };
  return {
    bytes: take,
    floats: (count: number) => take(count * floatBytes),
    matrix(rows: number, columns: number): Matrix {
      const row = rowBytes(columns);
      return { at: take(rows * row), row };
    },
    top: () => top,
  };
}

/**
 * Bytes of a row of activations. Rows an eighth of a page apart would share few lines of a cache, so that walking
 * down a column would miss: such rows are moved apart.
 */
function rowBytes(columns: number): number {
  const bytes = upTo(columns, 4) * floatBytes;
  return bytes % 128 === 0 ? bytes + 32 : bytes;
}

/** Address of a matrix packed in panels: bytes it takes. */
function panelFloats(rows: number, columns: number): number {
  return rows * upTo(columns, panelColumns);
}

/** What the program reads and writes besides parameters; addresses in bytes. */
export type MemoryPlan = ReturnType<typeof planMemory>;

/** Bytes that the engine takes for so many proxies. @param rows of a batch */
export function engineMemory(shape: ProxyShape, rows: number, proxies: number): number {
  const { states, stateBytes } = planMemory(shape, rows);
  return states + proxies * stateBytes;
}

/** @param rows of a batch */
export function planMemory(shape: ProxyShape, rows: number) {
  const { heads, width, hidden, context } = shape;
  const layout = padded(shape);
  const tokens = upTo(context, 8);
  const size = width / heads;
  const take = createAllocator();
  /** A matrix of a row a token, padded with zero rows. */
  const activations = (columns: number) => take.matrix(tokens, columns);
  /** A matrix of a column a token. */
  const byToken = (count: number) => take.matrix(count, tokens);
  const packed = (matrixRows: number, columns: number) =>
    take.floats(panelFloats(matrixRows, columns));
  const perToken = (count = 1) => take.floats(count * tokens);
  // Heads of the way back, each padded, since tiles of 4 x 4 write beyond.
  const headRoom = upTo(size, 4);
  return {
    layout,
    tokens,
    numbers: take.floats(16),
    noDecay: take.floats(4),
    squares: take.bytes(16),
    /** rows x (context + 1) tokens, whole numbers of 32 bits. */
    batch: take.floats(rows * (context + 1)),
    cosines: take.floats(context * size),
    sines: take.floats(context * size),
    gradient: take.floats(layout.count),
    // Of every token of a batch, for its loss.
    tops: perToken(rows),
    sums: perToken(rows),
    rights: perToken(rows),
    shares: perToken(),
    layers: layout.layers.map((blocks) => ({
      blocks,
      input: activations(width),
      attentionInverses: perToken(),
      attentionNormed: activations(width),
      joint: activations(3 * width),
      queries: byToken(upTo(width, 4)),
      /** tokens x tokens of every head, one below the other. */
      weights: byToken(heads * tokens),
      mixed: byToken(upTo(width, 4)),
      middle: activations(width),
      feedInverses: perToken(),
      feedNormed: activations(width),
      feed: activations(2 * upTo(hidden, 4)),
      open: activations(hidden),
      gated: activations(hidden),
      packed: {
        attentionInput: packed(width, 3 * width),
        attentionOutput: packed(width, width),
        feedInput: packed(width, 2 * upTo(hidden, 4)),
        feedOutput: packed(hidden, width),
      },
      transposed: {
        attentionInput: packed(upTo(3 * width, 4), width),
        attentionOutput: packed(upTo(width, 4), width),
        feedInput: packed(2 * upTo(hidden, 4), width),
        feedOutput: packed(upTo(width, 4), hidden),
      },
    })),
    last: activations(width),
    lastInverses: perToken(),
    lastNormed: activations(width),
    logits: activations(logitColumns),
    head: packed(width, logitColumns),
    headTransposed: packed(logitColumns, width),
    dx: activations(width),
    dNormed: activations(width),
    dGated: activations(hidden),
    dFeed: activations(2 * upTo(hidden, 4)),
    dMixed: activations(width),
    dMixedByToken: byToken(upTo(width, 4)),
    dWeights: byToken(tokens),
    dQueriesByToken: byToken(upTo(width, 4)),
    dQueries: activations(width),
    headRoom: headRoom * floatBytes,
    dKeys: activations(heads * headRoom),
    dValues: activations(heads * headRoom),
    dJoint: activations(3 * width),
    /** Where proxies begin, one after the other: parameters, first and second moments. */
    states: take.bytes(0),
    stateBytes: 3 * layout.count * floatBytes,
  };
}
