import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../../model/random';
import { rotaryTables } from '../reference';
import {
  type Body,
  type Callable,
  Float,
  floatBytes,
  Int,
  loadInt,
  ModuleBuilder,
  Vector,
} from './builder';
import { encodeModule, signed, unsigned } from './encoder';
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
import {
  defineMix,
  defineMixBack,
  definePack,
  definePackTransposed,
  defineProduct,
  defineScores,
  defineTranspose,
} from './products';

/** A matrix in the memory of a kernel, and what plain loops make of it in double precision. */
interface Area {
  /** Address. */
  readonly at: number;
  /** Bytes of a row. */
  readonly row: number;
  read(row: number, column: number): number;
  /** What the kernel must leave there. */
  expect(row: number, column: number, value: number): void;
  /** The kernel may leave there what it likes. */
  leave(row: number, column: number): void;
  set(row: number, column: number, value: number): void;
}

/** Runs kernels on memory full of random numbers, none of which may change but those expected to. */
function createBench(seed: number) {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const { normal } = createRandomStream(seed);
  for (let at = 0; at < floats.length; at++) floats[at] = normal();
  const expected = new Map<number, number>();
  const free = new Set<number>();
  let top = 64;

  /** @param stride numbers in a row: more than columns leaves a gap */
  function area(rows: number, columns: number, stride = columns): Area {
    const first = top;
    top += rows * stride + 61;
    if (top > floats.length - 64) throw new RangeError('the memory is too small');
    const place = (row: number, column: number) => first + row * stride + column;
    return {
      at: first * floatBytes,
      row: stride * floatBytes,
      read: (row, column) => floats[place(row, column)],
      expect: (row, column, value) => void expected.set(place(row, column), value),
      leave: (row, column) => void free.add(place(row, column)),
      set: (row, column, value) => {
        floats[place(row, column)] = value;
      },
    };
  }

  /** @param tolerance relative to each number, or to 1 where it is smaller */
  function run(
    define: (module: ModuleBuilder) => Callable,
    values: readonly number[],
    tolerance = 2e-6,
  ): void {
    const module = new ModuleBuilder();
    const kernel = define(module);
    module.define('run', kernel.parameters, (body, ...all) => body.call(kernel, ...all), true);
    const compiled = new WebAssembly.Module(module.encode());
    const before = words.slice();
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    (exports.run as (...all: number[]) => void)(...values);
    let apart = 0;
    const touched: number[] = [];
    for (let at = 0; at < floats.length; at++) {
      const truth = expected.get(at);
      if (truth === undefined) {
        if (words[at] !== before[at] && !free.has(at)) touched.push(at);
        continue;
      }
      const here = Math.abs(floats[at] - truth) / Math.max(1, Math.abs(truth));
      apart =
        Number.isNaN(here) && !Number.isNaN(truth)
          ? Number.POSITIVE_INFINITY
          : Math.max(apart, here || 0);
    }
    expect(touched, 'written beyond what is its own').toEqual([]);
    expect(apart).toBeLessThanOrEqual(tolerance);
  }

  /** Whole numbers instead of floats. */
  const setInts = ({ at }: Area, values: readonly number[]) =>
    new Int32Array(memory.buffer, at, values.length).set(values);
  return { area, run, setInts };
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const sum = (count: number, term: (at: number) => number) =>
  range(count).reduce((total, at) => total + term(at), 0);
const eightsOf = (count: number) => Math.ceil(count / 8) * 8;
const foursOf = (count: number) => Math.ceil(count / 4) * 4;

describe('products', () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9].flatMap((rows, at) =>
    [4, 8, 12, 20].map((columns) => ({ rows, columns, terms: 1 + ((at * 5) % 9) })),
  );

  it.each(sizes)('$rows x $terms times $terms x $columns', ({ rows, columns, terms }) => {
    for (const isAdded of [false, true]) {
      for (const isTurned of [false, true]) {
        const { area, run } = createBench(rows + columns);
        const left = isTurned ? area(terms, rows, rows + 3) : area(rows, terms, terms + 3);
        const right = area(terms, columns, columns + 5);
        const out = area(rows, columns, columns + 2);
        for (const row of range(rows)) {
          for (const column of range(columns)) {
            const product = sum(
              terms,
              (term) =>
                (isTurned ? left.read(term, row) : left.read(row, term)) * right.read(term, column),
            );
            out.expect(row, column, product + (isAdded ? out.read(row, column) : 0));
          }
        }
        const steps = isTurned
          ? { row: floatBytes, term: left.row }
          : { row: left.row, term: floatBytes };
        const product = { rows, columns, terms, left: steps, right: { row: right.row } };
        run(
          (module) => defineProduct(module, 'product', { ...product, out: out.row, isAdded }),
          [left.at, right.at, out.at],
        );
      }
    }
  });

  it.each(sizes)('$rows x $terms times packed $terms x $columns', ({ rows, columns, terms }) => {
    const { area, run } = createBench(rows * columns);
    const left = area(rows, terms);
    // More rows than there are terms.
    const panelRows = terms + 2;
    const panels = Math.ceil(columns / 8);
    const right = area(panels * panelRows, 8);
    const out = area(rows, columns);
    for (const row of range(rows)) {
      for (const column of range(columns)) {
        const panel = Math.floor(column / 8);
        const product = sum(
          terms,
          (term) => left.read(row, term) * right.read(panel * panelRows + term, column % 8),
        );
        out.expect(row, column, product);
      }
    }
    const product = { rows, columns, terms, left: { row: left.row, term: floatBytes } };
    run(
      (module) =>
        defineProduct(module, 'product', { ...product, right: { panelRows }, out: out.row }),
      [left.at, right.at, out.at],
    );
  });

  it.each([
    [1, 4],
    [3, 8],
    [5, 12],
    [8, 20],
    [12, 264],
  ])('packs a matrix of %i x %i', (rows, columns) => {
    const { area, run } = createBench(rows);
    const panels = Math.ceil(columns / 8);
    const matrix = area(rows + 1, columns);
    const to = area(panels * rows, 8);
    for (const panel of range(panels)) {
      for (const row of range(rows)) {
        for (const column of range(8)) {
          const from = panel * 8 + column;
          if (from < columns) to.expect(panel * rows + row, column, matrix.read(row, from));
          else to.leave(panel * rows + row, column);
        }
      }
    }
    run(definePack, [matrix.at, matrix.row, rows, panels, to.at], 0);
  });

  it.each([
    [1, 4],
    [4, 8],
    [5, 12],
    [12, 20],
    [24, 264],
  ])('packs the transpose of a matrix of %i x %i', (rows, columns) => {
    const { area, run } = createBench(rows);
    const panels = Math.ceil(rows / 8);
    const matrix = area(8 * panels, columns);
    const to = area(panels * columns, 8);
    for (const panel of range(panels)) {
      for (const term of range(columns)) {
        for (const row of range(8)) {
          const from = panel * 8 + row;
          if (from < rows) to.expect(panel * columns + term, row, matrix.read(from, term));
          else to.leave(panel * columns + term, row);
        }
      }
    }
    run(definePackTransposed, [matrix.at, matrix.row, panels, columns / 4, to.at], 0);
  });

  it.each([
    [4, 4],
    [8, 12],
    [16, 4],
  ])('transposes %i x %i', (rows, columns) => {
    const { area, run } = createBench(rows);
    const from = area(rows, columns, columns + 3);
    const to = area(columns, rows, rows + 2);
    for (const row of range(rows)) {
      for (const column of range(columns)) to.expect(column, row, from.read(row, column));
    }
    run(
      (module) => defineTranspose(module, 'turn', { rows, columns }, from.row, to.row),
      [from.at, to.at],
      0,
    );
  });
});

