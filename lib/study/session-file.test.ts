import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeStudies } from '../../scripts/describe-studies';
import { StageError } from '../model/errors';
import { fromRows } from '../model/matrix';
import type { TreeModel } from '../model/regressor';
import { maxImportedNumbers } from '../model/study';
import type { OpenedStudy } from './from-runs';
import { revisionOf, withoutOrigin } from './identity';
import { numbersOf, partImported } from './imported-models';
import { sessions, smallSession } from './session.fixture';
import { parseSession, sessionToJson, type Upgrade, upgraded } from './session-file';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A law of two domains as a file holds it. */
const law = {
  kind: 'law',
  sign: 1,
  constant: 2,
  base: 0.1,
  exponent: 0.5,
  amounts: [1, 0.5],
  powers: [0.5, 0.6],
  offset: 1e-4,
};

/** The file of a session, as it was written before limits spoke of what was tried. */
function beforeTried(session: OpenedStudy) {
  const { settings, ...file } = JSON.parse(sessionToJson(session));
  const { beyondTried: _, ...constraints } = settings.constraints;
  return { ...file, settings: { ...settings, constraints } };
}

describe('a study as a file', () => {
  it('reads back what it wrote, to the bit', () => {
    fc.assert(
      fc.property(sessions, (session) => {
        const text = sessionToJson(session);
        const read = parseSession(text);
        expect(read).toEqual(session);
        expect(parseSession(JSON.parse(text))).toEqual(session);
        expect(sessionToJson(read)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps names that every object has apart from what every object has', () => {
    const { study, settings } = smallSession();
    const targets = [{ ...study.targets[0], id: '__proto__' }];
    const objective = { ...settings.objective, weights: { ['__proto__']: 2 } };
    const session = {
      study: { ...study, targets },
      settings: { ...settings, target: '__proto__', objective },
    };
    const { weights } = parseSession(sessionToJson(session)).settings.objective;
    expect(Object.hasOwn(weights, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(weights)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('keeps models from elsewhere, and says by what they are replaced where one is too large', () => {
    const { study, settings } = smallSession();
    const kept = { ...linear, id: 'a', target: 'loss', name: 'small.onnx' };
    const session = {
      study: { ...study, imported: [kept] },
      settings: { ...settings, regressor: 'imported' as const },
    };
    expect(parseSession(sessionToJson(session))).toEqual(session);
    const large = { ...kept, model: stump(150_001) };
    expect(numbersOf(large)).toBeGreaterThan(maxImportedNumbers);
    const without = parseSession(
      sessionToJson({ ...session, study: { ...study, imported: [large] } }),
    );
    expect(without.study).toEqual(study);
    expect(without.settings.regressor).toBe(settings.regressor);
    expect(partImported({ imported: [large, kept] })).toEqual({ kept: [kept], left: [large] });
  });

  it.each<[string, (imported: Json) => void, RegExp]>([
    ['kind', at('0.model.kind', 'gp'), /study\.imported\.0\.model\.kind, found "gp"/],
    ['width', at('0.model.coefficients', [1]), /imported\[0\]\.model, found a model of 1 domains/],
    ['target', at('0.target', 'other'), /imported\[0\]\.target, found "other"/],
    ['number', at('0.model.intercept', '3'), /model\.intercept, found "3"/],
    [
      'overflow',
      at('0.model', { ...overflowing }),
      /model, found no finite prediction for equal weights/,
    ],
    ['part', at('0.model.extra', 1), /model\.extra/],
    ['circle', at('1.model.left', [0, -1]), /imported\[1\]\.model, found tree 0 is not a tree/],
    ['feature', at('1.model.feature', [2, 0]), /found a node splits on a feature that does not/],
    ['length', at('1.model.gain', []), /found lists of nodes that differ in length/],
    ['second', at('1.target', 'loss'), /targets of study\.imported, found "loss" twice/],
  ])('refuses a model from elsewhere of a wrong %s', (_, change, message) => {
    const { study, settings } = smallSession();
    const targets = [...study.targets, { ...study.targets[0], id: 'other loss' }];
    const losses = fromRows(study.training.ids.map((_, run) => [run, run]));
    const imported = [
      { ...linear, id: 'a', target: 'loss', name: 'linear.onnx' },
      { id: 'b', target: 'other loss', name: 'trees.onnx', model: stump(2) },
    ];
    const training = { ...study.training, losses };
    const file = JSON.parse(
      sessionToJson({ study: { ...study, targets, training, imported }, settings }),
    );
    expect(parseSession(file).study.imported).toEqual(imported);
    change(file.study.imported);
    expect(() => parseSession(file)).toThrow(StageError);
    expect(() => parseSession(file)).toThrow(message);
  });

  it.each<[string, (file: Json) => void, RegExp]>([
    ['format', at('format', 'other'), /at format, found "other", expected "regmix-study"/],
    ['version', at('version', 4), /at version, found 4, expected a whole number up to 3/],
    ['missing part', at('settings.constraints', null), /at settings\.constraints, found null/],
    [
      'unknown part',
      at('study.colour', 'red'),
      /at study\.colour, found "colour"|at study\.colour/,
    ],
    [
      'sum',
      at('study.training.mixtures.3', [0.4, 0.4]),
      /mixtures\[3\], found weights that sum to 0\.8/,
    ],
    [
      'length',
      at('study.training.mixtures.3', [1]),
      /mixtures\[3\], found 1 entries, expected one per domain/,
    ],
    [
      'negative',
      at('study.training.mixtures.3', [-0.1, 1.1]),
      /training\.mixtures\.3\.0, found -0\.1, expected >=0/,
    ],
    ['text for a number', at('study.training.losses.2', ['3']), /losses\.2\.0, found "3"/],
    [
      'too large',
      at('study.training.losses.2', [JSON.parse('1e999')]),
      /losses\.2\.0, found Infinity/,
    ],
    ['same run twice', at('study.training.ids.1', 'run 0'), /training\.ids, found "run 0" twice/],
    ['fewer losses', at('study.training.losses', [[1]]), /losses/],
    ['target', at('settings.target', 'other'), /settings\.target, found "other"/],
    ['regressor', at('settings.regressor', 'oracle'), /settings\.regressor, found "oracle"/],
    ['engine', at('settings.engine', 'magic'), /settings\.engine, found "magic"/],
    ['weights', at('settings.objective.weights', []), /settings\.objective\.weights/],
    ['seed', at('settings.seed', 0.5), /settings\.seed, found 0\.5/],
    ['epochs', at('settings.constraints.epochs', [0, 4]), /constraints\.epochs\.0, found 0/],
    ['control character', at('study.domains.0.id', 'w\u0007eb'), /study\.domains\.0\.id/],
    ['law', at('study.truth', [{ ...law, powers: [0.5, 1] }]), /truth\.0\.powers\.1, found 1/],
    ['number of laws', at('study.truth', [law, null]), /truth, found 2 entries, expected one per/],
    [
      'number of amounts',
      at('study.truth', [{ ...law, amounts: [1] }]),
      /truth\[0\]\.amounts, found 1 entries, expected one per domain/,
    ],
  ])('refuses a wrong %s and says where', (_, change, message) => {
    const file: Json = JSON.parse(sessionToJson(smallSession()));
    change(file);
    expect(() => parseSession(file)).toThrow(StageError);
    expect(() => parseSession(file)).toThrow(message);
  });

  it('keeps an imported ONNX file to the byte, and refuses what is none or is for other domains', () => {
    const { study, settings } = smallSession();
    const imported = {
      id: 'network',
      target: study.targets[0].id,
      name: 'network.onnx',
      model: { kind: 'onnx' as const, id: 'network', features: study.domains.length },
      source: {
        bytes: Uint8Array.from({ length: 20_000 }, (_, at) => (at * 37) % 256),
        columns: study.domains.map((_, place) => study.domains.length - 1 - place),
      },
    };
    const session = {
      study: { ...study, imported: [imported] },
      settings: { ...settings, regressor: 'imported' as const },
    };
    const text = sessionToJson(session);
    expect(parseSession(text)).toEqual(session);
    const change = (from: RegExp, to: string) => {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      return changed;
    };
    for (const damaged of [
      change(/"columns":\[1,0\]/, '"columns":[1,1]'),
      change(/"columns":\[1,0\]/, '"columns":[2,0]'),
      change(/"columns":\[1,0\]/, '"columns":[0]'),
      change(/"file":"..../, '"file":"**?='),
      change(/"file":"..../, '"file":"AAA'),
      change(/"kind":"onnx"/, '"kind":"onyx"'),
    ]) {
      expect(() => parseSession(damaged)).toThrow(StageError);
    }
    const source = { ...imported.source, bytes: new Uint8Array(8 * maxImportedNumbers) };
    const large = { ...imported, source };
    expect(partImported({ imported: [large] })).toEqual({ kept: [], left: [large] });
  });

  it('answers any mutated file with a study or the typed error', () => {
    const text = sessionToJson(smallSession());
    const edit = fc.record({
      at: fc.nat(text.length),
      cut: fc.integer({ min: 0, max: 20 }),
      put: fc.oneof(fc.constantFrom('null', '-1', '1e400', '{}', '[]', '"', '}'), fc.string()),
    });
    fc.assert(
      fc.property(edit, ({ at, cut, put }) => {
        try {
          parseSession(text.slice(0, at) + put + text.slice(at + cut));
        } catch (error) {
          expect(error).toBeInstanceOf(StageError);
        }
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => parseSession(value)).toThrow(StageError);
      }),
    );
  });

  it.each([
    ['languages', 'trained', { builtIn: 'languages' }],
    ['published-scales', 'published', { builtIn: 'published-scales' }],
    ['f00d at 128', 'trained', { training: 'f00d' }],
    ['a job at 3 at 12', 'trained', { training: 'a job at 3' }],
    ['f00d at 128', 'files', {}],
    ['opened-1', 'files', {}],
  ] as const)(
    'opens a file of version 1 that called itself %j and was of %s',
    (id, kind, origin) => {
      const { study, settings } = smallSession(id);
      const session = { study: { ...study, source: { kind, detail: '' } }, settings };
      const read = parseSession({ ...beforeTried(session), version: 1 });
      const source = { kind, detail: '', ...origin };
      const constraints = { ...settings.constraints, beyondTried: true };
      expect(read).toEqual({ study: { ...study, source }, settings: { ...settings, constraints } });
      expect(revisionOf(read.study)).toBe(revisionOf(study));
      expect(parseSession(sessionToJson(read))).toEqual(read);
    },
  );

  it('opens a file of version 2, which knew no largest weight tried, without that limit', () => {
    const session = smallSession();
    const read = parseSession({ ...beforeTried(session), version: 2 });
    expect(session.settings.constraints.beyondTried).toBe(false);
    const constraints = { ...session.settings.constraints, beyondTried: true };
    expect(read).toEqual({ ...session, settings: { ...session.settings, constraints } });
  });

  it.each([2, 3])('takes characters that show nothing off labels of version %i', (version) => {
    const { study, settings } = smallSession();
    const imported = [{ ...linear, id: 'a', target: study.targets[0].id, name: 'heart' }];
    const session = { study: { ...study, imported }, settings };
    const file = version === 2 ? beforeTried(session) : JSON.parse(sessionToJson(session));
    const unseen = '\u200d\ufe0f\u202e';
    const joined = JSON.parse(JSON.stringify({ ...file, version }));
    for (const change of [
      at('study.name', `${study.name}${unseen}`),
      at('study.domains.0.name', `${study.domains[0].name}${unseen}`),
      at('study.targets.0.id', `${study.targets[0].id}${unseen}`),
      at('study.imported.0.target', `${study.targets[0].id}${unseen}`),
      at('study.imported.0.name', `heart${unseen}`),
      at('settings.target', `${study.targets[0].id}${unseen}`),
    ]) {
      change(joined);
    }
    expect(parseSession(joined).study).toEqual(session.study);
  });

  it('refuses a file in which an object has a key twice', () => {
    const text = sessionToJson(smallSession()).replace('"name":', '"name": "Another", "name":');
    expect(() => parseSession(text)).toThrow('found the key "name" twice in an object');
  });

  it('refuses a file of version 1 that is none with a word, not with a crash', () => {
    for (const study of [null, 3, [], { id: 1, source: {} }, { id: 'languages', source: 'x' }]) {
      const old = { format: 'regmix-study', version: 1, study, settings: {} };
      expect(() => parseSession(old)).toThrow(StageError);
    }
  });

  it('says in a stranger’s hands nothing of built-in studies and trainings', () => {
    const { study } = smallSession();
    const source = { ...study.source, builtIn: 'languages', training: 'theirs' };
    expect(withoutOrigin({ ...study, source })).toEqual(study);
  });

  it('brings older forms up step by step', () => {
    const steps = new Map<number, Upgrade>([
      [1, (file: Readonly<Record<string, unknown>>) => ({ ...file, name: file.title })],
      [2, (file: Readonly<Record<string, unknown>>) => ({ ...file, names: [file.name] })],
    ]);
    const old = { format: 'regmix-study', version: 1, title: 'old' };
    expect(upgraded(old, steps, 3)).toMatchObject({ version: 3, names: ['old'] });
    expect(() => upgraded({ ...old, version: 0 }, steps, 3)).toThrow(/at version, found 0/);
    expect(() => upgraded({ ...old, version: 4 }, steps, 3)).toThrow(/at version, found 4/);
  });

  it('is described by the published schema', () => {
    const published: unknown = JSON.parse(readFileSync('docs/study.schema.json', 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(describeStudies())));
  });
});

const overflowing = {
  kind: 'linear',
  intercept: 1.7e308,
  coefficients: [1e308, 1e308],
  penalty: 0,
};
const linear = {
  model: {
    kind: 'linear' as const,
    intercept: 3,
    coefficients: Float64Array.of(0.5, -0.25),
    penalty: 0,
  },
};

/** So many trees of one split and two leaves each, for two domains. */
function stump(rounds: number): TreeModel {
  return {
    kind: 'trees',
    features: 2,
    rounds,
    nodeStart: Int32Array.from({ length: rounds + 1 }, (_, tree) => tree),
    leafStart: Int32Array.from({ length: rounds + 1 }, (_, tree) => 2 * tree),
    feature: new Int32Array(rounds),
    threshold: new Float64Array(rounds).fill(0.5),
    left: new Int32Array(rounds).fill(-1),
    right: new Int32Array(rounds).fill(-2),
    gain: new Float64Array(rounds),
    value: new Float64Array(2 * rounds).fill(1.5),
  };
}

/** Puts a value at a place of a file. */
function at(path: string, value: Json) {
  return (file: Json) => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let place = file;
    for (const key of keys) place = (place as { [key: string]: Json })[key];
    (place as { [key: string]: Json })[last] = value;
  };
}
