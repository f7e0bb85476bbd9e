/**
 * The program of a proxy's training step for one shape: forward pass, backward pass and optimiser, over one row of a
 * batch at a time, so that all of it stays in the cache of a core. Equations as in `reference.ts`.
 */

import type { ProxyShape } from '../shape';
import { vocabulary } from '../shape';
import { floatBytes, Int, ModuleBuilder } from './builder';
import {
  defineAdamW,
  defineCopyHeads,
  defineCrossEntropy,
  defineEmbed,
  defineEmbedBack,
  defineNorm,
  defineNormBack,
  defineRotary,
  defineScaleRows,
  defineSoftmax,
  defineSoftmaxBack,
  defineSquares,
  defineSwiGlu,
  defineSwiGluBack,
  stepNumbers,
} from './layers';
import { logitColumns, type MemoryPlan, type PaddedBlock, planMemory, upTo } from './memory';
import {
  defineMix,
  defineMixBack,
  definePack,
  definePackTransposed,
  defineProduct,
  defineScores,
  defineTranspose,
  panelColumns,
} from './products';

/** A compiled program's functions. Addresses are those of its memory plan. */
export interface Program {
  /** Packs the matrices of the proxy at an address, for all that follows. */
  readonly prepare: (proxy: number) => void;
  /** After `prepare`: the gradient over the batch, the sum of its squares, and what the losses are computed from. */
  readonly gradient: (proxy: number) => void;
  /** A step of the optimiser by the gradient. */
  readonly update: (proxy: number) => void;
  /** After `prepare`: what the losses of the first rows of the batch are computed from. */
  readonly evaluate: (proxy: number, rows: number) => void;
}

