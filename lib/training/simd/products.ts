/**
 * Products of matrices: a step is these by nine tenths. All strides and sizes are constants of the code, so
 * that a product is three nested loops around a tile of 4 x 8 sums that stays in registers.
 */

import {
  type Body,
  type Callable,
  floatBytes,
  type Int,
  loadRepeated,
  loadVector,
  type ModuleBuilder,
  Vector,
  type VectorVariable,
  vectorBytes,
} from './builder';

/** Rows of a tile, and its columns in vectors: eight sums, two vectors of the right and one number of the left. */
const tileRows = 4;
const tileVectors = 2;
/** Columns of a tile, and of a panel of a packed matrix. */
export const panelColumns = 8;
const panelBytes = panelColumns * floatBytes;

/** Where the numbers of the left factor are. */
interface LeftSteps {
  /** Bytes to the next row of the product. */
  readonly row: number;
  /** Bytes to the next term of a sum. */
  readonly term: number;
}

/** `count` parts of `size`, then one of what is left. */
function cut(total: number, size: number): { first: number; size: number; count: number }[] {
  const whole = Math.floor(total / size);
  return [
    { first: 0, size, count: whole },
    { first: whole * size, size: total % size, count: 1 },
  ].filter((part) => part.size > 0 && part.count > 0);
}

/**
 * The sums of a tile, rows x vectors: each number of the left times a vector of the right, `terms` of them. The
 * loop is not unrolled: more loads in flight than registers made it slower.
 */
function tile(
  body: Body,
  size: { readonly rows: number; readonly vectors: number },
  left: Int,
  right: Int,
  terms: Int | number,
  steps: LeftSteps & { readonly right: number },
): VectorVariable[][] {
  const sums = Array.from({ length: size.rows }, () =>
    Array.from({ length: size.vectors }, () => body.vector(Vector.of(0))),
  );
  body.repeat(
    terms,
    [
      [left, steps.term],
      [right, steps.right],
    ],
    ([numbers, vectors]) => {
      const columns = Array.from({ length: size.vectors }, (_, column) =>
        body.vector(loadVector(vectors, column * vectorBytes)),
      );
      sums.forEach((row, place) => {
        const number = body.vector(loadRepeated(numbers, place * steps.row));
        row.forEach((sum, column) => {
          body.set(sum, sum.plus(number.times(columns[column])));
        });
      });
    },
  );
  return sums;
}

/** Stores the sums of a tile, or adds them to what is there. */
function put(body: Body, sums: VectorVariable[][], out: Int, row: number, isAdded = false): void {
  sums.forEach((vectors, place) => {
    vectors.forEach((sum, column) => {
      const offset = place * row + column * vectorBytes;
      body.store(out, isAdded ? loadVector(out, offset).plus(sum) : sum, offset);
    });
  });
}

/** The sizes and strides of a product, out = left right. */
interface Product {
  readonly rows: number;
  /** Of the product, a multiple of 4. */
  readonly columns: number;
  readonly terms: number;
  readonly left: LeftSteps;
  /**
   * Bytes from a row of the right factor to the next; or, where it is packed, how many rows a panel has: see
   * {@link definePack}.
   */
  readonly right: { readonly row: number } | { readonly panelRows: number };
  /** Bytes from a row of the product to the next. */
  readonly out: number;
  /** Whether the product is added to what is there. */
  readonly isAdded?: boolean;
}

