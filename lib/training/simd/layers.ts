/**
 * What a proxy computes besides products: norms, rotary embedding, softmax, SwiGLU, cross-entropy and AdamW, each
 * forward and backward, over one row of a batch.
 */

import { normEpsilon } from '../reference';
import {
  type Body,
  type Callable,
  Float,
  floatBytes,
  Int,
  loadFloat,
  loadInt,
  loadRepeated,
  loadVector,
  type ModuleBuilder,
  Vector,
  type VectorVariable,
  vectorBytes,
} from './builder';

/** Below this, exp is 0: less than a float can add to 1, and far above the numbers that slow a processor down. */
const leastExponent = -60;
/** Taylor coefficients of exp, to the seventh: 5e-9 at half of log 2. */
const expSeries = [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1];
/** Adding 1.5 x 2^23 rounds a float to a whole number, in the lowest bits of its mantissa. */
const rounding = 1.5 * 2 ** 23;
/** The logarithm of 2 in two parts; the first one has nine bits, so that a multiple of it is exact. */
const log2High = 355 / 512;
const log2Low = Math.LN2 - log2High;

/** exp of -87 to 87, NaN where it is NaN: exp(x) = 2^n exp(x - n log 2). */
function exponential(body: Body, value: Vector): Vector {
  const x = body.vector(value);
  const shifted = body.vector(x.times(Vector.of(Math.LOG2E)).plus(Vector.of(rounding)));
  const n = body.vector(shifted.minus(Vector.of(rounding)));
  const rest = body.vector(
    x.minus(n.times(Vector.of(log2High))).minus(n.times(Vector.of(log2Low))),
  );
  const [first, ...others] = expSeries;
  const series = others.reduce<Vector>(
    (sum, coefficient) => sum.times(rest).plus(Vector.of(coefficient)),
    Vector.of(first),
  );
  // The bits of 2^n: the exponent of a float begins at bit 23, and is 127 at 1.
  const power = shifted.shifted(23).plusInts(Vector.ints(127 << 23));
  return series.times(power);
}

/** exp of numbers up to 0; exactly 0 below -60. */
function exponentialBelow(body: Body, value: Vector): Vector {
  const x = body.vector(value);
  return exponential(body, x).zeroWhere(x.isBelow(Vector.of(leastExponent)));
}

/** 1 / (1 + exp(-x)). */
function sigmoid(body: Body, x: Vector): Vector {
  const bounded = Vector.of(-0).minus(x).smallest(Vector.of(87)).largest(Vector.of(-87));
  return Vector.of(1).over(Vector.of(1).plus(exponential(body, bounded)));
}

/** Sizes of a row of a batch: tokens, and vectors of four in the width of the model. */
interface Rows {
  readonly context: number;
  readonly width: number;
  /** Bytes of a row of activations. */
  readonly row: number;
}

/**
 * RMSNorm (Zhang and Sennrich 2019): out = x gains / rms(x). Parameters: x, gains, inverse root mean squares (one a
 * token, kept for the way back), out.
 */
export function defineNorm(module: ModuleBuilder, { context, width, row }: Rows): Callable {
  const vectors = Math.ceil(width / 4);
  return module.define('norm', 4, (body, x, gains, inverses, out) => {
    body.repeat(
      context,
      [
        [x, row],
        [out, row],
        [inverses, floatBytes],
      ],
      ([from, to, inverseAt]) => {
        const squares = body.vector(Vector.of(0));
        body.repeat(vectors, [[from, vectorBytes]], ([at]) => {
          const value = body.vector(loadVector(at));
          body.set(squares, squares.plus(value.times(value)));
        });
        const mean = body.float(squares.sum().over(Float.of(width)));
        const root = mean.plus(Float.of(normEpsilon)).root();
        // The last term is 0, or NaN where squares were too large: 1 / root would be 0, and the loss that of guessing.
        const inverse = body.float(
          Float.of(1)
            .over(root)
            .plus(mean.times(Float.of(0))),
        );
        body.store(inverseAt, inverse);
        const scale = body.vector(inverse.vector());
        body.repeat(
          vectors,
          [
            [from, vectorBytes],
            [to, vectorBytes],
            [gains, vectorBytes],
          ],
          ([source, target, gain]) =>
            body.store(target, loadVector(source).times(scale).times(loadVector(gain))),
        );
      },
    );
  });
}

