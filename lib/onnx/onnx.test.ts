import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../errors';
import { runJob } from '../job';
import { fromRows } from '../matrix';
import { sampleDirichlet } from '../mixture/dirichlet';
import { walkTrees } from '../regression/gbdt/walk-trees';
import { predictModel } from '../regression/predict';
import { findRegressor } from '../regression/regressors';
import type { Domain } from '../study/types';
import { agreed } from './agree';
import { convertGraph } from './convert';
import { exportOnnx, importOnnx } from './exchange';
import { floorFloat32, largestRoundedTo, nextFloat32, previousFloat32 } from './float32';
import { buildOnnx, type Operation, runtime } from './onnx.fixture';
import { readGraph } from './read-graph';
import { writeOnnx } from './write-model';

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

describe('float32 neighbours', () => {
  it('bracket every double', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (value) => {
        const floor = floorFloat32(value);
        expect(floor).toBeLessThanOrEqual(value);
        expect(nextFloat32(floor)).toBeGreaterThan(value);
        expect(previousFloat32(nextFloat32(floor))).toBe(floor + 0);
      }),
    );
  });

  it('make a float32 comparison one of doubles', () => {
    fc.assert(
      fc.property(
        fc.float({ min: -2, max: 2, noNaN: true }),
        fc.integer({ min: -3, max: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (limit, steps, part) => {
          let near = Math.fround(limit);
          for (let step = 0; step < Math.abs(steps); step++) {
            near = steps > 0 ? nextFloat32(near) : previousFloat32(near);
          }
          const weight = near + part * (nextFloat32(near) - near);
          expect(weight <= largestRoundedTo(limit)).toBe(Math.fround(weight) <= limit);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

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
      const theirs = runJob(predictModel(back.model, inputs));
      const ours = runJob(predictModel(model, inputs));
      theirs.forEach((value, row) => {
        expect(Math.abs(value - ours[row])).toBeLessThan(agreed / 10);
      });
    });
  }

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
      { input: 'mixture', output: 'prediction' },
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

describe('import', () => {
  const forms: Record<string, Uint8Array> = {
    'LightGBM trees (<=)': buildOnnx({ operations: [trees('BRANCH_LEQ')] }),
    'XGBoost trees (<) with a base value': buildOnnx({
      operations: [trees('BRANCH_LT', { base_values: { floats: [0.5] } })],
    }),
    'trees that branch above': buildOnnx({ operations: [trees('BRANCH_GT')] }),
    'trees that branch at or above': buildOnnx({ operations: [trees('BRANCH_GTE')] }),
    'an average of trees': buildOnnx({
      operations: [trees('BRANCH_LEQ', { aggregate_function: { single: 'AVERAGE' } })],
    }),
    'scikit-learn: trees behind a scaler, falling ones too': buildOnnx({
      operations: [
        { ...scaler, attributes: { ...scaler.attributes, scale: { floats: [-3, 2, 0.7] } } },
        { ...trees('BRANCH_LEQ'), inputs: ['scaled'] },
      ],
    }),
    'scikit-learn: a linear model behind a scaler': buildOnnx({ operations: [scaler, linear] }),
    'identity and cast round the trees': buildOnnx({
      operations: [
        {
          op: 'Cast',
          domain: '',
          inputs: ['X'],
          outputs: ['float'],
          attributes: { to: { single: 1 } },
        },
        { ...trees('BRANCH_LEQ'), inputs: ['float'], outputs: ['raw'] },
        { op: 'Identity', domain: '', inputs: ['raw'], outputs: ['variable'] },
      ],
    }),
    'two ensembles added up': buildOnnx({
      operations: [
        { ...trees('BRANCH_LEQ'), outputs: ['a'] },
        { ...trees('BRANCH_LT'), outputs: ['b'] },
        { op: 'Sum', domain: '', inputs: ['a', 'b'], outputs: ['variable'] },
      ],
    }),
    'an open width, told by the scaler': buildOnnx({ operations: [scaler, linear], inputs: null }),
  };
  for (const [name, file] of Object.entries(forms)) {
    it(`takes ${name}`, async () => {
      const read = await importOnnx(runtime, file, domains, [], comparison);
      expect(read.isNamed).toBe(false);
      expect(read.producer).toBe('skl2onnx 1.16.0');
      expect(read.agreement.relative).toBeLessThan(agreed);
    });
  }

  it('takes the branches that the file says', async () => {
    const { model } = await importOnnx(
      runtime,
      forms['LightGBM trees (<=)'],
      domains,
      [],
      comparison,
    );
    if (model.kind !== 'trees') throw new Error('no trees');
    const at = (web: number, books: number) =>
      walkTrees(model, Float64Array.of(web, 1 - web - books, books));
    expect([at(0.2, 0.05), at(0.2, 0.4), at(0.5, 0.4)]).toEqual([1.625, 2.375, -0.375]);
  });

  it('puts inputs of another order where they belong', async () => {
    const file = forms['LightGBM trees (<=)'];
    const names = ['books', 'web', 'code'];
    const { model } = await importOnnx(runtime, file, domains, names, comparison);
    if (model.kind !== 'trees') throw new Error('no trees');
    expect(Array.from(model.feature)).toEqual([2, 1]);
  });

  const refused: Record<string, [Uint8Array, RegExp]> = {
    'an empty file': [new Uint8Array(0), /no graph/],
    'a text': [new TextEncoder().encode('mixture,loss\n0.5,2'), /broken/],
    'another operation': [
      buildOnnx({ operations: [{ op: 'Exp', domain: '', inputs: ['X'], outputs: ['variable'] }] }),
      /operation “Exp”/,
    ],
    doubles: [buildOnnx({ operations: [trees('BRANCH_LEQ')], elementType: 11 }), /float32/],
    'weights in another file': [
      buildOnnx({ operations: [trees('BRANCH_LEQ')], constants: { shape: [1] }, external: true }),
      /another file/,
    ],
    'other domains': [
      buildOnnx({ operations: [trees('BRANCH_LEQ')], inputs: 4 }),
      /takes 4 weights, and this study has 3/,
    ],
    'a ring of nodes': [
      buildOnnx({
        operations: [trees('BRANCH_LEQ', { nodes_truenodeids: [1, 0, 0, 0, 0, 0] })],
      }),
      /root|circle|two ways/,
    ],
    'a branch to nowhere': [
      buildOnnx({
        operations: [trees('BRANCH_LEQ', { nodes_truenodeids: [1, 77, 0, 0, 0, 0] })],
      }),
      /no node/,
    ],
    'an input that does not exist': [
      buildOnnx({ operations: [trees('BRANCH_LEQ', { nodes_featureids: [0, 3, 0, 0, 0, 0] })] }),
      /does not exist/,
    ],
    'a logistic end': [
      buildOnnx({ operations: [trees('BRANCH_LEQ', { post_transform: { single: 'LOGISTIC' } })] }),
      /LOGISTIC/,
    ],
    'a minimum of trees': [
      buildOnnx({ operations: [trees('BRANCH_LEQ', { aggregate_function: { single: 'MIN' } })] }),
      /MIN/,
    ],
  };
  for (const [name, [file, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const error = await importOnnx(runtime, file, domains, [], comparison).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(StageError);
      expect((error as StageError).message).toMatch(message);
    });
  }

  it('refuses names that are not the study’s', async () => {
    const file = forms['LightGBM trees (<=)'];
    for (const names of [
      ['web', 'code'],
      ['web', 'code', 'law'],
      ['web', 'web', 'code'],
    ]) {
      await expect(importOnnx(runtime, file, domains, names, comparison)).rejects.toThrow(
        StageError,
      );
    }
  });
});

describe('mutated files', () => {
  it('give the typed error or a model that can be evaluated', () => {
    const seeds = [
      buildOnnx({ operations: [scaler, linear] }),
      buildOnnx({ operations: [scaler, { ...trees('BRANCH_LEQ'), inputs: ['scaled'] }] }),
      writeOnnx(fitted('ridge'), labels),
      writeOnnx(
        runJob(
          findRegressor('gbdt').fit(
            {
              features: fromRows(
                Array.from({ length: 60 }, (_, row) => [row / 60, 0.2, 1 - row / 60]),
              ),
              values: Float64Array.from({ length: 60 }, (_, row) => row),
            },
            { seed: 1, rounds: 2 },
          ),
        ),
        labels,
      ),
    ];
    const outcomes = { refused: 0, read: 0 };
    const edit = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('set', 'cut', 'repeat', 'insert'),
      byte: fc.constantFrom(0, 1, 2, 7, 8, 127, 128, 255, 64, 192, 240, 10, 42),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (seed, edits) => {
          let bytes = Array.from(seed);
          for (const { at, kind, byte } of edits) {
            const place = bytes.length === 0 ? 0 : at % bytes.length;
            if (kind === 'set') bytes[place] = byte;
            else if (kind === 'cut') bytes = bytes.slice(0, place);
            else if (kind === 'insert') bytes.splice(place, 0, byte);
            else bytes.splice(place, 0, ...bytes.slice(place, place + 40));
          }
          try {
            const { model, inputs } = convertGraph(readGraph(Uint8Array.from(bytes)));
            outcomes.read++;
            if (model.kind === 'trees') {
              const weights = new Float64Array(inputs).fill(1 / inputs);
              expect(Number.isFinite(walkTrees(model, weights))).toBe(true);
            } else {
              expect(model.coefficients.length).toBe(inputs);
              expect(model.coefficients.every(Number.isFinite)).toBe(true);
            }
          } catch (error) {
            if (!(error instanceof StageError)) throw error;
            outcomes.refused++;
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(outcomes.refused).toBeGreaterThan(1_000);
    expect(outcomes.read).toBeGreaterThan(100);
  });
});
