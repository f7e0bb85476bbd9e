import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeStudies } from '../../scripts/describe-studies';
import { StageError } from '../errors';
import { sessions, smallSession } from './session.fixture';
import { parseSession, sessionToJson } from './session-file';
import { type Upgrade, upgraded } from './session-upgrade';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

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

  it.each<[string, (file: Json) => void, RegExp]>([
    ['format', at('format', 'other'), /at format, found "other", expected "regmix-study"/],
    ['version', at('version', 2), /at version, found 2, expected a whole number up to 1/],
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
    ['invisible', at('study.domains.0.id', 'w\u202eeb'), /study\.domains\.0\.id/],
  ])('refuses a wrong %s and says where', (_, change, message) => {
    const file: Json = JSON.parse(sessionToJson(smallSession()));
    change(file);
    expect(() => parseSession(file)).toThrow(StageError);
    expect(() => parseSession(file)).toThrow(message);
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
