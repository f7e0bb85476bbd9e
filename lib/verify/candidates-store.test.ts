import { describe, expect, it } from 'vitest';
import { candidatesFor, createCandidatesStore, longestName } from './candidates-store';

const animals = {
  domains: [
    { id: 'cats', name: 'Cats' },
    { id: 'dogs', name: 'Dogs' },
  ],
};
const mixture = Float64Array.of(0.25, 0.75);

describe('candidates of a verification', () => {
  it('are those of the study with the same domains in the same order', () => {
    const store = createCandidatesStore();
    store.addCandidate(animals, { name: 'mine', mixture });
    const turned = { domains: [...animals.domains].reverse() };
    expect(candidatesFor(store.getState(), animals).map(({ name }) => name)).toEqual(['mine']);
    expect(candidatesFor(store.getState(), turned)).toEqual([]);
  });

  it('give way to one of the same name, and can be taken back', () => {
    const store = createCandidatesStore();
    const other = Float64Array.of(1, 0);
    store.addCandidate(animals, { name: 'mine', mixture });
    store.addCandidate(animals, { name: 'theirs', mixture });
    store.addCandidate(animals, { name: ' mine ', mixture: other });
    const kept = candidatesFor(store.getState(), animals);
    expect(kept.map(({ name }) => name)).toEqual(['theirs', 'mine']);
    expect(kept[1].mixture).toBe(other);
    store.removeCandidate('theirs');
    expect(candidatesFor(store.getState(), animals)).toHaveLength(1);
  });

  it('have names that stand in an id: short, on one line, without a separator', () => {
    const store = createCandidatesStore();
    store.addCandidate(animals, { name: `a#1\n${'b'.repeat(100)}`, mixture });
    store.addCandidate(animals, { name: ' # ', mixture });
    const [long, none] = candidatesFor(store.getState(), animals);
    expect(long.name).toHaveLength(longestName);
    expect(long.name.startsWith('a1 b')).toBe(true);
    expect(none.name).toBe('a mixture');
  });
});