/** A product of these sizes. Parameters: left, right, out. */
export function defineProduct(module: ModuleBuilder, name: string, product: Product): Callable {
  const { rows, columns, terms, left: steps, right: packed, out: outRow, isAdded } = product;
  const [nextPanel, nextTerm] =
    'row' in packed ? [panelBytes, packed.row] : [packed.panelRows * panelBytes, panelBytes];
  return module.define(name, 3, (body, left, right, out) => {
    for (const across of cut(columns / 4, tileVectors)) {
      const panelsBefore = across.first / tileVectors;
      body.repeat(
        across.count,
        [
          [right.plus(panelsBefore * nextPanel), nextPanel],
          [out.plus(panelsBefore * panelBytes), panelBytes],
        ],
        ([panel, column]) => {
          for (const down of cut(rows, tileRows)) {
            body.repeat(
              down.count,
              [
                [left.plus(down.first * steps.row), tileRows * steps.row],
                [column.plus(down.first * outRow), tileRows * outRow],
              ],
              ([from, to]) => {
                const size = { rows: down.size, vectors: across.size };
                const sums = tile(body, size, from, panel, terms, { ...steps, right: nextTerm });
                put(body, sums, to, outRow, isAdded);
              },
            );
          }
        },
      );
    }
  });
}

/**
 * Packs a matrix in panels: eight columns at a time, one row below the other, so that a product reads it from
 * front to back. Columns beyond the last are whatever follows.
 *
 * Parameters: matrix, bytes of its row, its rows, panels, to.
 */
export function definePack(module: ModuleBuilder): Callable {
  return module.define('pack', 5, (body, from, row, rows, panels, to) => {
    const next = body.int(to);
    body.repeat(panels, [[from, panelBytes]], ([panel]) => {
      const source = body.int(panel);
      body.repeat(rows, [], () => {
        body.store(next, loadVector(source));
        body.store(next, loadVector(source, vectorBytes), vectorBytes);
        body.set(source, source.plus(row));
        body.set(next, next.plus(panelBytes));
      });
    });
  });
}

/**
 * Packs the transpose of a matrix in panels: of eight of its rows each, of which those beyond the last are whatever
 * follows.
 *
 * Parameters: matrix, bytes of its row, panels, its columns in fours, to.
 */
export function definePackTransposed(module: ModuleBuilder): Callable {
  return module.define('packTransposed', 5, (body, from, row, panels, columnFours, to) => {
    const source = body.int(from);
    const panel = body.int(to);
    body.repeat(panels, [], () => {
      for (const half of [0, vectorBytes]) {
        body.repeat(
          columnFours,
          [
            [source, vectorBytes],
            [panel.plus(half), 4 * panelBytes],
          ],
          ([block, turned]) => {
            const at = body.int(block);
            const rows = [0, 1, 2, 3].map(() => {
              const loaded = body.vector(loadVector(at));
              body.set(at, at.plus(row));
              return loaded;
            });
            putTransposed(body, rows, turned, panelBytes);
          },
        );
        body.set(source, source.plus(row.times(4)));
      }
      body.set(panel, panel.plus(columnFours.times(4 * panelBytes)));
    });
  });
}

/** The transpose of a matrix of `rows` x `columns` in fours. Parameters: matrix, to. */
export function defineTranspose(
  module: ModuleBuilder,
  name: string,
  size: { readonly rows: number; readonly columns: number },
  row: number,
  outRow: number,
): Callable {
  return module.define(name, 2, (body, from, to) => {
    body.repeat(
      size.rows / 4,
      [
        [from, 4 * row],
        [to, vectorBytes],
      ],
      ([source, target]) => {
        body.repeat(
          size.columns / 4,
          [
            [source, vectorBytes],
            [target, 4 * outRow],
          ],
          ([block, turned]) => {
            const rows = [0, 1, 2, 3].map((at) => body.vector(loadVector(block, at * row)));
            putTransposed(body, rows, turned, outRow);
          },
        );
      },
    );
  });
}

/** Stores four vectors as columns of four rows. */
function putTransposed(body: Body, rows: readonly Vector[], to: Int, outRow: number): void {
  const [a, b, c, d] = rows;
  const halves = [
    [a.lanes(b, 0, 4, 1, 5), c.lanes(d, 0, 4, 1, 5)],
    [a.lanes(b, 2, 6, 3, 7), c.lanes(d, 2, 6, 3, 7)],
  ];
  halves.forEach((pair, half) => {
    const [top, bottom] = pair.map((each) => body.vector(each));
    body.store(to, top.lanes(bottom, 0, 1, 4, 5), 2 * half * outRow);
    body.store(to, top.lanes(bottom, 2, 3, 6, 7), (2 * half + 1) * outRow);
  });
}