/**
 * The way back of RMSNorm. With the unit vector u = x / rms(x) and d = dOut gains: dx += (d - u mean(d u)) / rms(x),
 * dGains += sum over tokens of dOut u. Parameters: dOut, x, gains, inverse root mean squares, dx, dGains.
 */
export function defineNormBack(module: ModuleBuilder, { context, width, row }: Rows): Callable {
  const vectors = Math.ceil(width / 4);
  return module.define('normBack', 6, (body, dOut, x, gains, inverses, dx, dGains) => {
    body.repeat(
      context,
      [
        [dOut, row],
        [x, row],
        [dx, row],
        [inverses, floatBytes],
      ],
      ([given, from, to, inverseAt]) => {
        const inverse = body.vector(loadRepeated(inverseAt));
        const products = body.vector(Vector.of(0));
        body.repeat(
          vectors,
          [
            [given, vectorBytes],
            [from, vectorBytes],
            [gains, vectorBytes],
            [dGains, vectorBytes],
          ],
          ([d, source, gain, dGain]) => {
            const product = body.vector(loadVector(d).times(loadVector(source).times(inverse)));
            body.store(dGain, loadVector(dGain).plus(product));
            body.set(products, products.plus(product.times(loadVector(gain))));
          },
        );
        const mean = body.vector(products.sum().over(Float.of(width)).vector());
        body.repeat(
          vectors,
          [
            [given, vectorBytes],
            [from, vectorBytes],
            [gains, vectorBytes],
            [to, vectorBytes],
          ],
          ([d, source, gain, target]) => {
            const unit = loadVector(source).times(inverse);
            const part = loadVector(d).times(loadVector(gain)).minus(unit.times(mean));
            body.store(target, loadVector(target).plus(part.times(inverse)));
          },
        );
      },
    );
  });
}

/**
 * Rotary embedding (Su et al. 2021): turns dimension i and i + size / 2 of every head by the token's angle, or back.
 * Parameters: from, to; both may be the same.
 *
 * @param heads in a row, and numbers in a head
 * @param from bytes of a row and of a head; likewise `to`
 * @param tables addresses of cosines and sines, context x size
 */
export function defineRotary(
  module: ModuleBuilder,
  name: string,
  { context, heads, size }: { context: number; heads: number; size: number },
  from: { readonly row: number; readonly head: number },
  to: { readonly row: number; readonly head: number },
  tables: { readonly cosines: number; readonly sines: number },
  way: 'forward' | 'back',
): Callable {
  const half = (size / 2) * floatBytes;
  return module.define(name, 2, (body, source, target) => {
    body.repeat(
      context,
      [
        [source, from.row],
        [target, to.row],
        [0, size * floatBytes],
      ],
      ([sourceRow, targetRow, angles]) => {
        body.repeat(
          heads,
          [
            [sourceRow, from.head],
            [targetRow, to.head],
          ],
          ([sourceHead, targetHead]) => {
            body.repeat(
              size / 2,
              [
                [sourceHead, floatBytes],
                [targetHead, floatBytes],
                [angles, floatBytes],
              ],
              ([at, out, angle]) => {
                const x = body.float(loadFloat(at));
                const y = body.float(loadFloat(at, half));
                const cosine = body.float(loadFloat(angle, tables.cosines));
                const sine = body.float(loadFloat(angle, tables.sines));
                const [first, second] =
                  way === 'forward'
                    ? [x.times(cosine).minus(y.times(sine)), y.times(cosine).plus(x.times(sine))]
                    : [x.times(cosine).plus(y.times(sine)), y.times(cosine).minus(x.times(sine))];
                body.store(out, first);
                body.store(out, second, half);
              },
            );
          },
        );
      },
    );
  });
}

