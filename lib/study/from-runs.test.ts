import { describe, expect, test } from 'vitest';
import { rowOf } from '../model/matrix';
import { lastRound } from '../model/study';
import { pair, refusal, studyOf } from '../runs/runs.fixture';
import { createStudyStore } from '../session/study-store';
import { addRound, addTestSets, type OpenedStudy, openRuns, withScales } from './from-runs';
import { revisionOf } from './identity';
import { isOfTraining } from './trained';

const opened = openRuns(studyOf(pair()), {
  id: 'first',
  name: 'study',
  source: { kind: 'files', detail: 'Read from files.' },
});
const base = { domains: opened.study.domains, targets: opened.study.targets };

/** Runs of the same domains and target that join the study as its next round. */
function round(...rows: readonly string[]) {
  const text = ['run,train_code,train_web,metric/web_val_loss', ...rows].join('\n');
  return studyOf(
    { 'next.csv': text },
    { acceptUnpaired: false, base },
    ({ files, sets, notes }) => ({
      files,
      notes,
      sets: [{ ...sets[0], role: 'round' }],
    }),
  );
}

const add = (study: OpenedStudy, runs = round('a,0.2,0.8,2.5', '3,0.3,0.699,2.6')) =>
  addRound(study, runs, 'next.csv');

describe('a further round', () => {
  const { study, settings } = add(opened);

  test('is appended in the order of the study, with the round after the last', () => {
    expect(study.training.ids).toEqual([...opened.study.training.ids, 'a', '3-round-1']);
    expect(study.training.rounds).toEqual(Int32Array.of(...new Array(10).fill(0), 1, 1));
    expect(rowOf(study.training.mixtures, 10)).toEqual(Float64Array.of(0.8, 0.2));
    expect(study.training.losses.values.slice(10)).toEqual(Float64Array.of(2.5, 2.6));
    expect(rowOf(study.training.mixtures, 3)).toEqual(rowOf(opened.study.training.mixtures, 3));
    expect(settings).toBe(opened.settings);
    expect(study.prior).toBe(opened.study.prior);
  });

  test('keeps the weights as recorded, of runs before it too', () => {
    const { recorded, mixtures } = study.training;
    expect(recorded && rowOf(recorded, 11)).toEqual(Float64Array.of(0.699, 0.3));
    expect(recorded && rowOf(recorded, 4)).toEqual(rowOf(mixtures, 4));
  });

  test('says what was added and which ids had been taken', () => {
    expect(study.source.detail).toContain('Round 1: 2 runs of next.csv.');
    expect(study.source.detail).toContain('1 id already used by earlier runs: 3 is 3-round-1.');
  });

  test('is followed by the next, and never gives one id twice', () => {
    const again = add({ study, settings }, round('3,0.5,0.5,3', '3-round-2,0.4,0.6,3'));
    expect(again.study.training.ids.slice(12)).toEqual(['3-round-2-2', '3-round-2']);
    expect(new Set(again.study.training.ids).size).toBe(14);
    expect(again.study.training.rounds?.slice(9)).toEqual(Int32Array.of(0, 1, 1, 2, 2));
  });

  test('leaves the study without public addresses, which do not have its runs', () => {
    const { source } = opened.study;
    const files = [{ url: 'https://studies.example/a.csv', sha256: '0'.repeat(64) }];
    const study = { ...opened.study, source: { ...source, addresses: files } };
    expect(add({ ...opened, study }).study.source.addresses).toBeUndefined();
    expect(study.source.addresses).toBe(files);
  });

  test('is one step of the history', () => {
    const store = createStudyStore(opened);
    store.edit((session) => add(session));
    expect(store.getState().session.study.training.ids).toHaveLength(12);
    store.undo();
    expect(store.getState().session).toBe(opened);
    store.redo();
    expect(store.getState().session.study.training.ids).toHaveLength(12);
  });

  test('is refused where no round may follow', () => {
    const rounds = new Int32Array(10).fill(lastRound);
    const training = { ...opened.study.training, rounds };
    expect(() => add({ ...opened, study: { ...opened.study, training } })).toThrow(/up to 1000/);
  });

  test('is refused without a set for it', () => {
    expect(() => add(opened, studyOf(pair()))).toThrow(/next round/);
  });
});