describe('attention', () => {
  const shapes = [
    { context: 1, head: 2 },
    { context: 5, head: 6 },
    { context: 8, head: 4 },
    { context: 13, head: 10 },
    { context: 27, head: 8 },
    { context: 32, head: 3 },
  ];
  /** The bench and the sizes of a head that stands among others. */
  function prepare({ context, head }: (typeof shapes)[number]) {
    const bench = createBench(context + head);
    const padded = eightsOf(context);
    /** Keys or values: a row a token. */
    const byRow = () => bench.area(padded, head, 3 * head + 7);
    /** A column a token. */
    const byToken = (rows: number) => bench.area(rows, padded, padded + 4);
    const joint = (3 * head + 7) * floatBytes;
    const sizes = { context, padded, head, joint, token: (padded + 4) * floatBytes };
    return { ...bench, padded, byRow, byToken, sizes };
  }

  it.each(shapes)('scores keys by queries: $context tokens, $head numbers', (shape) => {
    const { run, padded, byRow, byToken, sizes } = prepare(shape);
    const keys = byRow();
    const queries = byToken(shape.head);
    const scores = byToken(padded);
    for (const key of range(padded)) {
      // By whole blocks of 8 x 8.
      for (let query = key - (key % 8); query < padded; query++) {
        const score = sum(shape.head, (at) => keys.read(key, at) * queries.read(at, query));
        scores.expect(key, query, score);
      }
    }
    run((module) => defineScores(module, sizes), [keys.at, queries.at, scores.at]);
  });

  it.each(shapes)('mixes values by weights: $context tokens, $head numbers', (shape) => {
    const { run, padded, byRow, byToken, sizes } = prepare(shape);
    const values = byRow();
    const weights = byToken(padded);
    const out = byToken(shape.head);
    for (const query of range(padded)) {
      for (const at of range(shape.head)) {
        const mixed = sum(
          query - (query % 8) + 8,
          (key) => values.read(key, at) * weights.read(key, query),
        );
        out.expect(at, query, mixed);
      }
    }
    run((module) => defineMix(module, sizes), [values.at, weights.at, out.at]);
  });

  it.each(shapes)('mixes queries back: $context tokens, $head numbers', (shape) => {
    const { area, run, padded, byRow, byToken, sizes } = prepare(shape);
    const weights = byToken(padded);
    const queries = byRow();
    const room = foursOf(shape.head);
    const out = area(foursOf(shape.context), room, room + 4);
    for (const key of range(foursOf(shape.context))) {
      for (const at of range(room)) {
        if (key >= shape.context || at >= shape.head) {
          out.leave(key, at);
          continue;
        }
        // By whole blocks of 4 keys.
        const first = key - (key % 4);
        const mixed = sum(
          shape.context - first,
          (query) => weights.read(key, first + query) * queries.read(first + query, at),
        );
        out.expect(key, at, mixed);
      }
    }
    run(
      (module) => defineMixBack(module, 'back', sizes, queries.row, out.row),
      [weights.at, queries.at, out.at],
    );
  });

  const extents = [0.3, 1, 30, 1e4, 1e20];
  it.each(shapes.flatMap((shape) => extents.map((extent) => ({ ...shape, extent }))))(
    'takes the causal softmax of $context tokens with scores of $extent',
    (shape) => {
      const { run, padded, byToken, sizes } = prepare(shape);
      const scale = 1 / Math.sqrt(shape.head);
      const scores = byToken(padded);
      for (const key of range(padded)) {
        for (const query of range(padded)) {
          scores.set(key, query, shape.extent * scores.read(key, query));
        }
      }
      for (const query of range(padded)) {
        const visible = range(query + 1).map((key) => scores.read(key, query) * scale);
        const top = Math.max(...visible);
        const total = sum(query + 1, (key) => Math.exp(visible[key] - top));
        for (const key of range(query - (query % 8) + 8)) {
          const weight = key <= query ? Math.exp(visible[key] - top) / total : 0;
          scores.expect(key, query, weight);
        }
      }
      run((module) => defineSoftmax(module, { ...sizes, scale }), [scores.at]);
    },
  );

  it.each(shapes)('takes softmax back: $context tokens, $head numbers', (shape) => {
    const { run, padded, byToken, sizes } = prepare(shape);
    const scale = 0.7;
    const weights = byToken(padded);
    const mixed = byToken(shape.head);
    const dMixed = byToken(shape.head);
    const d = byToken(padded);
    for (const query of range(padded)) {
      const inner = sum(shape.head, (at) => mixed.read(at, query) * dMixed.read(at, query));
      for (const key of range(query - (query % 8) + 8)) {
        d.expect(key, query, scale * weights.read(key, query) * (d.read(key, query) - inner));
      }
    }
    run(
      (module) => defineSoftmaxBack(module, { ...sizes, scale }),
      [weights.at, mixed.at, dMixed.at, d.at],
      3e-6,
    );
  });

  it.each(['forward', 'back'] as const)('turns heads %s', (way) => {
    const { area, run } = createBench(3);
    const [context, heads, size] = [5, 3, 6];
    const from = area(context, 24, 25);
    const to = area(context, 30, 31);
    const { cosines, sines } = rotaryTables(context, size);
    const tables = [cosines, sines].map((values) => {
      const made = area(context, size);
      values.forEach((value, at) => {
        made.set(Math.floor(at / size), at % size, value);
      });
      return made;
    });
    const [cosine, sine] = tables;
    const sign = way === 'forward' ? 1 : -1;
    for (const token of range(context)) {
      for (const head of range(heads)) {
        for (const at of range(size / 2)) {
          const [x, y] = [at, at + size / 2].map((place) => from.read(token, head * 8 + place));
          const [c, s] = [cosine.read(token, at), sign * sine.read(token, at)];
          to.expect(token, head * 10 + at, x * c - y * s);
          to.expect(token, head * 10 + at + size / 2, y * c + x * s);
        }
      }
    }
    run(
      (module) =>
        defineRotary(
          module,
          'turn',
          { context, heads, size },
          { row: from.row, head: 8 * floatBytes },
          { row: to.row, head: 10 * floatBytes },
          { cosines: cosine.at, sines: sine.at },
          way,
        ),
      [from.at, to.at],
    );
  });

  it('turns heads in place, and turning back undoes it', () => {
    const { area, run } = createBench(4);
    const both = { context: 4, heads: 2, size: 4 };
    const matrix = area(4, 8);
    const { cosines, sines } = rotaryTables(4, 4);
    const [cosine, sine] = [cosines, sines].map((values) => {
      const made = area(1, values.length);
      values.forEach((value, at) => {
        made.set(0, at, value);
      });
      return made.at;
    });
    for (const token of range(4)) {
      for (const at of range(8)) matrix.expect(token, at, matrix.read(token, at));
    }
    run(
      (module) => {
        const place = { row: matrix.row, head: 4 * floatBytes };
        const tables = { cosines: cosine, sines: sine };
        const ways = (['forward', 'back'] as const).map((way) =>
          defineRotary(module, way, both, place, place, tables, way),
        );
        return module.define('both', 2, (body, from, to) => {
          for (const way of ways) body.call(way, from, to);
        });
      },
      [matrix.at, matrix.at],
    );
  });

  it('copies heads', () => {
    const { area, run } = createBench(5);
    const from = area(3, 16);
    const to = area(3, 14);
    for (const token of range(3)) {
      for (const at of range(10)) {
        const head = Math.floor(at / 5);
        to.expect(token, head * 6 + (at % 5), from.read(token, head * 8 + (at % 5)));
      }
    }
    run(
      (module) =>
        defineCopyHeads(
          module,
          { context: 3, heads: 2, size: 5 },
          { row: from.row, head: 8 * floatBytes },
          { row: to.row, head: 6 * floatBytes },
        ),
      [from.at, to.at],
      0,
    );
  });
});

