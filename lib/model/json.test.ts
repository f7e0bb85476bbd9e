import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './json';

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  '{"a": 1, "a": 1}',
  '[{"b": {"a": [1, {"x": "}"}], "a" : 2}}]',
  '{"a": "\\"{", "\\u0061": 2}',
  '{"": 1, "": 2}',
  '{"__proto__": 1, "__proto__": 2}',
])('refuses an object that has a key twice: %s', (text) => {
  expect(() => parseJson(text)).toThrow(/the key ".*" twice in an object/);
});

test('takes equal keys of different objects, and strings that look like keys', () => {
  const text =
    '{"a": {"a": "a", "b": ["a", "a:", {"a": 1}, {"a": 2}]}, "b": "{\\"a\\":1,\\"a\\":2}"}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('reads a long string without a deep stack', () => {
  const text = JSON.stringify({ a: '\\"x'.repeat(3_000_000), b: 1 });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});