/** Copies heads of `size` numbers. Parameters: from, to. */
export function defineCopyHeads(
  module: ModuleBuilder,
  { context, heads, size }: { context: number; heads: number; size: number },
  from: { readonly row: number; readonly head: number },
  to: { readonly row: number; readonly head: number },
): Callable {
  return module.define('copyHeads', 2, (body, source, target) => {
    body.repeat(
      context,
      [
        [source, from.row],
        [target, to.row],
      ],
      ([sourceRow, targetRow]) => {
        body.repeat(
          heads,
          [
            [sourceRow, from.head],
            [targetRow, to.head],
          ],
          ([sourceHead, targetHead]) => {
            body.repeat(
              size,
              [
                [sourceHead, floatBytes],
                [targetHead, floatBytes],
              ],
              ([at, out]) => body.store(out, loadFloat(at)),
            );
          },
        );
      },
    );
  });
}

/** Masks of the lanes from 1, 2 and 3 on: queries that a key one, two or three tokens further on is visible to. */
const laterLanes = [1, 2, 3].map((first) => Vector.mask(false, first <= 1, first <= 2, first <= 3));
/** Taken for minus infinity: finite, so that differences are. */
const veryLow = -1e30;

/**
 * Causal softmax of one head over scores of keys x queries, down the columns: four queries at a time, over the keys
 * that none of them precedes. Blocks of 8 x 8 on the diagonal are 0 where the key is after the query.
 * Parameter: scores, which become weights.
 *
 * @param padded tokens, rounded up to a multiple of 8
 * @param token bytes of a row
 * @param scale of scores
 */
export function defineSoftmax(
  module: ModuleBuilder,
  { padded, token, scale }: { padded: number; token: number; scale: number },
): Callable {
  return module.define('softmax', 1, (body, scores) => {
    body.repeat(
      padded / 8,
      [
        [scores, 2 * vectorBytes],
        [1, 8],
      ],
      ([block, firstVisible]) => {
        for (const first of [0, 4]) {
          const column = body.int(block.plus(first * floatBytes));
          const visible = body.int(firstVisible.plus(first));
          const last = body.int(column);
          const top = body.vector(loadVector(column));
          body.repeat(visible, [[column, token]], ([at]) => {
            body.set(top, top.largest(loadVector(at)));
            body.set(last, at);
          });
          laterLanes.forEach((lanes, place) => {
            const score = loadVector(last, (place + 1) * token);
            body.set(top, top.largest(score.where(lanes, Vector.of(veryLow))));
          });
          const weigh = (score: Vector) =>
            exponentialBelow(body, score.minus(top).times(Vector.of(scale)));
          const sum = body.vector(Vector.of(0));
          body.repeat(visible, [[column, token]], ([at]) => {
            const weight = body.vector(weigh(loadVector(at)));
            body.set(sum, sum.plus(weight));
            body.store(at, weight);
          });
          laterLanes.forEach((lanes, place) => {
            const offset = (place + 1) * token;
            const weight = body.vector(weigh(loadVector(last, offset)).where(lanes, Vector.of(0)));
            body.set(sum, sum.plus(weight));
            body.store(last, weight, offset);
          });
          const inverse = body.vector(Vector.of(1).over(sum));
          body.repeat(visible.plus(3), [[column, token]], ([at]) =>
            body.store(at, loadVector(at).times(inverse)),
          );
          if (first === 0) {
            for (let key = 4; key < 8; key++) body.store(last, Vector.of(0), key * token);
          }
        }
      },
    );
  });
}

/**
 * The way back of softmax: dScores = scale weights (dWeights - sum over keys of weights dWeights), where that sum is
 * mixed . dMixed of the query. Parameters: weights, mixed values and their gradient (head x queries), dWeights, which
 * become dScores.
 */