describe('layers', () => {
  /** Columns beyond the width are padding: 0 in and 0 out. */
  function padding(area: Area, rows: number, width: number): void {
    for (const row of range(rows)) {
      for (let at = width; at < foursOf(width); at++) area.set(row, at, 0);
    }
  }

  it.each([
    [1, 2],
    [5, 6],
    [4, 12],
    [3, 33],
  ])('normalises %i tokens of %i numbers, and back', (context, width) => {
    const { area, run } = createBench(width);
    const wide = foursOf(width);
    const x = area(context, wide, wide + 3);
    const gains = area(1, wide);
    const inverses = area(1, context);
    const out = area(context, wide, wide + 3);
    padding(x, context, width);
    padding(gains, 1, width);
    // One token far smaller than the number under the root, one far larger.
    for (const at of range(width)) {
      x.set(0, at, 1e-4 * x.read(0, at));
      x.set(context - 1, at, 1e3 * x.read(context - 1, at));
    }
    const inverseOf = (token: number) =>
      1 / Math.sqrt(sum(width, (at) => x.read(token, at) ** 2) / width + 1e-5);
    for (const token of range(context)) {
      inverses.expect(0, token, inverseOf(token));
      for (const at of range(wide)) {
        out.expect(token, at, x.read(token, at) * inverseOf(token) * gains.read(0, at));
      }
    }
    const rows = { context, width, row: x.row };
    run((module) => defineNorm(module, rows), [x.at, gains.at, inverses.at, out.at]);

    const back = createBench(width + 1);
    const again = back.area(context, wide, wide + 3);
    const d = back.area(context, wide, wide + 3);
    const gain = back.area(1, wide);
    const inverse = back.area(1, context);
    const dx = back.area(context, wide, wide + 3);
    const dGains = back.area(1, wide);
    for (const each of [again, d]) padding(each, context, width);
    for (const each of [gain, dGains]) padding(each, 1, width);
    padding(dx, context, width);
    const unit = (token: number, at: number) => again.read(token, at) * inverse.read(0, token);
    for (const at of range(wide)) {
      const slope = sum(context, (token) => d.read(token, at) * unit(token, at));
      dGains.expect(0, at, dGains.read(0, at) + slope);
    }
    for (const token of range(context)) {
      const dUnit = (at: number) => d.read(token, at) * gain.read(0, at);
      const mean = sum(width, (at) => dUnit(at) * unit(token, at)) / width;
      for (const at of range(wide)) {
        const slope = (dUnit(at) - unit(token, at) * mean) * inverse.read(0, token);
        dx.expect(token, at, dx.read(token, at) + slope);
      }
    }
    back.run(
      (module) => defineNormBack(module, rows),
      [d.at, again.at, gain.at, inverse.at, dx.at, dGains.at],
      2e-6,
    );
  });

  const gates = [0.5, 5, 40, 1e4].flatMap((extent) => [
    { extent, hidden: 4 },
    { extent, hidden: 12 },
  ]);
  it.each(gates)('opens gates of $extent, and back', ({ extent, hidden }) => {
    const context = 5;
    const { area, run } = createBench(hidden);
    const feed = area(context, 2 * hidden, 2 * hidden + 3);
    const open = area(context, hidden, hidden + 1);
    const out = area(context, hidden, hidden + 1);
    for (const token of range(context)) {
      for (const at of range(hidden)) {
        feed.set(token, at, extent * feed.read(token, at));
        const gate = feed.read(token, at);
        const sigmoid = 1 / (1 + Math.exp(-gate));
        open.expect(token, at, sigmoid);
        out.expect(token, at, gate * sigmoid * feed.read(token, hidden + at));
      }
    }
    const sizes = { context, hidden, both: feed.row, one: open.row };
    run((module) => defineSwiGlu(module, sizes), [feed.at, open.at, out.at]);

    const back = createBench(hidden + 1);
    const d = back.area(context, hidden, hidden + 1);
    const again = back.area(context, 2 * hidden, 2 * hidden + 3);
    const opened = back.area(context, hidden, hidden + 1);
    const dFeed = back.area(context, 2 * hidden, 2 * hidden + 3);
    for (const token of range(context)) {
      for (const at of range(hidden)) {
        const [gate, s, slope] = [again, opened, d].map((each) => each.read(token, at));
        const value = again.read(token, hidden + at);
        dFeed.expect(token, at, slope * value * (s + gate * s * (1 - s)));
        dFeed.expect(token, hidden + at, slope * gate * s);
      }
    }
    back.run(
      (module) => defineSwiGluBack(module, sizes),
      [d.at, again.at, opened.at, dFeed.at],
      3e-6,
    );
  });

  const vocabularies = [257, 255, 254, 9];
  it.each(vocabularies.flatMap((count) => [0.5, 10, 1e4, -1e4].map((extent) => [count, extent])))(
    'takes the cross-entropy of %i tokens with logits of %d',
    (vocabulary, extent) => {
      const context = 3;
      const scale = 1 / 24;
      const { area, run, setInts } = createBench(vocabulary);
      const columns = eightsOf(vocabulary);
      const logits = area(context, columns, columns + 4);
      const targets = area(1, context);
      const [tops, sums, rights, shares] = range(4).map(() => area(1, context));
      const chosen = [0, vocabulary - 1, vocabulary >> 1];
      setInts(targets, chosen);
      for (const token of range(context)) {
        for (const at of range(columns)) {
          // All of one sign: nothing that is padded with may be the largest.
          const sized = Math.sign(extent) * Math.abs(extent * logits.read(token, at));
          if (at < vocabulary)
            logits.set(token, at, Math.abs(extent) > 100 ? sized : extent * logits.read(token, at));
          else logits.set(token, at, 1e9);
        }
        const all = range(vocabulary).map((at) => logits.read(token, at));
        const top = Math.max(...all);
        const shifted = all.map((logit) => Math.exp(logit - top));
        const total = sum(vocabulary, (at) => shifted[at]);
        tops.expect(0, token, top);
        sums.expect(0, token, total);
        rights.expect(0, token, all[chosen[token]]);
        shares.expect(0, token, scale / total);
        for (const at of range(columns)) {
          const value = at < vocabulary ? shifted[at] : 0;
          logits.expect(token, at, value - (at === chosen[token] ? total : 0));
        }
      }
      run(
        (module) =>
          defineCrossEntropy(module, { context, row: logits.row, columns, vocabulary }, scale),
        [logits, targets, tops, sums, rights, shares].map(({ at }) => at),
      );
    },
  );

  it('scales rows', () => {
    const { area, run } = createBench(6);
    const matrix = area(5, 12, 14);
    const factors = area(1, 5);
    for (const row of range(5)) {
      for (const at of range(12))
        matrix.expect(row, at, matrix.read(row, at) * factors.read(0, row));
    }
    run(
      (module) => defineScaleRows(module, { context: 5, width: 10, row: matrix.row }),
      [matrix.at, factors.at],
    );
  });

  it('looks tokens up, and adds gradients of the same token up', () => {
    const chosen = [3, 0, 3, 6, 3];
    const width = 6;
    const rows = { context: chosen.length, width, row: 11 * floatBytes };
    const there = createBench(7);
    const tokens = there.area(1, chosen.length);
    there.setInts(tokens, chosen);
    const embedding = there.area(7, 8);
    const out = there.area(chosen.length, 8, 11);
    chosen.forEach((token, place) => {
      for (const at of range(8)) out.expect(place, at, embedding.read(token, at));
    });
    there.run(
      (module) => defineEmbed(module, rows, embedding.row),
      [tokens.at, embedding.at, out.at],
      0,
    );

    const back = createBench(8);
    const again = back.area(1, chosen.length);
    back.setInts(again, chosen);
    const gradients = back.area(chosen.length, 8, 11);
    const total = back.area(7, 8);
    for (const token of range(7)) {
      for (const at of range(8)) {
        const added = sum(chosen.length, (place) =>
          chosen[place] === token ? gradients.read(place, at) : 0,
        );
        if (chosen.includes(token)) total.expect(token, at, total.read(token, at) + added);
      }
    }
    back.run(
      (module) => defineEmbedBack(module, rows, total.row),
      [again.at, gradients.at, total.at],
    );
  });

  it('sums squares in double precision', () => {
    const { area, run } = createBench(9);
    const numbers = area(1, 44);
    // As floats, 1e8 would swallow all others.
    numbers.set(0, 5, 1e4);
    const out = area(1, 5);
    // Two doubles, which need an even address.
    const at = out.at % 8 === 0 ? 0 : 1;
    const words = new Uint32Array(
      Float64Array.from([0, 1], (half) =>
        sum(22, (place) => {
          const index = 4 * Math.floor(place / 2) + 2 * (place % 2) + half;
          return Math.fround(numbers.read(0, index) ** 2);
        }),
      ).buffer,
    );
    const order = new Float32Array(words.buffer);
    order.forEach((value, place) => {
      out.expect(0, at + place, value);
    });
    // The last bits of a double depend on the order: compared as floats, all but the upper halves are left.
    for (const place of [0, 2]) out.leave(0, at + place);
    run(
      (module) => defineSquares(module),
      [numbers.at, 11, out.at + at * floatBytes],
      Number.POSITIVE_INFINITY,
    );
    const found = new Float64Array(
      Float32Array.from(range(4), (place) => out.read(0, at + place)).buffer,
    );
    const truth = sum(44, (place) => Math.fround(numbers.read(0, place) ** 2));
    expect(Math.abs((found[0] + found[1]) / truth - 1)).toBeLessThan(1e-14);
  });

  it.each([0, 0.1])('takes a step of AdamW with a decay of %d', (weightDecay) => {
    const { area, run } = createBench(10);
    const vectors = 5;
    const state = area(3, 4 * vectors, 4 * vectors + 8);
    const gradient = area(1, 4 * vectors);
    const numbers = area(1, stepNumbers.length);
    const decay = area(1, 1);
    const values = {
      gradientScale: 0.4,
      firstDecay: Math.fround(0.9),
      firstShare: 1 - Math.fround(0.9),
      secondDecay: Math.fround(0.95),
      secondShare: 1 - Math.fround(0.95),
      firstCorrection: 3.7,
      secondCorrection: 7.1,
      epsilon: 1e-3,
      rate: 0.02,
      // That of the address counts, not this one.
      weightDecay: 9,
    };
    stepNumbers.forEach((name, at) => {
      numbers.set(0, at, values[name]);
    });
    decay.set(0, 0, weightDecay);
    for (const at of range(4 * vectors)) {
      state.set(2, at, Math.abs(state.read(2, at)));
      // What is next to nothing counts as nothing, and so do its moments.
      if (at % 5 === 1) {
        gradient.set(0, at, 2e-18);
        state.set(1, at, 1e-30);
        state.set(2, at, 1e-36);
      }
      const isTiny = at % 5 === 1;
      const [before, first, second] = range(3).map((part) => state.read(part, at));
      const g = isTiny ? 0 : gradient.read(0, at) * values.gradientScale;
      const m = isTiny ? 0 : values.firstDecay * first + values.firstShare * g;
      const v = isTiny ? 0 : values.secondDecay * second + values.secondShare * g * g;
      const move =
        (m * values.firstCorrection) / (Math.sqrt(v * values.secondCorrection) + values.epsilon);
      state.expect(0, at, before - values.rate * (move + weightDecay * before));
      state.expect(1, at, m);
      state.expect(2, at, v);
    }
    run(
      (module) => defineAdamW(module, state.row, numbers.at),
      [state.at, gradient.at, vectors, decay.at],
    );
    // Exactly nothing.
    for (const at of [1, 6, 11]) expect([state.read(1, at), state.read(2, at)]).toEqual([0, 0]);
  });
});

