import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Constraints } from '../../lib/model/limits';
import { fromRows } from '../../lib/model/matrix';
import { defaultSettings, unlimited } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { boundsOf, feasibilityOf } from '../../lib/optimum/constraints';
import { createStudyStore } from '../../lib/session/study-store';
import {
  editConstraints,
  withBeyondTried,
  withDomainLimit,
  withRemedy,
  withRequestedTokens,
  withSharedEpochs,
} from './limits';

const study: Study = {
  version: 1,
  id: 'made',
  name: 'made',
  source: { kind: 'files', detail: '' },
  domains: ['web', 'code', 'books'].map((id) => ({ id, name: id })),
  targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
  training: {
    name: 'training',
    ids: ['1'],
    mixtures: fromRows([[0.5, 0.25, 0.25]]),
    losses: fromRows([[3]]),
  },
  testSets: [],
  prior: { kind: 'uniform', weights: new Float64Array(3).fill(1 / 3) },
  human: null,
};
const free = unlimited(3);
const feasibility = (limits: Constraints) =>
  feasibilityOf(boundsOf(limits, null), limits, study.domains);

describe('an edit of the limits', () => {
  it('is one undo step, and none when nothing differs', () => {
    const store = createStudyStore({ study, settings: defaultSettings(study) });
    const requested = () => store.getState().session.settings.constraints.requestedTokens;
    editConstraints(store, (limits) => withRequestedTokens(limits, 31_234_567_891));
    editConstraints(store, (limits) => withRequestedTokens(limits, 31_234_567_891));
    expect(requested()).toBe(31_234_567_891);
    expect(store.getState().past).toHaveLength(1);
    store.undo();
    expect(requested()).toBe(25e9);
  });

  it('changes the named domain only', () => {
    const changed = withDomainLimit(free, 1, { availableTokens: 5e9, min: 0.1 });
    expect(changed).toEqual({
      ...free,
      availableTokens: [null, 5e9, null],
      min: [0, 0.1, 0],
    });
    expect(withDomainLimit(changed, 1, { availableTokens: 5e9, min: 0.1 })).toBe(changed);
    expect(withDomainLimit(changed, 1, { availableTokens: null }).availableTokens[1]).toBeNull();
  });

  it('gives all domains the same epochs, even if only the first has them', () => {
    const varied = withDomainLimit(free, 2, { epochs: 1 });
    expect(withSharedEpochs(varied, 4)).toEqual(free);
    expect(withSharedEpochs(free, 4)).toBe(free);
  });
});

describe('a remedy', () => {
  it('makes infeasible token limits feasible, whichever is applied', () => {
    const taken = new Set<string>();
    const few = fc.double({ min: 1e6, max: 2e9, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(few, few, few), (availableTokens) => {
        const limits = { ...free, availableTokens };
        const found = feasibility(limits);
        expect(found.feasible).toBe(false);
        if (found.feasible) return;
        for (const { change } of found.remedies) {
          const changed = withRemedy(limits, change);
          expect(changed !== null && feasibility(changed).feasible).toBe(true);
          taken.add(change.kind);
        }
      }),
    );
    expect([...taken].sort()).toEqual(['availableTokens', 'epochs', 'requestedTokens']);
  });

  it('of more tokens changes the domain that its sentence names', () => {
    const limits = { ...free, availableTokens: [1e9, 2e9, 1e9] };
    const found = feasibility(limits);
    const remedies = found.feasible ? [] : found.remedies;
    const remedy = remedies.find(({ change }) => change.kind === 'availableTokens');
    expect(remedy?.text).toContain('code');
    const mended = remedy && withRemedy(limits, remedy.change);
    expect(mended?.availableTokens).toEqual([1e9, 4.25e9, 1e9]);
  });

  it('of what was tried lifts that limit, which can be set again', () => {
    const judge = (limits: Constraints) =>
      feasibilityOf(boundsOf(limits, study), limits, study.domains);
    const limits = withDomainLimit(free, 0, { max: 0.3 });
    const found = judge(limits);
    const change = found.feasible ? undefined : found.remedies[0].change;
    expect(change).toEqual({ kind: 'beyondTried' });
    const lifted = change && withRemedy(limits, change);
    expect(lifted && judge(lifted).feasible).toBe(true);
    expect(lifted && withBeyondTried(lifted, false)).toEqual(limits);
    expect(withBeyondTried(limits, false)).toBe(limits);
  });

  it('that only names limits has no change', () => {
    expect(withRemedy(free, { kind: 'bounds' })).toBeNull();
  });
});