export function defineSoftmaxBack(
  module: ModuleBuilder,
  sizes: { padded: number; token: number; scale: number; head: number },
): Callable {
  const { padded, token, scale, head } = sizes;
  return module.define('softmaxBack', 4, (body, weights, mixed, dMixed, dWeights) => {
    body.repeat(
      padded / 8,
      [
        [weights, 2 * vectorBytes],
        [mixed, 2 * vectorBytes],
        [dMixed, 2 * vectorBytes],
        [dWeights, 2 * vectorBytes],
        [8, 8],
      ],
      ([weightBlock, mixedBlock, dMixedBlock, dBlock, keys]) => {
        for (const half of [0, vectorBytes]) {
          const inner = body.vector(Vector.of(0));
          body.repeat(
            head,
            [
              [mixedBlock, token],
              [dMixedBlock, token],
            ],
            ([value, d]) => {
              const product = loadVector(value, half).times(loadVector(d, half));
              body.set(inner, inner.plus(product));
            },
          );
          body.repeat(
            keys,
            [
              [weightBlock, token],
              [dBlock, token],
            ],
            ([weight, d]) => {
              const scaled = loadVector(weight, half).times(Vector.of(scale));
              body.store(d, scaled.times(loadVector(d, half).minus(inner)), half);
            },
          );
        }
      },
    );
  });
}

/** Sizes of the feed-forward part: tokens, and numbers of a gate, a multiple of 4. */
interface GateSizes {
  readonly context: number;
  readonly hidden: number;
  /** Bytes of a row of gates and values side by side, and of one of both combined. */
  readonly both: number;
  readonly one: number;
}

/**
 * SwiGLU (Shazeer 2020): out = gate sigmoid(gate) value. Parameters: gates and values, sigmoids (kept for the way
 * back), out.
 */
export function defineSwiGlu(module: ModuleBuilder, sizes: GateSizes): Callable {
  const { context, hidden, both, one } = sizes;
  return module.define('swiGlu', 3, (body, feed, open, out) => {
    body.repeat(
      context,
      [
        [feed, both],
        [open, one],
        [out, one],
      ],
      ([from, openRow, outRow]) => {
        body.repeat(
          hidden / 4,
          [
            [from, vectorBytes],
            [openRow, vectorBytes],
            [outRow, vectorBytes],
          ],
          ([at, openAt, to]) => {
            const gate = body.vector(loadVector(at));
            const opened = body.vector(sigmoid(body, gate));
            body.store(openAt, opened);
            body.store(to, gate.times(opened).times(loadVector(at, hidden * floatBytes)));
          },
        );
      },
    );
  });
}

/**
 * The way back of SwiGLU: dValue = dOut silu, dGate = dOut value silu', silu' = s + silu (1 - s) for the sigmoid s.
 * Parameters: dOut, gates and values, sigmoids, gradient of gates and values.
 */
export function defineSwiGluBack(module: ModuleBuilder, sizes: GateSizes): Callable {
  const { context, hidden, both, one } = sizes;
  const values = hidden * floatBytes;
  return module.define('swiGluBack', 4, (body, dOut, feed, open, dFeed) => {
    body.repeat(
      context,
      [
        [dOut, one],
        [feed, both],
        [open, one],
        [dFeed, both],
      ],
      ([dRow, from, openRow, toRow]) => {
        body.repeat(
          hidden / 4,
          [
            [dRow, vectorBytes],
            [from, vectorBytes],
            [openRow, vectorBytes],
            [toRow, vectorBytes],
          ],
          ([dAt, at, openAt, to]) => {
            const d = body.vector(loadVector(dAt));
            const opened = body.vector(loadVector(openAt));
            const silu = body.vector(loadVector(at).times(opened));
            const slope = opened.plus(silu.times(Vector.of(1).minus(opened)));
            body.store(to, d.times(loadVector(at, values)).times(slope));
            body.store(to, d.times(silu), values);
          },
        );
      },
    );
  });
}

/** Columns of logits: the vocabulary of 257 rounded up, as 256, the last token, and padding. */
export interface LogitSizes {
  readonly context: number;
  /** Bytes of a row of logits. */
  readonly row: number;
  /** Numbers in a row, a multiple of 8. */
  readonly columns: number;
  readonly vocabulary: number;
}

/**
 * Cross-entropy and its gradient, left unscaled: logits become exp(logit - top) - [target] sum, for which the
 * gradient's factor, share = scale / sum, goes to the narrower matrices beside them.
 * Parameters: logits, targets, and where one number a token goes: tops, sums, logits of targets, shares. The loss of
 * a token is log(sum) + top - logit of the target.
 *
 * @param scale one over the number of tokens in a batch
 */
