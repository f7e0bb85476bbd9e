import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import type { Model, SmoothModel, TreeModel } from '../model/regressor';
import { predictRow } from './predict';
import { regressors } from './regressors';
import { modelFromJson, modelToJson } from './serialise';
import { syntheticSample } from './synthetic.fixture';

const domains = 3;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const moderate = fc.double({ noNaN: true, min: -5, max: 5 });
const positive = fc.double({ noNaN: true, min: 1e-3, max: 10 });
const share = fc.double({ noNaN: true, min: 0, max: 1 });
const sign = fc.constantFrom<1 | -1>(1, -1);
const columnOf = (entry: fc.Arbitrary<number>, length = domains) =>
  fc
    .array(entry, { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values));

const linear = fc.record({
  kind: fc.constant('linear' as const),
  intercept: moderate,
  coefficients: columnOf(moderate),
  penalty: fc.double({ noNaN: true, min: 0, max: 1e300 }),
});
const law = fc.record({
  kind: fc.constant('law' as const),
  sign,
  constant: moderate,
  base: positive,
  exponent: positive,
  amounts: columnOf(positive),
  powers: columnOf(share),
  offset: positive,
});
const exponential = fc.record({
  kind: fc.constant('exponential' as const),
  sign,
  constant: moderate,
  intercept: moderate,
  coefficients: columnOf(moderate),
});
const powers = fc.record({
  kind: fc.constant('powers' as const),
  sign,
  constant: moderate,
  scales: columnOf(positive),
  offsets: columnOf(positive),
  exponents: columnOf(positive),
});
const rows = 4;
const gp = fc.record({
  kind: fc.constant('gp' as const),
  offset: positive,
  inputs: columnOf(moderate, rows * domains).map((values) => ({ rows, columns: domains, values })),
  centre: columnOf(moderate),
  lengths: columnOf(positive),
  variance: positive,
  linearVariance: positive,
  noise: positive,
  mean: moderate,
  alpha: columnOf(moderate, rows),
});
const range = fc
  .record({ low: moderate, slack: positive, inner: positive })
  .map(({ low, slack, inner }) => ({ low, slack, high: low + 2 * slack + inner }));
const boundedLaw = fc.tuple(law, range).map(([model, within]) => ({ ...model, range: within }));
const corrected = fc.record({
  kind: fc.constant('corrected' as const),
  law,
  processes: fc.array(gp, { minLength: 1, maxLength: 2 }),
  asymptote: moderate,
  centre: moderate,
  share,
  range,
});
const part: fc.Arbitrary<SmoothModel> = fc.oneof(
  linear,
  law,
  boundedLaw,
  exponential,
  powers,
  gp,
  corrected,
);
const sumOf = (parts: fc.Arbitrary<SmoothModel>): fc.Arbitrary<SmoothModel> =>
  fc.array(fc.tuple(moderate, parts), { minLength: 1, maxLength: 3 }).map((terms) => ({
    kind: 'sum',
    weights: terms.map(([weight]) => weight),
    models: terms.map(([, model]) => model),
  }));

/** Trees of random shape: each leaf to split next is chosen at random. */
const trees: fc.Arbitrary<TreeModel> = fc
  .array(
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: domains - 1 }), finite, share), { maxLength: 6 }),
    { minLength: 1, maxLength: 4 },
  )
  .map((splits) => {
    const feature: number[] = [];
    const threshold: number[] = [];
    const left: number[] = [];
    const right: number[] = [];
    const value: number[] = [];
    const nodeStart = [0];
    const leafStart = [0];
    for (const tree of splits) {
      const start = nodeStart.at(-1) ?? 0;
      // Where each leaf hangs: its parent and side; leaf 0 stays on the left when it is split.
      const hooks: { children: number[]; node: number }[] = [];
      tree.forEach(([pick, column, bound], node) => {
        const leaf = hooks.length === 0 ? 0 : pick % hooks.length;
        if (node > 0) hooks[leaf].children[hooks[leaf].node] = node;
        feature.push(column);
        threshold.push(bound);
        left.push(-1 - leaf);
        right.push(-1 - (node + 1));
        hooks[leaf] = { children: left, node: start + node };
        hooks.push({ children: right, node: start + node });
      });
      for (let leaf = 0; leaf <= tree.length; leaf++) value.push(leaf / 7 - 1);
      nodeStart.push(feature.length);
      leafStart.push(value.length);
    }
    return {
      kind: 'trees',
      features: domains,
      rounds: splits.length,
      nodeStart: Int32Array.from(nodeStart),
      leafStart: Int32Array.from(leafStart),
      feature: Int32Array.from(feature),
      threshold: Float64Array.from(threshold),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      gain: Float64Array.from(splits.flat(), ([, , , gain]) => gain),
      value: Float64Array.from(value),
    };
  });

const anyModel: fc.Arbitrary<Model> = fc.oneof(part, sumOf(part), sumOf(sumOf(part)), trees);

