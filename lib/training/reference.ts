/**
 * Reference implementation of a proxy in float64 on plain arrays, slow and simple, for tests of the engines.
 */

import { cos, power, sin } from '../model/elementary';
import { rateAt, type TrainingOptions } from './options';
import { layoutOf, type ParameterBlock, type ProxyShape, vocabulary } from './shape';

/** Added under the root of RMSNorm (Liu et al. 2024: 1e-5). */
export const normEpsilon = 1e-5;

type Numbers = Float64Array;

/**
 * The loss of one proxy and its gradient in plain loops and double precision, written independently of the
 * engines, for their tests.
 *
 * @param parameters N numbers as `layoutOf` lays them out
 * @param batch rows x (context + 1) tokens
 * @returns mean loss over all targets in nats, and its gradient by every parameter
 */
export function referenceGradient(
  shape: ProxyShape,
  parameters: ArrayLike<number>,
  batch: ArrayLike<number>,
): { readonly loss: number; readonly gradient: Numbers } {
  const { layers, heads, width, hidden, context } = shape;
  const layout = layoutOf(shape);
  const size = width / heads;
  const rows = batch.length / (context + 1);
  const tokens = rows * context;
  const gradient = new Float64Array(layout.count);
  const { cosines, sines } = rotaryTables(context, size);
  const turn = quarterTurn(size);
  const at = (row: number, position: number) => batch[row * (context + 1) + position];
  const inputs = Array.from({ length: tokens }, (_, n) => at(Math.floor(n / context), n % context));
  const targets = Array.from({ length: tokens }, (_, n) =>
    at(Math.floor(n / context), (n % context) + 1),
  );

  /** tokens x block.columns: x times the block. */
  function times(x: Numbers, block: ParameterBlock): Numbers {
    const out = new Float64Array(tokens * block.columns);
    for (let n = 0; n < tokens; n++)
      for (let i = 0; i < block.rows; i++)
        for (let j = 0; j < block.columns; j++)
          out[n * block.columns + j] +=
            x[n * block.rows + i] * parameters[block.offset + i * block.columns + j];
    return out;
  }

  /** Adds to the block's gradient, and returns that of x. */
  function timesBack(x: Numbers, block: ParameterBlock, dOut: Numbers): Numbers {
    const dx = new Float64Array(tokens * block.rows);
    for (let n = 0; n < tokens; n++)
      for (let i = 0; i < block.rows; i++)
        for (let j = 0; j < block.columns; j++) {
          const d = dOut[n * block.columns + j];
          const place = block.offset + i * block.columns + j;
          gradient[place] += x[n * block.rows + i] * d;
          dx[n * block.rows + i] += parameters[place] * d;
        }
    return dx;
  }

  const inverseRoot = (x: Numbers, n: number) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += x[n * width + i] ** 2;
    return 1 / Math.sqrt(sum / width + normEpsilon);
  };

  function norm(x: Numbers, gains: ParameterBlock): Numbers {
    const out = new Float64Array(x.length);
    for (let n = 0; n < tokens; n++) {
      const r = inverseRoot(x, n);
      for (let i = 0; i < width; i++)
        out[n * width + i] = x[n * width + i] * r * parameters[gains.offset + i];
    }
    return out;
  }

  function normBack(x: Numbers, gains: ParameterBlock, dOut: Numbers): Numbers {
    const dx = new Float64Array(x.length);
    for (let n = 0; n < tokens; n++) {
      const r = inverseRoot(x, n);
      let mean = 0;
      for (let i = 0; i < width; i++) {
        const d = dOut[n * width + i];
        gradient[gains.offset + i] += d * x[n * width + i] * r;
        mean += (d * parameters[gains.offset + i] * x[n * width + i] * r) / width;
      }
      for (let i = 0; i < width; i++)
        dx[n * width + i] =
          r * (dOut[n * width + i] * parameters[gains.offset + i] - x[n * width + i] * r * mean);
    }
    return dx;
  }

  /** Rotary embedding of every head of a tokens x width matrix; `way` -1 is the inverse. */
  function rotate(x: Numbers, way: 1 | -1): Numbers {
    const out = new Float64Array(x.length);
    for (let n = 0; n < tokens; n++)
      for (let head = 0; head < heads; head++)
        for (let j = 0; j < size; j++) {
          const angle = (n % context) * size + j;
          let turned = 0;
          for (let i = 0; i < size; i++)
            turned += x[n * width + head * size + i] * turn[i * size + j];
          const place = n * width + head * size + j;
          out[place] = x[place] * cosines[angle] + way * turned * sines[angle];
        }
    return out;
  }

  /** Columns `first` to `first + count` of a tokens x `of` matrix. */
  function columns(x: Numbers, of: number, first: number, count: number): Numbers {
    const out = new Float64Array(tokens * count);
    for (let n = 0; n < tokens; n++)
      for (let i = 0; i < count; i++) out[n * count + i] = x[n * of + first + i];
    return out;
  }

  function sideBySide(parts: readonly Numbers[], count: number): Numbers {
    const out = new Float64Array(tokens * count * parts.length);
    parts.forEach((part, place) => {
      for (let n = 0; n < tokens; n++)
        for (let i = 0; i < count; i++)
          out[n * count * parts.length + place * count + i] = part[n * count + i];
    });
    return out;
  }

  /** Weights of attention: tokens x heads x context, 0 beyond the position itself. */
  function attend(query: Numbers, key: Numbers): Numbers {
    const out = new Float64Array(tokens * heads * context);
    for (let n = 0; n < tokens; n++) {
      const start = n - (n % context);
      for (let head = 0; head < heads; head++) {
        const scores: number[] = [];
        for (let m = start; m <= n; m++) {
          let dot = 0;
          for (let i = 0; i < size; i++)
            dot += query[n * width + head * size + i] * key[m * width + head * size + i];
          scores.push(dot / Math.sqrt(size));
        }
        const top = Math.max(...scores);
        const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
        scores.forEach((score, m) => {
          out[(n * heads + head) * context + m] = Math.exp(score - top) / total;
        });
      }
    }
    return out;
  }

  // Forward pass, saving what the backward pass needs.
  let x: Numbers = new Float64Array(tokens * width);
  inputs.forEach((token, n) => {
    for (let i = 0; i < width; i++)
      x[n * width + i] = parameters[layout.embedding.offset + token * width + i];
  });
  const kept = layout.layers.map((blocks) => {
    const before = x;
    const normed = norm(before, blocks.attentionNorm);
    const joint = times(normed, blocks.attentionInput);
    const query = rotate(columns(joint, 3 * width, 0, width), 1);
    const key = rotate(columns(joint, 3 * width, width, width), 1);
    const value = columns(joint, 3 * width, 2 * width, width);
    const weights = attend(query, key);
    const mixed = new Float64Array(tokens * width);
    for (let n = 0; n < tokens; n++)
      for (let head = 0; head < heads; head++)
        for (let m = 0; m <= n % context; m++)
          for (let i = 0; i < size; i++)
            mixed[n * width + head * size + i] +=
              weights[(n * heads + head) * context + m] *
              value[(n - (n % context) + m) * width + head * size + i];
    const middle = added(before, times(mixed, blocks.attentionOutput));
    const feedNormed = norm(middle, blocks.feedNorm);
    const feed = times(feedNormed, blocks.feedInput);
    const gate = columns(feed, 2 * hidden, 0, hidden);
    const up = columns(feed, 2 * hidden, hidden, hidden);
    const gated = gate.map((g, place) => (g / (1 + Math.exp(-g))) * up[place]);
    x = added(middle, times(gated, blocks.feedOutput));
    return {
      before,
      normed,
      query,
      key,
      value,
      weights,
      mixed,
      middle,
      feedNormed,
      gate,
      up,
      gated,
    };
  });
  const last = norm(x, layout.finalNorm);
  const logits = times(last, layout.head);
  const dLogits = new Float64Array(logits.length);
  let loss = 0;
  targets.forEach((target, n) => {
    const row = logits.subarray(n * vocabulary, (n + 1) * vocabulary);
    const top = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    loss += (Math.log(total) + top - row[target]) / tokens;
    row.forEach((value, token) => {
      const share = Math.exp(value - top) / total;
      dLogits[n * vocabulary + token] = (share - (token === target ? 1 : 0)) / tokens;
    });
  });

  // Backward pass.
  let dx = normBack(x, layout.finalNorm, timesBack(last, layout.head, dLogits));
  for (let layer = layers - 1; layer >= 0; layer--) {
    const blocks = layout.layers[layer];
    const { before, normed, query, key, value, weights, mixed, middle, ...feed } = kept[layer];
    const dGated = timesBack(feed.gated, blocks.feedOutput, dx);
    const dGate = dGated.map((d, place) => {
      const g = feed.gate[place];
      const s = 1 / (1 + Math.exp(-g));
      return d * feed.up[place] * s * (1 + g * (1 - s));
    });
    const dUp = dGated.map(
      (d, place) => (d * feed.gate[place]) / (1 + Math.exp(-feed.gate[place])),
    );
    const dFeedNormed = timesBack(
      feed.feedNormed,
      blocks.feedInput,
      sideBySide([dGate, dUp], hidden),
    );
    const dMiddle = added(dx, normBack(middle, blocks.feedNorm, dFeedNormed));
    const dMixed = timesBack(mixed, blocks.attentionOutput, dMiddle);
    const dQuery = new Float64Array(tokens * width);
    const dKey = new Float64Array(tokens * width);
    const dValue = new Float64Array(tokens * width);
    for (let n = 0; n < tokens; n++) {
      const start = n - (n % context);
      for (let head = 0; head < heads; head++) {
        const own = weights.subarray(
          (n * heads + head) * context,
          (n * heads + head + 1) * context,
        );
        const dWeights = new Float64Array(context);
        let inner = 0;
        for (let m = 0; m <= n % context; m++) {
          for (let i = 0; i < size; i++) {
            const d = dMixed[n * width + head * size + i];
            const there = (start + m) * width + head * size + i;
            dWeights[m] += d * value[there];
            dValue[there] += own[m] * d;
          }
          inner += dWeights[m] * own[m];
        }
        for (let m = 0; m <= n % context; m++) {
          const dScore = (own[m] * (dWeights[m] - inner)) / Math.sqrt(size);
          for (let i = 0; i < size; i++) {
            const here = n * width + head * size + i;
            const there = (start + m) * width + head * size + i;
            dQuery[here] += dScore * key[there];
            dKey[there] += dScore * query[here];
          }
        }
      }
    }
    const dJoint = sideBySide([rotate(dQuery, -1), rotate(dKey, -1), dValue], width);
    const dNormed = timesBack(normed, blocks.attentionInput, dJoint);
    dx = added(dMiddle, normBack(before, blocks.attentionNorm, dNormed));
  }
  inputs.forEach((token, n) => {
    for (let i = 0; i < width; i++)
      gradient[layout.embedding.offset + token * width + i] += dx[n * width + i];
  });
  return { loss, gradient };
}