/** The bytes of a program's module, and its memory. */
export function buildProgram(
  shape: ProxyShape,
  rows: number,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly memory: MemoryPlan } {
  const { heads, width, hidden, context } = shape;
  const memory = planMemory(shape, rows);
  const { layout, layers } = memory;
  const module = new ModuleBuilder();
  const size = width / heads;
  const hiddenColumns = upTo(hidden, 4);
  const widthColumns = upTo(width, 4);
  const jointColumns = upTo(3 * width, 4);
  // All layers have the strides of the first.
  const [first] = layers;
  const token = first.queries.row;
  const wide = first.input.row;
  const joint = first.joint.row;

  /** out = x W, from tokens x W.rows to tokens x W.columns, with packed W. */
  const forwardProduct = (
    name: string,
    left: { row: number; term: number },
    terms: number,
    columns: number,
    out: number,
    isAdded = false,
  ) =>
    defineProduct(module, name, {
      rows: context,
      columns,
      terms,
      left,
      right: { panelRows: terms },
      out,
      isAdded,
    });
  /** dx = dOut W transposed, with packed transposed W; a panel has as many rows as W has padded columns. */
  const backProduct = (
    name: string,
    dOut: number,
    terms: number,
    panelRows: number,
    columns: number,
    out: number,
  ) =>
    defineProduct(module, name, {
      rows: context,
      columns,
      terms,
      left: { row: dOut, term: floatBytes },
      right: { panelRows },
      out,
    });
  /** dW += x transposed dOut. */
  const gradientProduct = (
    name: string,
    x: { row: number; term: number },
    dOut: number,
    { block, columns }: PaddedBlock,
  ) =>
    defineProduct(module, name, {
      rows: block.rows,
      columns,
      terms: context,
      left: { row: x.term, term: x.row },
      right: { row: dOut },
      out: columns * floatBytes,
      isAdded: true,
    });
  const rowwise = (row: number) => ({ row, term: floatBytes });
  /** A matrix of a column a token, read as its transpose. */
  const columnwise = { row: floatBytes, term: token };

  const attentionIn = forwardProduct('attentionIn', rowwise(wide), width, jointColumns, joint);
  const attentionOut = forwardProduct('attentionOut', columnwise, width, widthColumns, wide, true);
  const feedIn = forwardProduct('feedIn', rowwise(wide), width, 2 * hiddenColumns, first.feed.row);
  const feedOut = forwardProduct(
    'feedOut',
    rowwise(first.gated.row),
    hidden,
    widthColumns,
    wide,
    true,
  );
  const headOut = forwardProduct('head', rowwise(wide), width, logitColumns, memory.logits.row);

  const headBack = backProduct(
    'headBack',
    memory.logits.row,
    vocabulary,
    logitColumns,
    widthColumns,
    wide,
  );
  const feedOutBack = backProduct(
    'feedOutBack',
    wide,
    width,
    widthColumns,
    hiddenColumns,
    memory.dGated.row,
  );
  const feedInBack = backProduct(
    'feedInBack',
    memory.dFeed.row,
    2 * hiddenColumns,
    2 * hiddenColumns,
    widthColumns,
    wide,
  );
  const attentionOutBack = backProduct(
    'attentionOutBack',
    wide,
    width,
    widthColumns,
    widthColumns,
    wide,
  );
  const attentionInBack = backProduct(
    'attentionInBack',
    joint,
    3 * width,
    jointColumns,
    widthColumns,
    wide,
  );

  const headGradient = gradientProduct(
    'headGradient',
    rowwise(wide),
    memory.logits.row,
    layout.head,
  );
  const feedOutGradient = gradientProduct(
    'feedOutGradient',
    rowwise(first.gated.row),
    wide,
    first.blocks.feedOutput,
  );
  const feedInGradient = gradientProduct(
    'feedInGradient',
    rowwise(wide),
    memory.dFeed.row,
    first.blocks.feedInput,
  );
  const attentionOutGradient = gradientProduct(
    'attentionOutGradient',
    columnwise,
    wide,
    first.blocks.attentionOutput,
  );
  const attentionInGradient = gradientProduct(
    'attentionInGradient',
    rowwise(wide),
    joint,
    first.blocks.attentionInput,
  );

  const rowsOf = { context, width, row: wide };
  const attention = {
    context,
    padded: memory.tokens,
    head: size,
    joint,
    token,
    scale: 1 / Math.sqrt(size),
  };
  const headBytes = size * floatBytes;
  const inJoint = { row: joint, head: headBytes };
  const inRoom = { row: memory.dKeys.row, head: memory.headRoom };
  const gates = { context, hidden: hiddenColumns, both: first.feed.row, one: first.open.row };
  const embeddingRow = layout.embedding.columns * floatBytes;
  const turned = { row: wide, head: headBytes };

  const pack = definePack(module);
  const packTransposed = definePackTransposed(module);
  const embed = defineEmbed(module, rowsOf, embeddingRow);
  const embedBack = defineEmbedBack(module, rowsOf, embeddingRow);
  const norm = defineNorm(module, rowsOf);
  const normBack = defineNormBack(module, rowsOf);
  const both = { context, heads: 2 * heads, size };
  const each = { context, heads, size };
  const rotate = defineRotary(module, 'rotate', both, inJoint, inJoint, memory, 'forward');
  const rotateQueriesBack = defineRotary(
    module,
    'rotateQueriesBack',
    each,
    turned,
    inJoint,
    memory,
    'back',
  );
  const rotateKeysBack = defineRotary(
    module,
    'rotateKeysBack',
    each,
    inRoom,
    inJoint,
    memory,
    'back',
  );
  const copyValues = defineCopyHeads(module, each, inRoom, inJoint);
  const squareSize = { rows: memory.tokens, columns: widthColumns };
  const transposeQueries = defineTranspose(module, 'transposeQueries', squareSize, joint, token);
  const transposeMixed = defineTranspose(module, 'transposeMixed', squareSize, wide, token);
  const transposeBack = defineTranspose(
    module,
    'transposeBack',
    { rows: widthColumns, columns: memory.tokens },
    token,
    wide,
  );
  const scores = defineScores(module, attention);
  const softmax = defineSoftmax(module, attention);
  const softmaxBack = defineSoftmaxBack(module, attention);
  const mix = defineMix(module, attention);
  const keysBack = defineMixBack(module, 'keysBack', attention, joint, memory.dKeys.row);
  const valuesBack = defineMixBack(module, 'valuesBack', attention, wide, memory.dValues.row);
  const swiGlu = defineSwiGlu(module, gates);
  const swiGluBack = defineSwiGluBack(module, gates);
  const logitSizes = { context, row: memory.logits.row, columns: logitColumns, vocabulary };
  const crossEntropy = defineCrossEntropy(module, logitSizes, 1 / (rows * context));
  const scaleRows = defineScaleRows(module, rowsOf);
  const squares = defineSquares(module);
  const adamW = defineAdamW(module, layout.count * floatBytes, memory.numbers);

  /** Address of a block of the proxy at an address. */
  const blockOf = (proxy: Int, { offset }: PaddedBlock) => proxy.plus(offset * floatBytes);
  const gradientOf = ({ offset }: PaddedBlock) => memory.gradient + offset * floatBytes;
  /** Addresses of each head's part of a matrix of a row, or of a column, a token. */
  const headsOf = Array.from({ length: heads }, (_, head) => ({
    byRow: head * headBytes,
    byToken: head * size * token,
    weights: head * memory.tokens * token,
    room: head * memory.headRoom,
  }));

  module.define(
    'prepare',
    1,
    (body, proxy) => {
      const both = (block: PaddedBlock, to: number, transposed: number) => {
        const from = blockOf(proxy, block);
        const row = block.columns * floatBytes;
        const panels = (count: number) => Math.ceil(count / panelColumns);
        body.call(pack, from, row, block.block.rows, panels(block.columns), to);
        body.call(
          packTransposed,
          from,
          row,
          panels(block.block.rows),
          block.columns / 4,
          transposed,
        );
      };
      for (const { blocks, packed, transposed } of layers) {
        both(blocks.attentionInput, packed.attentionInput, transposed.attentionInput);
        both(blocks.attentionOutput, packed.attentionOutput, transposed.attentionOutput);
        both(blocks.feedInput, packed.feedInput, transposed.feedInput);
        both(blocks.feedOutput, packed.feedOutput, transposed.feedOutput);
      }
      both(layout.head, memory.head, memory.headTransposed);
    },
    true,
  );

  /** Logits of a row of the batch. Parameters: proxy, its tokens. */
  const forward = module.define('forward', 2, (body, proxy, tokens) => {
    body.call(embed, tokens, blockOf(proxy, layout.embedding), first.input.at);
    layers.forEach((layer, place) => {
      const { blocks, packed } = layer;
      const out = layers.at(place + 1)?.input ?? memory.last;
      body.call(
        norm,
        layer.input.at,
        blockOf(proxy, blocks.attentionNorm),
        layer.attentionInverses,
        layer.attentionNormed.at,
      );
      body.call(attentionIn, layer.attentionNormed.at, packed.attentionInput, layer.joint.at);
      body.call(rotate, layer.joint.at, layer.joint.at);
      body.call(transposeQueries, layer.joint.at, layer.queries.at);
      const [keys, values] = [1, 2].map((part) => layer.joint.at + part * width * floatBytes);
      for (const head of headsOf) {
        const weights = layer.weights.at + head.weights;
        body.call(scores, keys + head.byRow, layer.queries.at + head.byToken, weights);
        body.call(softmax, weights);
        body.call(mix, values + head.byRow, weights, layer.mixed.at + head.byToken);
      }
      body.copy(Int.of(layer.middle.at), Int.of(layer.input.at), context * wide);
      body.call(attentionOut, layer.mixed.at, packed.attentionOutput, layer.middle.at);
      body.call(
        norm,
        layer.middle.at,
        blockOf(proxy, blocks.feedNorm),
        layer.feedInverses,
        layer.feedNormed.at,
      );
      body.call(feedIn, layer.feedNormed.at, packed.feedInput, layer.feed.at);
      body.call(swiGlu, layer.feed.at, layer.open.at, layer.gated.at);
      body.copy(Int.of(out.at), Int.of(layer.middle.at), context * wide);
      body.call(feedOut, layer.gated.at, packed.feedOutput, out.at);
    });
    const gains = blockOf(proxy, layout.finalNorm);
    body.call(norm, memory.last.at, gains, memory.lastInverses, memory.lastNormed.at);
    body.call(headOut, memory.lastNormed.at, memory.head, memory.logits.at);
  });

  /** The forward pass up to losses. Parameters: proxy, tokens of the row, its place in bytes of one number a token. */
  const lossesOf = module.define('lossesOf', 3, (body, proxy, tokens, offset) => {
    body.call(forward, proxy, tokens);
    body.call(
      crossEntropy,
      memory.logits.at,
      tokens.plus(floatBytes),
      offset.plus(memory.tops),
      offset.plus(memory.sums),
      offset.plus(memory.rights),
      memory.shares,
    );
  });

  /** Adds the gradient of a row, after its losses. Parameters: proxy, tokens of the row. */
  const backward = module.define('backward', 2, (body, proxy, tokens) => {
    const { dx, dNormed, dGated, dFeed, dMixed, dJoint } = memory;
    body.call(headBack, memory.logits.at, memory.headTransposed, dNormed.at);
    body.call(scaleRows, dNormed.at, memory.shares);
    body.call(scaleRows, memory.lastNormed.at, memory.shares);
    body.call(headGradient, memory.lastNormed.at, memory.logits.at, gradientOf(layout.head));
    body.clear(Int.of(dx.at), context * wide);
    body.call(
      normBack,
      dNormed.at,
      memory.last.at,
      blockOf(proxy, layout.finalNorm),
      memory.lastInverses,
      dx.at,
      gradientOf(layout.finalNorm),
    );
    for (const layer of [...layers].reverse()) {
      const { blocks, transposed } = layer;
      body.call(feedOutGradient, layer.gated.at, dx.at, gradientOf(blocks.feedOutput));
      body.call(feedOutBack, dx.at, transposed.feedOutput, dGated.at);
      body.call(swiGluBack, dGated.at, layer.feed.at, layer.open.at, dFeed.at);
      body.call(feedInGradient, layer.feedNormed.at, dFeed.at, gradientOf(blocks.feedInput));
      body.call(feedInBack, dFeed.at, transposed.feedInput, dNormed.at);
      body.call(
        normBack,
        dNormed.at,
        layer.middle.at,
        blockOf(proxy, blocks.feedNorm),
        layer.feedInverses,
        dx.at,
        gradientOf(blocks.feedNorm),
      );
      body.call(attentionOutGradient, layer.mixed.at, dx.at, gradientOf(blocks.attentionOutput));
      body.call(attentionOutBack, dx.at, transposed.attentionOutput, dMixed.at);
      body.call(transposeMixed, dMixed.at, memory.dMixedByToken.at);
      const [queries, keys, values] = [0, 1, 2].map((part) => part * width * floatBytes);
      for (const head of headsOf) {
        const weights = layer.weights.at + head.weights;
        const dMixedHead = memory.dMixedByToken.at + head.byToken;
        const inJointOf = (part: number) => layer.joint.at + part + head.byRow;
        const dWeights = memory.dWeights.at;
        body.call(valuesBack, weights, dMixed.at + head.byRow, memory.dValues.at + head.room);
        body.call(scores, inJointOf(values), dMixedHead, dWeights);
        body.call(softmaxBack, weights, layer.mixed.at + head.byToken, dMixedHead, dWeights);
        body.call(mix, inJointOf(keys), dWeights, memory.dQueriesByToken.at + head.byToken);
        body.call(keysBack, dWeights, inJointOf(queries), memory.dKeys.at + head.room);
      }
      body.call(transposeBack, memory.dQueriesByToken.at, memory.dQueries.at);
      body.call(rotateQueriesBack, memory.dQueries.at, dJoint.at + queries);
      body.call(rotateKeysBack, memory.dKeys.at, dJoint.at + keys);
      body.call(copyValues, memory.dValues.at, dJoint.at + values);
      body.call(
        attentionInGradient,
        layer.attentionNormed.at,
        dJoint.at,
        gradientOf(blocks.attentionInput),
      );
      body.call(attentionInBack, dJoint.at, transposed.attentionInput, dNormed.at);
      body.call(
        normBack,
        dNormed.at,
        layer.input.at,
        blockOf(proxy, blocks.attentionNorm),
        layer.attentionInverses,
        dx.at,
        gradientOf(blocks.attentionNorm),
      );
    }
    body.call(embedBack, tokens, dx.at, gradientOf(layout.embedding));
  });

  const rowBytes = (context + 1) * floatBytes;
  const placeBytes = memory.tokens * floatBytes;
  module.define(
    'gradient',
    1,
    (body, proxy) => {
      body.clear(Int.of(memory.gradient), layout.count * floatBytes);
      body.repeat(
        rows,
        [
          [memory.batch, rowBytes],
          [0, placeBytes],
        ],
        ([tokens, offset]) => {
          body.call(lossesOf, proxy, tokens, offset);
          body.call(backward, proxy, tokens);
        },
      );
      body.call(squares, memory.gradient, layout.count / 4, memory.squares);
    },
    true,
  );
  module.define(
    'evaluate',
    2,
    (body, proxy, lines) => {
      body.repeat(
        lines,
        [
          [memory.batch, rowBytes],
          [0, placeBytes],
        ],
        ([tokens, offset]) => body.call(lossesOf, proxy, tokens, offset),
      );
    },
    true,
  );
  module.define(
    'update',
    1,
    (body, proxy) => {
      const decay = memory.numbers + stepNumbers.indexOf('weightDecay') * floatBytes;
      for (const padded of layout.blocks) {
        body.call(
          adamW,
          blockOf(proxy, padded),
          gradientOf(padded),
          (padded.rows * padded.columns) / 4,
          padded.block.deviation === null ? memory.noDecay : decay,
        );
      }
    },
    true,
  );
  return { bytes: module.encode(), memory };
}