describe('files that do not fit as a round', () => {
  const reading = (text: string) =>
    refusal(() =>
      studyOf({ 'next.csv': text }, { acceptUnpaired: false, base }, ({ files, sets, notes }) => ({
        files,
        notes,
        sets: [{ ...sets[0], role: 'round' }],
      })),
    ).message;

  test.each([
    ['train_web,train_new,train_code,web_loss\n0.5,0.2,0.3,3\n', /train_new.*lacks/],
    ['train_web,train_other,web_loss\n0.5,0.5,3\n', /train_other|"code"/],
    ['train_web,train_code,news_loss\n0.5,0.5,3\n', /no column for the target "web"/],
    ['train_web,train_code,web_loss,news_loss\n0.5,0.5,3,3\n', /news_loss.*target.*lacks/],
  ])('%j', (text, message) => {
    expect(reading(text)).toMatch(message);
  });
});

describe('a study with more data', () => {
  const runs = studyOf(pair(), { acceptUnpaired: false, base });
  const { source } = opened.study;
  const builtIn = {
    ...opened,
    study: { ...opened.study, source: { ...source, builtIn: 'published', training: 'job' } },
  };

  test('is the same study at another revision, and no longer what every copy of the page has', () => {
    for (const { study } of [add(builtIn), addTestSets(builtIn, runs)]) {
      expect(study.id).toBe(builtIn.study.id);
      expect(revisionOf(study)).not.toBe(revisionOf(builtIn.study));
      expect(study.source.builtIn).toBeUndefined();
      expect(study.source.training).toBe('job');
    }
  });

  test('takes no further proxies of its training once runs of a round stand after them', () => {
    expect(isOfTraining(builtIn.study, 'job')).toBe(true);
    expect(isOfTraining(builtIn.study, 'other')).toBe(false);
    expect(isOfTraining(addTestSets(builtIn, runs).study, 'job')).toBe(true);
    expect(isOfTraining(add(builtIn).study, 'job')).toBe(false);
  });

  test('can still be had by everybody when it is the paper’s runs with their larger models', () => {
    expect(withScales(builtIn, runs).study.source.builtIn).toBe('published-scales');
    expect(withScales(add(builtIn), runs).study.source.builtIn).toBeUndefined();
    expect(withScales(opened, runs).study.source.builtIn).toBeUndefined();
  });
});

test('test sets join a study without touching its training runs', () => {
  const runs = studyOf(pair(), { acceptUnpaired: false, base });
  const { study } = addTestSets(opened, runs);
  expect(study.testSets).toHaveLength(1);
  expect(study.training).toBe(opened.study.training);
});

describe('what a file of the study cannot hold', () => {
  const { training } = opened.study;
  const runs = { ...studyOf(pair()), training: null };
  const sets = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...training, name: `set ${index}` }));

  test('is not opened: 100 test sets are, one more is refused', () => {
    const full = addTestSets(opened, { ...runs, testSets: sets(100) });
    expect(full.study.testSets).toHaveLength(100);
    const oneMore = { ...runs, testSets: [{ ...training, name: 'another' }] };
    expect(() => addTestSets(full, oneMore)).toThrow('That makes 101 test sets');
    const again = addTestSets(full, { ...runs, testSets: sets(1) });
    expect(again.study.testSets).toHaveLength(100);
  });

  test('is cut where it is only words', () => {
    const wordy = {
      ...opened.study,
      source: { kind: 'files', detail: 'x'.repeat(100_000) },
    } as const;
    const { detail } = add({ ...opened, study: wordy }).study.source;
    expect(detail).toHaveLength(100_000);
    expect(detail.endsWith('…')).toBe(true);
  });
});

test('takes domains named like the Pile’s for them, unless that is refused', () => {
  const names = [
    ...['arxiv', 'freelaw', 'nih_exporter', 'pubmed_central', 'wikipedia_en', 'dm_mathematics'],
    ...['github', 'philpapers', 'stackexchange', 'enron_emails', 'gutenberg_pg_19', 'pile_cc'],
    ...['ubuntu_irc', 'europarl', 'hackernews', 'pubmed_abstracts', 'uspto_backgrounds'],
  ];
  const rows = Array.from({ length: 40 }, (_, run) => {
    const parts = names.map((_name, domain) => ((run * 7 + domain * 3) % 19) + 1);
    const total = parts.reduce((sum, part) => sum + part, 0);
    return [run, ...parts.map((part) => (part / total).toFixed(6)), 3 + parts[0] / total].join();
  });
  const header = ['run', ...names.map((name) => `train_${name}`), 'metric/web_val_loss'].join();
  const runs = studyOf({ 'own.csv': [header, ...rows].join('\n') });
  const about = { id: 'own', name: 'own', source: { kind: 'files', detail: '' } } as const;
  const taken = openRuns(runs, about).study;
  expect(taken.prior.kind).toBe('file');
  expect(taken.human).not.toBeNull();
  const refused = openRuns(runs, about, false).study;
  expect(refused.prior.kind).toBe('runs');
  expect(refused.human).toBeNull();
});
