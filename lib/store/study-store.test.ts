import { describe, expect, it } from 'vitest';
import { fromRows } from '../matrix';
import { defaultSettings } from '../study/settings';
import type { Study } from '../study/types';
import { createStudyStore } from './study-store';

function study(id: string): Study {
  const training = {
    name: 'training',
    ids: ['1'],
    mixtures: fromRows([[0.5, 0.5]]),
    losses: fromRows([[3]]),
  };
  return {
    version: 1,
    id,
    name: id,
    source: { kind: 'files', detail: 'made for a test' },
    domains: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ],
    targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
    training,
    testSets: [],
    prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
    human: null,
  };
}

function session(id: string) {
  const opened = study(id);
  return { study: opened, settings: defaultSettings(opened) };
}

const topK = (store: ReturnType<typeof createStudyStore>) => store.getState().session.settings.topK;

describe('history', () => {
  it('undoes and redoes single edits', () => {
    const store = createStudyStore(session('one'));
    store.editSettings({ topK: 10 });
    store.editSettings({ topK: 20 });
    store.undo();
    expect(topK(store)).toBe(10);
    store.redo();
    expect(topK(store)).toBe(20);
    store.undo();
    store.undo();
    expect(topK(store)).toBe(128);
    store.undo();
    expect(topK(store)).toBe(128);
  });

  it('takes back a whole gesture at once', () => {
    const store = createStudyStore(session('one'));
    store.beginGesture();
    for (let value = 1; value <= 50; value++) store.editSettings({ topK: value });
    store.endGesture();
    expect(store.getState().past).toHaveLength(1);
    store.undo();
    expect(topK(store)).toBe(128);
    store.redo();
    expect(topK(store)).toBe(50);
  });

  it('keeps no step for a gesture that changed nothing', () => {
    const store = createStudyStore(session('one'));
    store.beginGesture();
    store.endGesture();
    expect(store.getState().past).toHaveLength(0);
  });

  it('ends an open gesture before an undo, so that nothing is lost', () => {
    const store = createStudyStore(session('one'));
    store.beginGesture();
    store.editSettings({ topK: 7 });
    store.undo();
    expect(topK(store)).toBe(128);
    store.redo();
    expect(topK(store)).toBe(7);
  });

  it('forgets what was undone after a new edit', () => {
    const store = createStudyStore(session('one'));
    store.editSettings({ topK: 10 });
    store.undo();
    store.editSettings({ topK: 30 });
    store.redo();
    expect(topK(store)).toBe(30);
  });

  it('brings the former study back after another was opened', () => {
    const store = createStudyStore(session('one'));
    store.open(session('two'));
    expect(store.getState().session.study.id).toBe('two');
    store.undo();
    expect(store.getState().session.study.id).toBe('one');
  });
});
