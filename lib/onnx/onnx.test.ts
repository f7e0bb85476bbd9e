import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { fromRows, type Matrix, rowOf } from '../model/matrix';
import { createRandomStream } from '../model/random';
import type { Domain } from '../model/study';
import { predictModel } from '../regression/predict';
import { findRegressor } from '../regression/regressors';
import { datasetNames } from '../runs/dataset-names';
import { agreed } from './agree';
import { exportOnnx, importOnnx, type ReadModel } from './exchange';
import { floorFloat32 } from './float32';
import { buildOnnx, networkAt, networkFile, type Operation, plain, runtime } from './onnx.fixture';
import { openPredictor } from './predictor';
import { readLabels } from './read-labels';
import type { OnnxSession } from './runtime';
import { labelKeys, writeOnnx } from './write-model';

const domains: Domain[] = ['web', 'code', 'books'].map((id) => ({ id, name: id }));
const labels = { target: 'web', domains: ['web', 'code', 'books'] };
const comparison = { prior: Float64Array.of(0.5, 0.3, 0.2), seed: 3 };
const mixtures = runJob(sampleDirichlet(Float64Array.of(1, 1, 1), 200, 5));
const values = Float64Array.from({ length: 200 }, (_, row) => {
  const [web, code, books] = mixtures.values.subarray(row * 3, row * 3 + 3);
  return 3 - 0.7 * Math.sqrt(web) - 0.2 * code + 0.4 * books * books;
});
const fitted = (id: 'gbdt' | 'ols' | 'ridge') =>
  runJob(findRegressor(id).fit({ features: mixtures, values }, { seed: 1, rounds: 300 }));

describe('floorFloat32', () => {
  it('is the largest float32 that is not above', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (value) => {
        const floor = floorFloat32(value);
        expect(Math.fround(floor)).toBe(floor);
        expect(floor).toBeLessThanOrEqual(value);
        // Half a step further up rounds to the next one.
        const step = Math.max(Math.abs(floor) * 2 ** -23, 2 ** -149);
        expect(Math.fround(floor + step)).toBeGreaterThan(value);
      }),
    );
  });
});

/** What an imported file predicts for mixtures in the order of the study's domains. */
async function predictedBy({ source }: ReadModel, inputs: Matrix): Promise<Float64Array> {
  const predictor = await openPredictor(runtime, source);
  return predictor.predict(inputs).finally(() => predictor.close());
}

describe('export', () => {
  for (const id of ['gbdt', 'ols', 'ridge'] as const) {
    it(`of ${id} agrees with onnxruntime, and comes back the same`, async () => {
      const model = fitted(id);
      const { bytes, agreement } = await exportOnnx(runtime, model, labels, comparison);
      expect(agreement.mixtures).toBe(10_000);
      expect(agreement.relative).toBeGreaterThan(0);
      expect(agreement.relative).toBeLessThan(agreed);
      const back = await importOnnx(runtime, bytes, domains, [], comparison);
      expect(back).toMatchObject({ target: 'web', isNamed: true, producer: 'regmix-explorer' });
      const inputs = { ...mixtures, values: Float64Array.from(mixtures.values, Math.fround) };
      const theirs = await predictedBy(back, inputs);
      const ours = runJob(predictModel(model, inputs));
      theirs.forEach((value, row) => {
        expect(Math.abs(value - ours[row])).toBeLessThan(agreed / 10);
      });
    });
  }

  it('names inputs as the user’s file does, and knows them again in any order', async () => {
    // Short ones that are also the ends of others, so that only whole names tell them apart.
    const named: Domain[] = ['web', 'dark_web', 'books'].map((id) => ({
      id,
      name: id,
      column: `weights/the_pile_${id}`,
    }));
    const own = datasetNames(named);
    expect(own).toEqual(['the_pile_web', 'the_pile_dark_web', 'the_pile_books']);
    const { bytes } = await exportOnnx(
      runtime,
      fitted('ols'),
      { target: 'web', domains: own },
      comparison,
    );
    expect(readLabels(bytes).metadata.get(labelKeys.domains)).toBe(JSON.stringify(own));
    const turned = named.toReversed();
    const { source, isNamed } = await importOnnx(runtime, bytes, turned, [], comparison);
    expect({ columns: source.columns, isNamed }).toEqual({ columns: [2, 1, 0], isNamed: true });
  });

  it('refuses what has no form in ONNX, and shows when a file is of another model', async () => {
    const law = runJob(findRegressor('law').fit({ features: mixtures, values }, { seed: 1 }));
    expect(() => writeOnnx(law, labels)).toThrow(StageError);
    const model = fitted('ols');
    if (model.kind !== 'linear') throw new Error('not linear');
    const other = { ...model, intercept: model.intercept + 1 };
    const { compareWithRuntime } = await import('./agree');
    const { relative, largest } = await compareWithRuntime(
      runtime,
      writeOnnx(other, labels),
      model,
      comparison.prior,
      1,
    );
    expect(largest).toBeCloseTo(1, 4);
    expect(relative).toBeGreaterThan(0.1);
  });
});