/** Sizes and strides of attention's products, for one head of one row of a batch. */
export interface AttentionSizes {
  /** Tokens, and tokens rounded up to a multiple of 8. */
  readonly context: number;
  readonly padded: number;
  /** Width of a head. */
  readonly head: number;
  /** Bytes of a row of queries, keys and values, which stand side by side. */
  readonly joint: number;
  /** Bytes of a row of {@link Layout} matrices that have a column a token. */
  readonly token: number;
}

/**
 * Scores of keys x queries where the query is not before the key, by blocks of 8 x 8: keys times transposed
 * queries. Parameters: keys, transposed queries, scores.
 */
export function defineScores(module: ModuleBuilder, sizes: AttentionSizes): Callable {
  const { padded, head, joint, token } = sizes;
  const steps = { row: joint, term: floatBytes, right: token };
  return module.define('scores', 3, (body, keys, queries, scores) => {
    body.repeat(
      padded / 8,
      [
        [keys, 8 * joint],
        [queries, panelBytes],
        [scores, 8 * token + panelBytes],
      ],
      ([key, firstQuery, diagonal], blocks) => {
        body.repeat(
          blocks,
          [
            [firstQuery, panelBytes],
            [diagonal, panelBytes],
          ],
          ([query, out]) => {
            for (const first of [0, 4]) {
              const size = { rows: tileRows, vectors: tileVectors };
              const sums = tile(body, size, key.plus(first * joint), query, head, steps);
              put(body, sums, out.plus(first * token), token);
            }
          },
        );
      },
    );
  });
}

/**
 * Transposed values mixed by weights of keys x queries, head x queries: for each block of 8 queries over the keys
 * up to its end. Parameters: values, weights, out.
 */
export function defineMix(module: ModuleBuilder, sizes: AttentionSizes): Callable {
  const { padded, head, joint, token } = sizes;
  const steps = { row: floatBytes, term: joint, right: token };
  return module.define('mix', 3, (body, values, weights, out) => {
    body.repeat(
      padded / 8,
      [
        [weights, panelBytes],
        [out, panelBytes],
        [8, 8],
      ],
      ([block, to, keys]) => {
        for (const { first, size: rows, count } of cut(head, tileRows)) {
          body.repeat(
            count,
            [
              [values.plus(first * floatBytes), tileRows * floatBytes],
              [to.plus(first * token), tileRows * token],
            ],
            ([value, target]) => {
              const sums = tile(body, { rows, vectors: tileVectors }, value, block, keys, steps);
              put(body, sums, target, token);
            },
          );
        }
      },
    );
  });
}

/**
 * The other way: weights of keys x queries times rows of queries, keys x head, each block of 4 keys over the
 * queries from its first on. Up to three numbers beyond a head are read and written: rows of `out` have room.
 * Parameters: weights, rows of queries, out.
 *
 * @param right bytes of a row of queries
 * @param outRow bytes of a row of `out`
 */
export function defineMixBack(
  module: ModuleBuilder,
  name: string,
  { context, head, token }: AttentionSizes,
  right: number,
  outRow: number,
): Callable {
  const steps = { row: token, term: floatBytes, right };
  return module.define(name, 3, (body, weights, queries, out) => {
    body.repeat(
      Math.ceil(context / 4),
      [
        [weights, 4 * token + 4 * floatBytes],
        [queries, 4 * right],
        [out, 4 * outRow],
        [context, -4],
      ],
      ([block, query, to, terms]) => {
        for (const { first, size, count } of cut(Math.ceil(head / 4), tileVectors)) {
          body.repeat(
            count,
            [
              [query.plus(first * vectorBytes), panelBytes],
              [to.plus(first * vectorBytes), panelBytes],
            ],
            ([columns, target]) => {
              const tileSize = { rows: tileRows, vectors: size };
              put(body, tile(body, tileSize, block, columns, terms, steps), target, outRow);
            },
          );
        }
      },
    );
  });
}