describe('a model as JSON', () => {
  it('comes back to the last bit, whatever its kind', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const text = modelToJson(model);
        const read = modelFromJson(text);
        expect(read).toEqual(model);
        expect(modelToJson(read)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the sign of zero and the smallest numbers', () => {
    const coefficients = Float64Array.of(-0, 5e-324, -1.7976931348623157e308);
    const read = modelFromJson(
      modelToJson({ kind: 'linear', intercept: 0.1 + 0.2, coefficients, penalty: 0 }),
    );
    if (read.kind !== 'linear') throw new Error('another kind came back');
    expect(new BigUint64Array(read.coefficients.buffer)).toEqual(
      new BigUint64Array(coefficients.buffer),
    );
    expect(read.intercept).toBe(0.30000000000000004);
  });

  it('predicts the same as what every regressor fitted', () => {
    const sample = syntheticSample(60, 4);
    const stopping = syntheticSample(30, 4, { seed: 5 });
    for (const regressor of regressors) {
      const model = runJob(regressor.fit(sample, { seed: 1 }, stopping));
      const read = modelFromJson(modelToJson(model));
      expect(read, regressor.id).toStrictEqual(model);
      const mixture = rowOf(stopping.features, 0);
      expect(predictRow(read, mixture)).toBe(predictRow(model, mixture));
    }
  });

  it('is not written when it holds what is no number', () => {
    const model = { kind: 'linear', coefficients: Float64Array.of(1), penalty: 0 } as const;
    for (const intercept of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => modelToJson({ ...model, intercept })).toThrow(StageError);
    }
  });
});

/** A single tree with two inner nodes on two domains: -1, 0 and 1 on the leaves. */
const stump = {
  kind: 'trees',
  features: 2,
  rounds: 1,
  nodeStart: [0, 2],
  leafStart: [0, 3],
  feature: [0, 1],
  threshold: [0.5, 0.5],
  left: [1, -1],
  right: [-3, -2],
  gain: [2, 1],
  value: [-1, 0, 1],
};
const line = { kind: 'linear', intercept: 1, coefficients: [1, 2], penalty: 0 };
const process = {
  kind: 'gp',
  offset: 0.01,
  inputs: { rows: 2, columns: 1, values: [0, 1] },
  centre: [0],
  lengths: [1],
  variance: 1,
  linearVariance: 0,
  noise: 0.1,
  mean: 0,
  alpha: [1, -1],
};
const curve = (count: number) => ({
  kind: 'law',
  sign: 1,
  constant: 1,
  base: 1,
  exponent: 1,
  amounts: new Array(count).fill(1),
  powers: new Array(count).fill(0.5),
  offset: 0.1,
});
const correction = {
  kind: 'corrected',
  law: curve(1),
  processes: [process],
  asymptote: 0,
  centre: 1,
  share: 1,
  range: { low: 0, high: 3, slack: 0.5 },
};
const file = (model: unknown) => JSON.stringify({ format: 'regmix-model', version: 1, model });