describe('the binary format', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x80, 1]],
    // The example of the standard.
    [624_485, [0xe5, 0x8e, 0x26]],
    [4_294_967_295, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('%i without a sign', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  it.each([
    [0, [0]],
    [63, [63]],
    [64, [0xc0, 0]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123_456, [0xc0, 0xbb, 0x78]],
    [2_147_483_647, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-2_147_483_648, [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('%i with a sign', (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });

  const memory = new WebAssembly.Memory({ initial: 1 });
  const ints = new Int32Array(memory.buffer);
  function runs(write: (body: Body) => void): void {
    const module = new ModuleBuilder();
    module.define('run', 0, write, true);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), {
      env: { memory },
    });
    (exports.run as () => void)();
  }
  /** Stores a whole number: as many floats of its bits as there are would change those of NaN. */
  const storeInt = (body: Body, at: number, value: Int) =>
    void body.code.push(...Int.of(at).code, ...value.code, 0x36, 2, 0);

  it('carries every whole number and every address', () => {
    const any = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(any, any, fc.integer({ min: 0, max: 1_000 }), (one, other, place) => {
        runs((body) => {
          storeInt(body, 16, Int.of(one).plus(other));
          storeInt(body, 20, Int.of(one).times(other));
          storeInt(body, 24, loadInt(Int.of(1_024), 4 * place));
        });
        expect([ints[4], ints[5]]).toEqual([(one + other) | 0, Math.imul(one, other)]);
        expect(ints[6]).toBe(ints[256 + place]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('repeats as often as told, with steps that grow', () => {
    const turns: number[] = [];
    for (const times of [0, 1, 2, 7, 200]) {
      ints.fill(0, 0, 8);
      runs((body) => {
        const count = body.int(0);
        body.repeat(times, [[5, 3]], ([value], left) => {
          body.set(count, count.plus(1));
          storeInt(body, 4, value);
          storeInt(body, 8, left);
        });
        storeInt(body, 0, count);
      });
      turns.push(ints[0]);
      expect([ints[1], ints[2]]).toEqual(times === 0 ? [0, 0] : [5 + 3 * (times - 1), 1]);
      // And with a number of turns that is a variable.
      if (times === 0) continue;
      runs((body) => {
        const count = body.int(0);
        body.repeat(body.int(times), [], () => body.set(count, count.plus(1)));
        storeInt(body, 0, count);
      });
      expect(ints[0]).toBe(times);
    }
    expect(turns).toEqual([0, 1, 2, 7, 200]);
  });

  it('refuses a call with too few values', () => {
    const module = new ModuleBuilder();
    const two = module.define('two', 2, () => {});
    expect(() => module.define('one', 1, (body, value) => body.call(two, value))).toThrow(
      RangeError,
    );
  });

  it('is valid for any number of functions, parameters and variables', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ parameters: fc.nat(6), locals: fc.nat(300) }), { maxLength: 200 }),
        (all) => {
          const bytes = encodeModule(
            all.map(({ parameters, locals }, place) => ({
              name: `f${place}`,
              isExported: place % 3 === 0,
              parameters,
              locals: Array.from(
                { length: locals },
                (_, at) => (['int', 'float', 'vector'] as const)[at % 3],
              ),
              code: [],
            })),
          );
          expect(WebAssembly.validate(bytes)).toBe(true);
          const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
          expect(names.map(({ name }) => name)).toEqual(
            all.flatMap((_, place) => (place % 3 === 0 ? [`f${place}`] : [])),
          );
        },
      ),
      { numRuns: 50, seed: 2 },
    );
  });

  it('carries every float to the bit', () => {
    const floats = new Float32Array(memory.buffer);
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true }), { minLength: 4, maxLength: 4 }),
        ([a, b, c, d]) => {
          runs((body) => {
            body.store(Int.of(64), Vector.of(a, b, c, d));
            body.store(Int.of(64), Float.of(a), 16);
            body.store(Int.of(64), Float.of(b).vector(), 32);
          });
          const found = [...floats.subarray(16, 21), ...floats.subarray(24, 28)];
          expect(found).toEqual([a, b, c, d, a, b, b, b, b]);
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });
});
