import { expect, it } from 'vitest';
import { stillAbout } from './use-state-about';

it('holds state while everything it is about is the same', () => {
  const study = { id: 'a' };
  const state = { value: 'refused', basis: ['25 B', study] };
  expect(stillAbout(state, ['25 B', study])).toBe(state);
});

it('gives it up when anything of that changes', () => {
  const state = { value: 'refused', basis: ['25 B', { id: 'a' }] };
  expect(stillAbout(state, ['30 B', state.basis[1]])).toBeNull();
  expect(stillAbout(state, ['25 B', { id: 'a' }])).toBeNull();
  expect(stillAbout(state, ['25 B'])).toBeNull();
  expect(stillAbout(null, [])).toBeNull();
});