describe('what is refused', () => {
  it('is not what these cases start from', () => {
    for (const model of [stump, line, process]) {
      expect(modelFromJson(file(model)).kind).toBe(model.kind);
    }
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['another file', JSON.stringify({ format: 'other', version: 1, model: line })],
    ['another version', JSON.stringify({ format: 'regmix-model', version: 2, model: line })],
    ['an unknown kind', file({ ...line, kind: 'toString' })],
    ['a field that is missing', file({ ...line, intercept: undefined })],
    ['a text for a number', file({ ...line, intercept: '1' })],
    ['a number beyond doubles', file(line).replace('"intercept":1', '"intercept":1e999')],
    ['a hole in a list', file({ ...line, coefficients: [1, null] })],
    ['no domains', file({ ...line, coefficients: [] })],
    ['too many domains', file({ ...line, coefficients: new Array(2001).fill(1) })],
    ['a negative penalty', file({ ...line, penalty: -1 })],
    [
      'a prediction that overflows',
      file({ ...line, intercept: 1e308, coefficients: [1e308, 1e308] }),
    ],
    ['lengths that disagree', file({ ...process, alpha: [1, 2, 3] })],
    ['a length scale of 0', file({ ...process, lengths: [0] })],
    ['a matrix of another size', file({ ...process, inputs: { ...process.inputs, values: [0] } })],
    ['a sum of nothing', file({ kind: 'sum', weights: [], models: [] })],
    ['a sum with trees', file({ kind: 'sum', weights: [1], models: [stump] })],
    ['a sum over other domains', file({ kind: 'sum', weights: [1, 1], models: [line, process] })],
    ['a sum without a weight', file({ kind: 'sum', weights: [1], models: [line, line] })],
    ['a correction of a line', file({ ...correction, law: line })],
    ['a correction without processes', file({ ...correction, processes: [] })],
    ['a correction by a line', file({ ...correction, processes: [line] })],
    ['a correction over other domains', file({ ...correction, law: curve(3) })],
    ['a share above 1', file({ ...correction, share: 1.1 })],
    ['no range', file({ ...correction, range: undefined })],
    ['a range that is empty', file({ ...correction, range: { low: 0, high: 1, slack: 1 } })],
    ['trees in a circle', file({ ...stump, left: [1, 0] })],
    ['a node that is its own child', file({ ...stump, left: [0, -1] })],
    ['a leaf reached twice', file({ ...stump, right: [-3, -1] })],
    ['a leaf that does not exist', file({ ...stump, right: [-4, -2] })],
    ['a node that does not exist', file({ ...stump, left: [2, -1] })],
    ['a domain that does not exist', file({ ...stump, feature: [0, 2] })],
    ['half a node', file({ ...stump, left: [0.5, -1] })],
    ['starts that fall', file({ ...stump, rounds: 2, nodeStart: [0, 3, 2], leafStart: [0, 4, 3] })],
    ['starts before the first', file({ ...stump, nodeStart: [-1, 2] })],
    ['no trees', file({ ...stump, rounds: 0, nodeStart: [0], leafStart: [0] })],
    ['rounds that are not there', file({ ...stump, rounds: 1e9 })],
  ])('%s', (_, text) => {
    expect(() => modelFromJson(text)).toThrow(StageError);
  });

  it('sums within sums within sums, and depth that would end the stack', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? line : { kind: 'sum', weights: [1], models: [nested(depth - 1)] };
    expect(modelFromJson(file(nested(3))).kind).toBe('sum');
    expect(modelFromJson(file(correction)).kind).toBe('corrected');
    expect(() => modelFromJson(file(nested(4)))).toThrow(StageError);
    const deep = '{"kind":"sum","weights":[1],"models":['.repeat(50_000);
    expect(() => modelFromJson(deep)).toThrow(StageError);
    const closed = `${deep}${JSON.stringify(line)}${']}'.repeat(50_000)}`;
    const text = `{"format":"regmix-model","version":1,"model":${closed}}`;
    expect(() => modelFromJson(text)).toThrow(StageError);
  });

  it('quotes what it found, but not at length', () => {
    const kind = 'x'.repeat(10_000);
    expect(() => modelFromJson(file({ ...line, kind }))).toThrow(/^.{20,200}$/);
  });
});

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'NaN',
    [],
    {},
    -1,
    0,
    1,
    0.5,
    1e308,
    -1e308,
    2 ** 31,
    4e9,
  ),
  fc.integer({ min: -10, max: 10 }),
  finite,
);

/** Replaces, removes or repeats one value somewhere in the tree of values. */
function damage(value: unknown, path: readonly number[], put: unknown, action: number): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) return put;
  const keys = Object.keys(value);
  if (keys.length === 0) return put;
  const [first, ...rest] = path;
  const key = keys[first % keys.length];
  const entries: [string, unknown][] = Object.entries(value).flatMap(([name, entry]) => {
    if (name !== key) return [[name, entry]];
    if (rest.length > 0) return [[name, damage(entry, rest, put, action)]];
    if (action === 0) return [];
    return action === 1
      ? [
          [name, entry],
          [name, entry],
        ]
      : [[name, put]];
  });
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

/** Either a refusal, or a model that predicts and is written as it was read. */
function checkRead(text: string): 'refused' | 'read' {
  let model: Model;
  try {
    model = modelFromJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(StageError);
    return 'refused';
  }
  const width = model.kind === 'trees' ? model.features : domains;
  expect(predictRow(model, new Float64Array(width).fill(1 / width))).toBeTypeOf('number');
  expect(modelFromJson(modelToJson(model))).toStrictEqual(model);
  return 'read';
}

describe('what is damaged', () => {
  it('in one place is refused with a word, or still is a model', () => {
    const outcomes = { refused: 0, read: 0 };
    const path = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyModel, path, hostile, fc.nat({ max: 3 }), (model, place, put, action) => {
        const whole: unknown = JSON.parse(modelToJson(model));
        outcomes[checkRead(JSON.stringify(damage(whole, place, put, action)))]++;
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(outcomes.refused).toBeGreaterThan(500);
    expect(outcomes.read).toBeGreaterThan(20);
  });

  it('as text is refused with a word, or still is a model', () => {
    const outcomes = { refused: 0, read: 0 };
    const character = fc.constantFrom(...'0123456789-.eE,:[]{}"n \u0000');
    fc.assert(
      fc.property(anyModel, fc.nat(), fc.nat({ max: 3 }), character, (model, at, cut, put) => {
        const text = modelToJson(model);
        const place = at % text.length;
        outcomes[checkRead(text.slice(0, place) + put + text.slice(place + cut))]++;
      }),
      { numRuns: 2000, seed: 2 },
    );
    expect(outcomes.refused).toBeGreaterThan(200);
    expect(outcomes.read).toBeGreaterThan(200);
  });
});