/** Two trees over three inputs in converters' form: the second is a single leaf. */
const trees = (mode: string, extra: Operation['attributes'] = {}): Operation => ({
  op: 'TreeEnsembleRegressor',
  inputs: ['X'],
  outputs: ['variable'],
  attributes: {
    n_targets: { single: 1 },
    nodes_treeids: [0, 0, 0, 0, 0, 1],
    nodes_nodeids: [0, 1, 2, 3, 4, 0],
    nodes_featureids: [0, 2, 0, 0, 0, 0],
    nodes_modes: [mode, mode, 'LEAF', 'LEAF', 'LEAF', 'LEAF'],
    nodes_values: { floats: [0.3, 0.1, 0, 0, 0, 0] },
    nodes_truenodeids: [1, 2, 0, 0, 0, 0],
    nodes_falsenodeids: [4, 3, 0, 0, 0, 0],
    nodes_missing_value_tracks_true: [0, 0, 0, 0, 0, 0],
    target_treeids: [0, 0, 0, 1],
    target_nodeids: [2, 3, 4, 0],
    target_ids: [0, 0, 0, 0],
    target_weights: { floats: [1.5, 2.25, -0.5, 0.125] },
    post_transform: { single: 'NONE' },
    ...extra,
  },
});
const scaler: Operation = {
  op: 'Scaler',
  inputs: ['X'],
  outputs: ['scaled'],
  attributes: { offset: { floats: [0.3, 0.2, 0.1] }, scale: { floats: [3, -2, 0.7] } },
};
const linear: Operation = {
  op: 'LinearRegressor',
  inputs: ['scaled'],
  outputs: ['variable'],
  attributes: {
    coefficients: { floats: [1, -2, 0.5] },
    intercepts: { floats: [0.25] },
    targets: { single: 1 },
  },
};

/** A Gaussian process on two points: sum of alpha exp(-|x - z|^2 / 2), by |x|^2 - 2 x z + |z|^2. */
const known = [
  [0.6, 0.3, 0.1],
  [0.1, 0.2, 0.7],
];
const alpha = [1.25, -0.5];
const processFile = buildOnnx({
  operations: [
    plain('Mul', ['X', 'X'], 'squares'),
    plain('ReduceSum', ['squares', 'axis'], 'norm', { keepdims: { single: 1 } }),
    plain('MatMul', ['X', 'Z'], 'products'),
    plain('Mul', ['products', 'minusTwo'], 'cross'),
    plain('Add', ['norm', 'cross'], 'partial'),
    plain('Add', ['partial', 'norms'], 'distances'),
    plain('Mul', ['distances', 'minusHalf'], 'logs'),
    plain('Exp', ['logs'], 'kernel'),
    plain('MatMul', ['kernel', 'alpha'], 'variable'),
  ],
  constants: {
    axis: [1],
    Z: { floats: [0, 1, 2].flatMap((place) => known.map((z) => z[place])), shape: [3, 2] },
    minusTwo: { floats: [-2], shape: [1] },
    norms: { floats: known.map((z) => z.reduce((sum, v) => sum + v * v, 0)), shape: [1, 2] },
    minusHalf: { floats: [-0.5], shape: [1] },
    alpha: { floats: alpha, shape: [2, 1] },
  },
});
function processAt(weights: ArrayLike<number>): number {
  return known.reduce((sum, z, at) => {
    const distance = z.reduce((total, v, place) => total + (weights[place] - v) ** 2, 0);
    return sum + alpha[at] * Math.exp(-distance / 2);
  }, 0);
}

const treesAt = ([web, , books]: Float64Array) =>
  0.125 + (web <= Math.fround(0.3) ? (books <= Math.fround(0.1) ? 1.5 : 2.25) : -0.5);
const linearAt = ([web, code, books]: Float64Array) =>
  0.25 + (web - 0.3) * 3 - 2 * (code - 0.2) * -2 + 0.5 * (books - 0.1) * 0.7;