export function defineCrossEntropy(
  module: ModuleBuilder,
  { context, row, columns, vocabulary }: LogitSizes,
  scale: number,
): Callable {
  // Columns beyond the vocabulary, which must count nothing.
  const tail = vocabulary - (vocabulary % 4);
  const real = Vector.mask(...lanesBelow(vocabulary % 4));
  const pairs = columns / 8;
  const pairBytes = 2 * vectorBytes;
  const both = [0, vectorBytes] as const;
  return module.define('crossEntropy', 6, (body, logits, targets, tops, sums, rights, shares) => {
    body.repeat(
      context,
      [
        [logits, row],
        [targets, floatBytes],
        [tops, floatBytes],
        [sums, floatBytes],
        [rights, floatBytes],
        [shares, floatBytes],
      ],
      ([line, targetAt, topAt, sumAt, rightAt, shareAt]) => {
        const last = loadVector(line, tail * floatBytes);
        body.store(line, last.where(real, Vector.of(veryLow)), tail * floatBytes);
        for (let column = tail + 4; column < columns; column += 4) {
          body.store(line, Vector.of(veryLow), column * floatBytes);
        }
        const most = both.map((half) => body.vector(loadVector(line, half)));
        body.repeat(pairs, [[line, pairBytes]], ([at]) => {
          most.forEach((each, half) => {
            body.set(each, each.largest(loadVector(at, both[half])));
          });
        });
        const top = body.float(body.vector(most[0].largest(most[1])).top());
        const target = body.int(line.plus(loadInt(targetAt).times(floatBytes)));
        body.store(rightAt, loadFloat(target));
        const wide = body.vector(top.vector());
        const totals: VectorVariable[] = both.map(() => body.vector(Vector.of(0)));
        body.repeat(pairs, [[line, pairBytes]], ([at]) => {
          totals.forEach((total, half) => {
            const logit = loadVector(at, both[half]);
            const value = body.vector(exponentialBelow(body, logit.minus(wide)));
            body.store(at, value, both[half]);
            body.set(total, total.plus(value));
          });
        });
        const sum = body.float(body.vector(totals[0].plus(totals[1])).sum());
        body.store(topAt, top);
        body.store(sumAt, sum);
        body.store(target, loadFloat(target).minus(sum));
        body.store(shareAt, Float.of(scale).over(sum));
      },
    );
  });
}

function lanesBelow(count: number): [boolean, boolean, boolean, boolean] {
  return [0 < count, 1 < count, 2 < count, 3 < count];
}

/** Scales every row of a matrix. Parameters: matrix, one factor a row. */
export function defineScaleRows(module: ModuleBuilder, { context, width, row }: Rows): Callable {
  return module.define('scaleRows', 2, (body, matrix, factors) => {
    body.repeat(
      context,
      [
        [matrix, row],
        [factors, floatBytes],
      ],
      ([line, factor]) => {
        const scale = body.vector(loadRepeated(factor));
        body.repeat(Math.ceil(width / 4), [[line, vectorBytes]], ([at]) =>
          body.store(at, loadVector(at).times(scale)),
        );
      },
    );
  });
}

/** Looks tokens up in the embedding. Parameters: tokens, embedding, out. */
export function defineEmbed(
  module: ModuleBuilder,
  { context, width, row }: Rows,
  embeddingRow: number,
): Callable {
  return module.define('embed', 3, (body, tokens, embedding, out) => {
    body.repeat(
      context,
      [
        [tokens, floatBytes],
        [out, row],
      ],
      ([token, to]) => {
        const from = body.int(embedding.plus(loadInt(token).times(embeddingRow)));
        body.copy(to, from, Math.ceil(width / 4) * vectorBytes);
      },
    );
  });
}

