import { expect, test } from 'vitest';
import { StageError } from '../../lib/model/errors';
import { pair, studyOf } from '../../lib/runs/runs.fixture';
import { createStudyStore } from '../../lib/session/study-store';
import { createViewStore } from '../../lib/session/view-store';
import { addTestSets, openRuns } from '../../lib/study/from-runs';
import { applyRuns } from './apply-runs';

const opened = (id: string) =>
  openRuns(studyOf(pair()), { id, name: id, source: { kind: 'files', detail: '' } });
const base = { domains: opened('a').study.domains, targets: opened('a').study.targets };
const tests = studyOf(pair(), { acceptUnpaired: false, base });
const storesOf = () => ({ study: createStudyStore(opened('a')), view: createViewStore() });

test('edits made while files are read stay', () => {
  const stores = storesOf();
  stores.study.editSettings({ seed: 7 });
  applyRuns(stores, 'a', (session) => addTestSets(session, tests));
  const { study, settings } = stores.study.getState().session;
  expect([study.id, study.testSets.length, settings.seed]).toEqual(['a', 1, 7]);
  stores.study.undo();
  expect(stores.study.getState().session.study.testSets).toEqual([]);
  expect(stores.study.getState().session.settings.seed).toBe(7);
});

test('an open gesture ends first, so that undo reverts only the runs', () => {
  const stores = storesOf();
  stores.study.beginGesture();
  stores.study.editSettings({ seed: 7 });
  applyRuns(stores, 'a', (session) => addTestSets(session, tests));
  stores.study.undo();
  expect(stores.study.getState().session.settings.seed).toBe(7);
});

test('runs read for another study are refused, and nothing changes', () => {
  const stores = storesOf();
  stores.study.open(opened('other'));
  stores.view.setState({ pickedRun: '3' });
  const before = stores.study.getState();
  expect(() => applyRuns(stores, 'a', (session) => addTestSets(session, tests))).toThrow(
    StageError,
  );
  expect(stores.study.getState()).toBe(before);
  expect(stores.view.getState().pickedRun).toBe('3');
});

test('selections and brushes of the former runs are cleared', () => {
  const stores = storesOf();
  stores.view.setState({ pickedRun: '3', brushes: new Map([['domain web', [0, 1]]]) });
  applyRuns(stores, 'a', () => opened('b'));
  expect(stores.view.getState()).toMatchObject({ pickedRun: null, brushes: new Map() });
});
