import fc from 'fast-check';
import { fromRows } from '../model/matrix';
import type { ImportedModel, LawModel } from '../model/regressor';
import { defaultSettings } from '../model/settings';
import type { RunTable, Study } from '../model/study';
import { catalogue } from '../regression/catalogue';
import { leaveOut } from '../runs/left-out';
import { minimumTrainingRows } from '../runs/recognition';
import type { OpenedStudy } from './from-runs';

/** Names that a file may hold, those that every object has among them. */
const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '=1+1', '日本', '<b>', '"', '\\'),
  fc.stringMatching(/^[a-z][a-z0-9_ ]{0,12}$/),
);
const loss = fc.oneof(
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 5, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);

/** D weights that sum to 1 but for rounding, some of them 0. */
function mixtures(domains: number): fc.Arbitrary<Float64Array> {
  const part = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1, noNaN: true }));
  return fc.array(part, { minLength: domains, maxLength: domains }).map((parts) => {
    const total = parts.reduce((sum, value) => sum + value, 0);
    return Float64Array.from(parts, (value, domain) =>
      total === 0 ? Number(domain === 0) : value / total,
    );
  });
}

function tables(
  name: string,
  least: number,
  domains: number,
  targets: number,
): fc.Arbitrary<RunTable> {
  return fc.integer({ min: least, max: least + 4 }).chain((runs) => {
    const rows = <Row>(row: fc.Arbitrary<Row>) =>
      fc.array(row, { minLength: runs, maxLength: runs });
    const losses = fc.array(loss, { minLength: targets, maxLength: targets });
    return fc
      .record({
        ids: fc.uniqueArray(names, { minLength: runs, maxLength: runs }),
        mixtures: rows(mixtures(domains)).map(fromRows),
        recorded: fc.option(rows(mixtures(domains)).map(fromRows)),
        losses: rows(losses).map(fromRows),
        trajectory: fc.option(
          fc
            .uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 3 })
            .map((steps) => steps.sort((a, b) => a - b))
            .chain((steps) =>
              fc.record({
                steps: fc.constant(steps),
                losses: fc.array(rows(losses).map(fromRows), {
                  minLength: steps.length,
                  maxLength: steps.length,
                }),
              }),
            ),
        ),
        rounds: fc.option(rows(fc.integer({ min: 0, max: 1000 }))),
      })
      .map(({ recorded, trajectory, rounds, ...table }) => ({
        name,
        ...table,
        ...(recorded && { recorded }),
        ...(trajectory && { trajectory }),
        ...(rounds && { rounds: Int32Array.from(rounds) }),
      }));
  });
}

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** A model from elsewhere for so many domains: one tree that splits once, or a linear one. */
function importedModels(domains: number): fc.Arbitrary<Pick<ImportedModel, 'model' | 'source'>> {
  const coefficients = fc.array(finite, { minLength: domains, maxLength: domains });
  const files = fc.record({
    bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    columns: fc.shuffledSubarray(
      Array.from({ length: domains }, (_, place) => place),
      {
        minLength: domains,
      },
    ),
  });
  const parsed = fc.oneof(
    fc.record({ intercept: finite, coefficients }).map(({ intercept, coefficients }) => ({
      kind: 'linear' as const,
      intercept,
      coefficients: Float64Array.from(coefficients),
      penalty: 0,
    })),
    fc
      .record({ feature: fc.nat(domains - 1), threshold: finite, low: finite, high: finite })
      .map(({ feature, threshold, low, high }) => ({
        kind: 'trees' as const,
        features: domains,
        rounds: 1,
        nodeStart: Int32Array.of(0, 1),
        leafStart: Int32Array.of(0, 2),
        feature: Int32Array.of(feature),
        threshold: Float64Array.of(threshold),
        left: Int32Array.of(-1),
        right: Int32Array.of(-2),
        gain: Float64Array.of(0),
        value: Float64Array.of(low, high),
      })),
  );
  return fc.oneof(
    parsed.map((model) => ({ model })),
    files.map((source) => ({
      model: { kind: 'onnx' as const, id: '', features: domains },
      source,
    })),
  );
}

function laws(domains: number): fc.Arbitrary<LawModel> {
  const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const perDomain = (value: fc.Arbitrary<number>) =>
    fc
      .array(value, { minLength: domains, maxLength: domains })
      .map((values) => Float64Array.from(values));
  return fc.record({
    kind: fc.constant('law' as const),
    sign: fc.constantFrom(1 as const, -1 as const),
    constant: fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((c) => !Object.is(c, -0)),
    base: positive,
    exponent: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    amounts: perDomain(positive),
    powers: perDomain(fc.double({ min: 1e-6, max: 0.999, noNaN: true })),
    offset: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  });
}