describe('import', () => {
  const forms: Record<string, [Uint8Array<ArrayBuffer>, (weights: Float64Array) => number]> = {
    'LightGBM trees': [buildOnnx({ operations: [trees('BRANCH_LEQ')] }), treesAt],
    'a scaler before a linear model, of open width': [
      buildOnnx({ operations: [scaler, linear], inputs: null }),
      linearAt,
    ],
    'a network of two layers': [networkFile(), networkAt],
    'a network that gives N numbers rather than N x 1': [
      buildOnnx({
        operations: [
          plain('MatMul', ['X', 'W'], 'column'),
          plain('Squeeze', ['column', 'axis'], 'variable'),
        ],
        constants: { W: { floats: [1, 2, 3], shape: [3, 1] }, axis: [1] },
        outputShape: [null],
      }),
      ([a, b, c]) => a + 2 * b + 3 * c,
    ],
    'a Gaussian process': [processFile, processAt],
    'a model of doubles': [
      buildOnnx({
        operations: [plain('ReduceSum', ['X', 'axis'], 'sum'), plain('Exp', ['sum'], 'variable')],
        constants: { axis: [1] },
        elementType: 11,
        outputType: 11,
      }),
      ([a, b, c]) => Math.exp(a + b + c),
    ],
  };
  for (const [name, [file, expected]] of Object.entries(forms)) {
    it(`runs ${name}`, async () => {
      const read = await importOnnx(runtime, file, domains, [], comparison);
      expect(read).toMatchObject({ isNamed: false, producer: 'skl2onnx 1.16.0', mixtures: 10_000 });
      const rounded = { ...mixtures, values: Float64Array.from(mixtures.values, Math.fround) };
      const predicted = await predictedBy(read, rounded);
      predicted.forEach((value, row) => {
        expect(Math.abs(value - expected(rowOf(rounded, row)))).toBeLessThan(1e-5);
        expect(value).toBeGreaterThanOrEqual(read.range[0] - 0.5);
      });
    });
  }

  it('puts inputs of another order where they belong', async () => {
    const names = ['books', 'web', 'code'];
    const read = await importOnnx(runtime, networkFile(), domains, names, comparison);
    expect(read.source.columns).toEqual([2, 0, 1]);
    const predicted = await predictedBy(read, mixtures);
    predicted.forEach((value, row) => {
      const [web, code, books] = rowOf(mixtures, row);
      expect(Math.abs(value - networkAt([books, web, code]))).toBeLessThan(1e-5);
    });
  });

  const lone = (op: string, change = {}) =>
    buildOnnx({ operations: [plain(op, ['X'], 'variable')], ...change });
  const summed = (op: string, constants = {}) =>
    buildOnnx({
      operations: [
        plain('ReduceSum', ['X', 'axis'], 'sum', { keepdims: { single: 1 } }),
        plain(op, ['sum', ...Object.keys(constants)], 'variable'),
      ],
      constants: { axis: [1], ...constants },
    });
  const refused: Record<string, [Uint8Array<ArrayBuffer>, RegExp]> = {
    'an empty file': [new Uint8Array(0), /no graph/],
    'a text': [Uint8Array.from(new TextEncoder().encode('mixture,loss\n0.5,2')), /damaged/],
    'an operation that there is not': [lone('Magic'), /onnxruntime rejects it .*Magic/],
    'half a file': [networkFile().slice(0, 200), /damaged/],
    texts: [
      lone('Identity', { elementType: 8, outputType: 8, outputShape: [null, 3] }),
      /of string/,
    ],
    'weights in another file': [
      buildOnnx({
        operations: [plain('Reshape', ['X', 'shape'], 'variable')],
        constants: { shape: [-1, 3].map(Math.abs) },
        external: true,
      }),
      /another file/,
    ],
    'other domains': [networkFile({ inputs: 4 }), /rejects it|takes 4 weights/],
    'a width that only shows when it runs': [
      buildOnnx({
        operations: [plain('MatMul', ['X', 'W'], 'variable')],
        constants: { W: { floats: [1, 2, 3, 4], shape: [4, 1] } },
        inputs: null,
      }),
      /onnxruntime rejects it/,
    ],
    'one mixture at a time': [networkFile({ rows: 1 }), /exactly 1 mixture at a time/],
    'two inputs': [
      buildOnnx({
        operations: [plain('Add', ['X', 'Y'], 'variable')],
        moreInputs: ['Y'],
        outputShape: [null, 3],
      }),
      /2 inputs \(“X”, “Y”\)/,
    ],
    'two outputs': [
      buildOnnx({
        operations: [plain('Identity', ['X'], 'variable'), plain('Neg', ['X'], 'deviation')],
        moreOutputs: ['deviation'],
        outputShape: [null, 3],
      }),
      /2 outputs \(“variable”, “deviation”\)/,
    ],
    'three numbers a mixture': [lone('Identity', { outputShape: [null, 3] }), /10000 x 3 numbers/],
    'one number for all': [
      buildOnnx({
        operations: [plain('ReduceMean', ['X'], 'variable', { keepdims: { single: 1 } })],
        outputShape: [1, 1],
      }),
      /1 x 1 numbers/,
    ],
    'whole numbers': [
      buildOnnx({
        operations: [
          plain('ReduceSum', ['X', 'axis'], 'sum'),
          plain('Cast', ['sum'], 'variable', { to: { single: 7 } }),
        ],
        constants: { axis: [1] },
        outputType: 7,
      }),
      /of int64/,
    ],
    'what is not finite': [
      summed('Div', { zero: { floats: [0], shape: [1] } }),
      /predicts Infinity/,
    ],
    'no number': [
      buildOnnx({
        operations: [
          plain('ReduceSum', ['X', 'axis'], 'sum', { keepdims: { single: 1 } }),
          plain('Neg', ['sum'], 'below'),
          plain('Log', ['below'], 'variable'),
        ],
        constants: { axis: [1] },
      }),
      /predicts NaN/,
    ],
    'a prediction that depends on the others in its batch': [
      buildOnnx({
        operations: [
          plain('ReduceMean', ['X'], 'mean', { axes: [0], keepdims: { single: 1 } }),
          plain('Sub', ['X', 'mean'], 'centred'),
          plain('MatMul', ['centred', 'W'], 'variable'),
        ],
        constants: { W: { floats: [1, 2, 3], shape: [3, 1] } },
      }),
      /depends on the other mixtures in the batch/,
    ],
    'one that draws at random': [
      buildOnnx({
        operations: [
          plain('RandomUniformLike', ['X'], 'noise'),
          plain('ReduceSum', ['noise', 'axis'], 'variable', { keepdims: { single: 1 } }),
        ],
        constants: { axis: [1] },
      }),
      /depends on the other mixtures in the batch/,
    ],
  };
  for (const [name, [file, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const error = await importOnnx(runtime, file, domains, [], comparison).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(StageError);
      expect((error as StageError).message).toMatch(message);
      expect((error as StageError).advice).not.toBe('');
    });
  }

  it('refuses the list of maps that a classifier answers', async () => {
    const session: OnnxSession = {
      inputs: [{ name: 'X', type: 'float32', shape: [null, 3] }],
      outputs: [{ name: 'probabilities', type: null, shape: [] }],
      run: () => Promise.reject(new Error('it is refused before it runs')),
      close: () => Promise.resolve(),
    };
    const opened = openPredictor(
      { open: () => Promise.resolve(session) },
      { bytes: new Uint8Array(0), columns: [0, 1, 2] },
    );
    await expect(opened).rejects.toThrow(/classifier/);
  });

  it('refuses names that are not the study’s', async () => {
    for (const names of [
      ['web', 'code'],
      ['web', 'code', 'law'],
      ['web', 'web', 'code'],
    ]) {
      await expect(importOnnx(runtime, networkFile(), domains, names, comparison)).rejects.toThrow(
        StageError,
      );
    }
  });
});

