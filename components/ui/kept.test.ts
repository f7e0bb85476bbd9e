import { expect, it } from 'vitest';
import { stillAbout } from './kept';

it('keeps state while everything it is about is the same', () => {
  const study = { id: 'a' };
  const kept = { value: 'refused', basis: ['25 B', study] };
  expect(stillAbout(kept, ['25 B', study])).toBe(kept);
});

it('gives it up when anything of that changes', () => {
  const kept = { value: 'refused', basis: ['25 B', { id: 'a' }] };
  expect(stillAbout(kept, ['30 B', kept.basis[1]])).toBeNull();
  expect(stillAbout(kept, ['25 B', { id: 'a' }])).toBeNull();
  expect(stillAbout(kept, ['25 B'])).toBeNull();
  expect(stillAbout(null, [])).toBeNull();
});
