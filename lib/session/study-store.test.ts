import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import { revisionOf } from '../study/identity';
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
    expect(store.getState().session.study.name).toBe('two');
    store.undo();
    expect(store.getState().session.study.id).toBe('one');
  });

  it('gives what is opened anew an id that no other study has, and a document as it is its own', () => {
    const store = createStudyStore(session('one'));
    const coefficients = Float64Array.of(1);
    const model = { kind: 'linear', intercept: 0, coefficients, penalty: 0 } as const;
    const { study, settings } = session('one');
    const imported = [{ id: 'theirs', target: 'a', name: 'a.onnx', model }];
    store.open({ study: { ...study, imported }, settings });
    const opened = store.getState().session;
    store.open({ study, settings });
    const again = store.getState().session;
    store.open({ ...opened });
    const ids = [study, opened.study, again.study].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(store.getState().session).toEqual(opened);
    // A file may reuse the id of another model.
    expect(opened.study.imported?.[0].id).not.toBe('theirs');
    expect(revisionOf(opened.study)).toBe(revisionOf(study));
  });

  it('gives a copy an id of its own, with all of its history, and a first document the one it has', () => {
    const store = createStudyStore(session('one'));
    store.editSettings({ topK: 7 });
    store.moveDocument(undefined, 'kept');
    expect(store.getState().session).toMatchObject({ document: 'kept', study: { id: 'one' } });
    store.moveDocument('kept', 'copy');
    const { session: copy, past } = store.getState();
    expect(copy.document).toBe('copy');
    expect(copy.study.id).not.toBe('one');
    expect(past.map(({ study }) => study.id)).toEqual([copy.study.id]);
  });
});
