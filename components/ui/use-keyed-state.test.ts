import { expect, it } from 'vitest';
import { stateForBasis } from './use-keyed-state';

it('keeps state while its whole basis is unchanged', () => {
  const study = { id: 'a' };
  const state = { value: 'refused', basis: ['25 B', study] };
  expect(stateForBasis(state, ['25 B', study])).toBe(state);
});

it('discards it when any part of its basis changes', () => {
  const state = { value: 'refused', basis: ['25 B', { id: 'a' }] };
  expect(stateForBasis(state, ['30 B', state.basis[1]])).toBeNull();
  expect(stateForBasis(state, ['25 B', { id: 'a' }])).toBeNull();
  expect(stateForBasis(state, ['25 B'])).toBeNull();
  expect(stateForBasis(null, [])).toBeNull();
});
