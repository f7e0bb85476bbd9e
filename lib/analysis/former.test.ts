import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import { createStudyStore } from '../session/study-store';
import { createViewStore } from '../session/view-store';
import { createAnalysisStore, emptyAnalysis, type OptimumState } from './analysis-store';
import { followFormer } from './former';

const study: Study = {
  version: 1,
  id: 'one',
  name: 'one',
  source: { kind: 'files', detail: 'made for a test' },
  domains: [
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B' },
  ],
  targets: [
    { id: 'first', name: 'First', unit: '', direction: 'lower' },
    { id: 'second', name: 'Second', unit: '', direction: 'lower' },
  ],
  training: {
    name: 'training',
    ids: ['1', '2'],
    mixtures: fromRows([
      [0.2, 0.8],
      [0.7, 0.3],
    ]),
    losses: fromRows([
      [3, 2],
      [2, 3],
    ]),
  },
  testSets: [],
  prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
  human: null,
};

function start() {
  const store = createStudyStore({ study, settings: defaultSettings(study) });
  const analysis = createAnalysisStore(emptyAnalysis);
  const view = createViewStore();
  const stop = followFormer(store, analysis, view);
  const target = () => store.getState().session.settings.target;
  return {
    store,
    stop,
    former: () => view.getState().former?.[0] ?? null,
    /** The optimum that the pipeline has found for what is asked now. */
    find(a: number, status: OptimumState['status'] = 'ready') {
      const weights = Float64Array.of(a, 1 - a);
      const solved = { seek: 'best', terms: [{ target: target(), weight: 1, scale: 1 }] };
      const optimum = { status, report: { optimum: { weights } }, solved } as unknown;
      analysis.setState((state) => ({
        optimum: { ...state.optimum, ...(optimum as Partial<OptimumState>) },
      }));
    },
    /** Any edit: the pipeline starts to look for another optimum. */
    async edit() {
      store.editSettings({ seed: store.getState().session.settings.seed + 1 });
      analysis.setState((state) => ({ optimum: { ...state.optimum, status: 'simulating' } }));
      await Promise.resolve();
    },
  };
}

describe('followFormer', () => {
  it('keeps the optimum from before the last edit that changed it', async () => {
    const { find, edit, former } = start();
    find(0.3);
    expect(former()).toBeNull();
    await edit();
    find(0.4);
    expect(former()).toBe(0.3);
    await edit();
    find(0.4001);
    expect(former()).toBe(0.3);
    await edit();
    find(0.6);
    expect(former()).toBe(0.4001);
  });

  it('takes no better fit and no rough answer for an edit', async () => {
    const { find, edit, former } = start();
    find(0.3);
    find(0.35);
    expect(former()).toBeNull();
    await edit();
    find(0.8, 'searching');
    find(0.35);
    expect(former()).toBeNull();
  });

  it('keeps the one from before a gesture began until the next edit', async () => {
    const { store, find, edit, former } = start();
    find(0.3);
    store.beginGesture();
    for (const weight of [0.4, 0.5, 0.6]) {
      await edit();
      find(weight);
      expect(former()).toBe(0.3);
    }
    store.endGesture();
    await Promise.resolve();
    expect(former()).toBe(0.3);
    await edit();
    find(0.7);
    expect(former()).toBe(0.6);
  });

  it('forgets it with another target or study', async () => {
    const { store, find, edit, former } = start();
    find(0.3);
    await edit();
    find(0.4);
    store.editSettings({ target: 'second' });
    await Promise.resolve();
    expect(former()).toBeNull();
    find(0.9);
    expect(former()).toBeNull();
    await edit();
    find(0.8);
    expect(former()).toBe(0.9);
    store.open({ study: { ...study, id: 'two' }, settings: defaultSettings(study) });
    await Promise.resolve();
    expect(former()).toBeNull();
  });

  it('stops', async () => {
    const { find, edit, former, stop } = start();
    find(0.3);
    stop();
    await edit();
    find(0.6);
    expect(former()).toBeNull();
  });
});