describe('damaged files', () => {
  it('give the typed error or a model that answers, and leave the runtime as it was', async () => {
    const seeds = [networkFile(), processFile, writeOnnx(fitted('ridge'), labels)];
    const outcomes = { refused: 0, read: 0 };
    for (let number = 0; number < 300; number++) {
      const bytes = Uint8Array.from(
        damagedBytes(seeds[number % seeds.length], createRandomStream(number)),
      );
      try {
        const { range } = await importOnnx(runtime, bytes, domains, [], comparison);
        expect(range.every(Number.isFinite)).toBe(true);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof StageError)) throw error;
        outcomes.refused++;
      }
    }
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.read).toBeGreaterThan(5);
    const [value] = await predictedBy(
      await importOnnx(runtime, networkFile(), domains, [], comparison),
      fromRows([[0.2, 0.3, 0.5]]),
    );
    expect(value).toBeCloseTo(networkAt([0.2, 0.3, 0.5]), 5);
  });
});

/** Bytes with one to four places set, cut, inserted or repeated. */
function damagedBytes(seed: Uint8Array, stream: ReturnType<typeof createRandomStream>): number[] {
  let bytes = Array.from(seed);
  const edits = 1 + Math.floor(stream.uniform() * 4);
  for (let edit = 0; edit < edits; edit++) {
    const place = Math.floor(stream.uniform() * bytes.length);
    const kind = stream.uniform();
    const byte = Math.floor(stream.uniform() * 256);
    if (kind < 0.6) bytes[place] = byte;
    else if (kind < 0.7) bytes = bytes.slice(0, place);
    else if (kind < 0.85) bytes.splice(place, 0, byte);
    else bytes.splice(place, 0, ...bytes.slice(place, place + 40));
  }
  return bytes;
}
