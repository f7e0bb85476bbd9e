import { expect, it } from 'vitest';
import { stateForBasis } from './use-keyed-state';

it('holds state while everything it is about is the same', () => {
  const study = { id: 'a' };
  const state = { value: 'refused', basis: ['25 B', study] };
  expect(stateForBasis(state, ['25 B', study])).toBe(state);
});

it('gives it up when anything of that changes', () => {
  const state = { value: 'refused', basis: ['25 B', { id: 'a' }] };
  expect(stateForBasis(state, ['30 B', state.basis[1]])).toBeNull();
  expect(stateForBasis(state, ['25 B', { id: 'a' }])).toBeNull();
  expect(stateForBasis(state, ['25 B'])).toBeNull();
  expect(stateForBasis(null, [])).toBeNull();
});