/** Adds gradients of embedded tokens to those of the embedding. Parameters: tokens, gradients, out. */
export function defineEmbedBack(
  module: ModuleBuilder,
  { context, width, row }: Rows,
  embeddingRow: number,
): Callable {
  return module.define('embedBack', 3, (body, tokens, gradients, out) => {
    body.repeat(
      context,
      [
        [tokens, floatBytes],
        [gradients, row],
      ],
      ([token, line]) => {
        const to = body.int(out.plus(loadInt(token).times(embeddingRow)));
        body.repeat(
          Math.ceil(width / 4),
          [
            [line, vectorBytes],
            [to, vectorBytes],
          ],
          ([from, at]) => body.store(at, loadVector(at).plus(loadVector(from))),
        );
      },
    );
  });
}

/** Sum of squares, in two doubles. Parameters: numbers, vectors of them, where the doubles go. */
export function defineSquares(module: ModuleBuilder): Callable {
  return module.define('squares', 3, (body, numbers, vectors, out) => {
    const sum = body.vector(Vector.of(0));
    body.repeat(vectors, [[numbers, vectorBytes]], ([at]) => {
      const value = body.vector(loadVector(at));
      const square = body.vector(value.times(value));
      const pairs = square.doubles().plusDoubles(square.lanes(square, 2, 3, 2, 3).doubles());
      body.set(sum, sum.plusDoubles(pairs));
    });
    body.store(out, sum);
  });
}

/** The numbers of a step of AdamW, floats one after the other in memory. */
export const stepNumbers = [
  /** Factor of the gradient: clipping. */
  'gradientScale',
  'firstDecay',
  'firstShare',
  'secondDecay',
  'secondShare',
  /** One over 1 - beta^step, for both moments. */
  'firstCorrection',
  'secondCorrection',
  'epsilon',
  'rate',
  /** Decay of weights; 0 for gains. */
  'weightDecay',
] as const;
export type StepNumbers = Readonly<Record<(typeof stepNumbers)[number], number>>;

/** Magnitudes below which numbers are taken for 0: beyond them processors are slow. */
const leastGradient = 1e-18;
/** Of first moments, and of parameters that nothing but decay has moved. */
const leastFirst = 1e-30;
const leastSecond = 1e-36;

/**
 * A step of AdamW (Loshchilov and Hutter 2019, algorithm 2) with a clipped gradient.
 * Parameters: parameters, gradient, vectors of them, the decay of weights as an address.
 *
 * @param moments bytes from parameters to their first moments, and from these to the second
 * @param numbers address of {@link stepNumbers}
 */
export function defineAdamW(module: ModuleBuilder, moments: number, numbers: number): Callable {
  return module.define('adamW', 4, (body, parameters, gradient, vectors, decayAt) => {
    const number = (name: (typeof stepNumbers)[number]) =>
      body.vector(loadRepeated(Int.of(numbers), stepNumbers.indexOf(name) * floatBytes));
    const scale = number('gradientScale');
    const [firstDecay, firstShare] = [number('firstDecay'), number('firstShare')];
    const [secondDecay, secondShare] = [number('secondDecay'), number('secondShare')];
    const [firstCorrection, secondCorrection] = [
      number('firstCorrection'),
      number('secondCorrection'),
    ];
    const [epsilon, rate] = [number('epsilon'), number('rate')];
    const decay = body.vector(loadRepeated(decayAt));
    const flushed = (value: Vector, least: number) => {
      const known = body.vector(value);
      return body.vector(known.zeroWhere(known.absolute().isBelow(Vector.of(least))));
    };
    body.repeat(
      vectors,
      [
        [parameters, vectorBytes],
        [gradient, vectorBytes],
      ],
      ([at, gradientAt]) => {
        const g = flushed(loadVector(gradientAt).times(scale), leastGradient);
        const m = flushed(
          firstDecay.times(loadVector(at, moments)).plus(firstShare.times(g)),
          leastFirst,
        );
        const v = flushed(
          secondDecay.times(loadVector(at, 2 * moments)).plus(secondShare.times(g.times(g))),
          leastSecond,
        );
        body.store(at, m, moments);
        body.store(at, v, 2 * moments);
        const before = body.vector(loadVector(at));
        const root = v.times(secondCorrection).root();
        const move = m.times(firstCorrection).over(root.plus(epsilon));
        const after = before.minus(rate.times(move.plus(decay.times(before))));
        body.store(at, flushed(after, leastFirst));
      },
    );
  });
}
