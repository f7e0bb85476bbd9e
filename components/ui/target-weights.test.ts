import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyOf, parseWeight, sameWeights, weightOf, withFamily } from './multi-weight';

it('reads weights from 0 to 100 and refuses everything else', () => {
  expect(['0', ' 2.5 ', '.5', '100'].map(parseWeight)).toEqual([0, 2.5, 0.5, 100]);
  for (const text of ['', '-1', '100.1', '1e2', 'many', '1,5', 'NaN', 'Infinity']) {
    expect(parseWeight(text)).toBeNull();
  }
});

it('gives every target the same weight, or none', () => {
  const targets = [{ id: 'a' }, { id: 'b' }];
  expect(sameWeights(targets, 1)).toEqual({ a: 1, b: 1 });
  expect(sameWeights(targets, 0)).toEqual({ a: 0, b: 0 });
});

it('changes the family of one target and leaves the others', () => {
  const anyFamilies = fc.dictionary(fc.string(), fc.string({ minLength: 1 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(anyFamilies, fc.string(), fc.string(), (families, target, family) => {
      const changed = withFamily(families, target, family);
      expect(familyOf(changed, target)).toBe(family);
      for (const id of Object.keys(families)) {
        if (id !== target) expect(familyOf(changed, id)).toBe(families[id]);
      }
      expect(Object.values(changed)).not.toContain('');
    }),
  );
});

it('ignores targets that are not listed, whatever their names', () => {
  expect(weightOf({}, 'constructor')).toBe(0);
  expect(familyOf({}, 'constructor')).toBe('');
});