/**
 * One AdamW step with clipping of one proxy, in place and in double precision.
 *
 * @param step counted from 0
 */
export function referenceStep(
  shape: ProxyShape,
  training: TrainingOptions,
  step: number,
  state: {
    readonly parameters: Numbers;
    readonly firstMoments: Numbers;
    readonly secondMoments: Numbers;
  },
  gradient: Numbers,
): void {
  const { betas, epsilon, weightDecay, clip } = training;
  const rate = rateAt(training, step);
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const scale = Math.min(1, clip / norm);
  const [first, second] = betas.map((beta) => 1 - beta ** (step + 1));
  for (const { offset, rows, columns, deviation } of layoutOf(shape).blocks) {
    const decay = deviation === null ? 0 : weightDecay;
    for (let at = offset; at < offset + rows * columns; at++) {
      const g = gradient[at] * scale;
      const m = betas[0] * state.firstMoments[at] + (1 - betas[0]) * g;
      const v = betas[1] * state.secondMoments[at] + (1 - betas[1]) * g * g;
      state.firstMoments[at] = m;
      state.secondMoments[at] = v;
      const before = state.parameters[at];
      const move = m / first / (Math.sqrt(v / second) + epsilon) + decay * before;
      state.parameters[at] = before - rate * move;
    }
  }
}