const studies: fc.Arbitrary<Study> = fc
  .record({ domains: fc.integer({ min: 1, max: 5 }), targets: fc.integer({ min: 1, max: 4 }) })
  .chain(({ domains, targets }) =>
    fc.record({
      version: fc.constant(1 as const),
      id: fc.uuid(),
      name: names,
      source: fc.record(
        {
          kind: fc.constantFrom('simulated' as const, 'files' as const),
          detail: fc.string(),
          builtIn: names,
          training: fc.uuid(),
          parameters: fc.integer({ min: 1, max: 1e9 }),
        },
        { requiredKeys: ['kind', 'detail'] },
      ),
      domains: fc.uniqueArray(
        fc.record({ id: names, name: names, column: names }, { requiredKeys: ['id', 'name'] }),
        {
          minLength: domains,
          maxLength: domains,
          selector: ({ id }) => id,
        },
      ),
      targets: fc.uniqueArray(
        fc.record({
          id: names,
          name: names,
          unit: names,
          direction: fc.constantFrom('lower' as const, 'higher' as const),
        }),
        { minLength: targets, maxLength: targets, selector: ({ id }) => id },
      ),
      training: tables('training', 8, domains, targets),
      testSets: fc.oneof(
        fc.constant([]),
        tables('1M test', 1, domains, targets).map((table) => [table]),
      ),
      prior: fc.record({
        kind: fc.constantFrom('uniform' as const, 'typed' as const),
        weights: mixtures(domains),
      }),
      human: fc.option(fc.record({ name: names, weights: mixtures(domains) })),
      truth: fc.option(
        fc.array(fc.option(laws(domains)), { minLength: targets, maxLength: targets }),
      ),
      models: fc.array(importedModels(domains), { maxLength: targets }),
    }),
  )
  .chain(({ training, truth, models, ...study }) => {
    const most = training.ids.length - minimumTrainingRows;
    return fc
      .subarray([...training.ids], { maxLength: most })
      .map((ids) => leaveOut({ ...study, training }, ids))
      .map((left) => ({ ...left, models, truth }));
  })
  .map(({ models, truth, ...study }) => ({
    ...study,
    ...(truth && { truth }),
    ...(models.length > 0 && {
      imported: models.map(({ model, source }, index) => ({
        id: `model ${index}`,
        target: study.targets[index].id,
        name: 'trees.onnx',
        model: model.kind === 'onnx' ? { ...model, id: `model ${index}` } : model,
        ...(source && { source }),
      })),
    }),
  }));

/** Any session that the page can come to have, small. */
export const sessions: fc.Arbitrary<OpenedStudy> = studies.chain((study) => {
  const perDomain = <Value>(value: fc.Arbitrary<Value>) =>
    fc.array(value, { minLength: study.domains.length, maxLength: study.domains.length });
  const share = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
  const tokens = fc.double({ min: 1, max: 1e15, noNaN: true });
  const ids = study.targets.map(({ id }) => id);
  const byTarget = <Value>(value: fc.Arbitrary<Value>) =>
    fc
      .array(value, { minLength: ids.length, maxLength: ids.length })
      .map((values) => Object.fromEntries(values.map((each, index) => [ids[index], each])));
  return fc
    .record({
      target: fc.constantFrom(...ids),
      objective: fc.record({
        kind: fc.constantFrom('single' as const, 'weighted' as const, 'regret' as const),
        weights: byTarget(share),
        families: fc.oneof(fc.constant({}), byTarget(names)),
        normalised: fc.boolean(),
        kl: share,
        discountRepeats: fc.boolean(),
        seek: fc.constantFrom('best' as const, 'worst' as const),
      }),
      attempts: fc.option(
        fc.uniqueArray(
          fc.record({
            id: fc.integer({ min: 1, max: 1e9 }),
            name: names,
            weights: mixtures(study.domains.length).map((weights) => [...weights]),
          }),
          { minLength: 1, maxLength: 3, selector: ({ id }) => id },
        ),
      ),
      yours: fc.option(mixtures(study.domains.length).map((weights) => [...weights])),
      regressor: fc.constantFrom(...catalogue.map(({ id }) => id)),
      minRowsPerLeaf: fc.option(fc.integer({ min: 1, max: 100 })),
      engine: fc.option(fc.constantFrom('gradient' as const, 'paper' as const)),
      samples: fc.integer({ min: 1_000, max: 1_000_000 }),
      topK: fc.integer({ min: 1, max: 10_000 }),
      seed: fc.nat(),
      constraints: fc.record({
        requestedTokens: fc.option(tokens),
        availableTokens: perDomain(fc.option(tokens)),
        epochs: perDomain(fc.double({ min: 0.5, max: 16, noNaN: true })),
        max: perDomain(fc.option(share)),
        min: perDomain(share),
        locked: perDomain(fc.option(share)),
        beyondTried: fc.boolean(),
      }),
    })
    .map(({ attempts, ...settings }) => ({
      study,
      settings: { ...settings, ...(attempts && { attempts }) },
    }))
    .chain((session) => {
      const { target } = session.settings;
      if (!study.imported?.some((model) => model.target === target)) return fc.constant(session);
      const settings = { ...session.settings, regressor: 'imported' as const };
      return fc.constantFrom(session, { study, settings });
    });
});

/** One small session with its default settings. */
export function smallSession(id = 'small'): OpenedStudy {
  const runs = Array.from({ length: 8 }, (_, run) => (run + 1) / 10);
  const study: Study = {
    version: 1,
    id,
    name: 'Small study',
    source: { kind: 'files', detail: 'Made for a test.' },
    domains: [
      { id: 'web', name: 'Web' },
      { id: 'code', name: 'Code' },
    ],
    targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
    training: {
      name: 'training',
      ids: runs.map((_, run) => `run ${run}`),
      mixtures: fromRows(runs.map((share) => [share, 1 - share])),
      losses: fromRows(runs.map((share) => [3 - share])),
    },
    testSets: [],
    prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
    human: null,
  };
  return { study, settings: defaultSettings(study) };
}

/**
 * {@link smallSession} with other runs, whose loss falls evenly with the weight of Web: enough to leave some out,
 * or to fit.
 */
export function sessionOfRuns(count: number): OpenedStudy {
  const { study, settings } = smallSession();
  const shares = Array.from({ length: count }, (_, run) => (run + 0.5) / count);
  const training = {
    name: 'training',
    ids: shares.map((_, run) => `run ${run}`),
    mixtures: fromRows(shares.map((share) => [share, 1 - share])),
    losses: fromRows(shares.map((share) => [3 - share])),
  };
  return { study: { ...study, training }, settings };
}