function added(a: Numbers, b: Numbers): Numbers {
  return a.map((value, place) => value + b[place]);
}

/** Angles of rotary embedding (Su et al. 2021, section 3.2) with the usual base. */
const base = 10_000;

/**
 * Cosines and sines for every position and every dimension of a head. Dimension j is rotated together with
 * dimension j + size / 2, as in LLaMA.
 *
 * @param size of a head, even
 * @returns context x size each, row-major
 */
export function rotaryTables(
  context: number,
  size: number,
): { readonly cosines: Float32Array; readonly sines: Float32Array } {
  const half = size / 2;
  const cosines = new Float32Array(context * size);
  const sines = new Float32Array(context * size);
  for (let position = 0; position < context; position++) {
    for (let dimension = 0; dimension < size; dimension++) {
      const angle = position / power(base, (dimension % half) / half);
      cosines[position * size + dimension] = cos(angle);
      sines[position * size + dimension] = sin(angle);
    }
  }
  return { cosines, sines };
}

/**
 * The matrix R with x R = (-x2, x1) for x = (x1, x2) split in halves: a quarter turn. Rotary embedding is x
 * cos + (x R) sin.
 *
 * @returns size x size, row-major
 */
export function quarterTurn(size: number): Float32Array {
  const half = size / 2;
  const out = new Float32Array(size * size);
  for (let dimension = 0; dimension < half; dimension++) {
    out[(dimension + half) * size + dimension] = -1;
    out[dimension * size + dimension + half] = 1;
  }
  return out;
}
