import { describe, expect, it } from 'vitest';
import { fromRows } from '../../lib/model/matrix';
import { defaultSettings } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { createStudyStore } from '../../lib/session/study-store';
import { stateForBasis } from '../ui/use-keyed-state';
import { basisOf } from './mixtures-panel';
import { readDomains } from './read-domains';

function opened(id: string, names: readonly string[]) {
  const study: Study = {
    version: 1,
    id,
    name: id,
    source: { kind: 'files', detail: '' },
    domains: names.map((name) => ({ id: name, name })),
    targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
    training: {
      name: 'training',
      ids: ['1'],
      mixtures: fromRows([[0.5, 0.5]]),
      losses: fromRows([[3]]),
    },
    testSets: [],
    prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
    human: null,
  };
  return { study, settings: defaultSettings(study) };
}

const bytesOf = (text: string) => new TextEncoder().encode(text).buffer;
const csv = (text: string) => ({ name: 'domains.csv', arrayBuffer: async () => bytesOf(text) });

describe('readDomains', () => {
  it('changes prior and limits in one step and says what it read', async () => {
    const store = createStudyStore(opened('one', ['web', 'code']));
    const message = await readDomains(store, csv('domain,prior,available\nweb,3,1e9\ncode,1,\n'));
    expect(message.refused).toBe(false);
    expect(message.text).toMatch(/^domains\.csv: /);
    const { session, past } = store.getState();
    expect([...session.study.prior.weights]).toEqual([0.75, 0.25]);
    expect(session.settings.constraints.availableTokens).toEqual([1e9, null]);
    expect(past).toHaveLength(1);
  });

  it('reads UTF-16, and says what it read as Windows-1252', async () => {
    const store = createStudyStore(opened('one', ['web', 'français']));
    const text = 'domain,prior\nweb,3\nfrançais,1\n';
    const wide = Uint16Array.from(`\ufeff${text}`, (letter) => letter.charCodeAt(0)).buffer;
    const narrow = Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
    for (const bytes of [wide, narrow]) {
      const message = await readDomains(store, {
        name: 'domains.csv',
        arrayBuffer: async () => bytes,
      });
      expect(message.refused).toBe(false);
      expect(message.text.includes('Windows-1252')).toBe(bytes === narrow);
      expect([...store.getState().session.study.prior.weights]).toEqual([0.75, 0.25]);
    }
  });

  it('gives the reason for a refused table and changes nothing', async () => {
    const store = createStudyStore(opened('one', ['web', 'code']));
    const before = store.getState();
    const message = await readDomains(store, csv('name,size\n1,2\n'));
    expect(message.refused).toBe(true);
    expect(message.text).toContain('domain');
    expect(store.getState()).toBe(before);
  });

  it('turns any other error into a message', async () => {
    const store = createStudyStore(opened('one', ['web', 'code']));
    const gone = {
      name: 'domains.csv',
      arrayBuffer: () => Promise.reject(new Error('The file was changed.')),
    };
    await expect(readDomains(store, gone)).resolves.toEqual({
      text: 'domains.csv could not be read: The file was changed. Choose the file again.',
      refused: true,
    });
  });

  it('reads into the study that is open when the file has been read', async () => {
    const store = createStudyStore(opened('one', ['web', 'code']));
    const file = {
      name: 'domains.csv',
      arrayBuffer: async () => {
        store.open(opened('two', ['law', 'math']));
        return bytesOf('domain,prior\nlaw,1\nmath,3\n');
      },
    };
    expect((await readDomains(store, file)).refused).toBe(false);
    expect([...store.getState().session.study.prior.weights]).toEqual([0.25, 0.75]);
  });
});

it('a message is cleared when its prior, its limits or its study changes', async () => {
  const store = createStudyStore(opened('one', ['web', 'code']));
  const basis = () => basisOf(store.getState().session);
  const before = { value: 'refused', basis: basis() };
  await readDomains(store, csv('domain,available\nweb,1e9\n'));
  expect(stateForBasis(before, basis())).toBeNull();
  const after = { value: 'read', basis: basis() };
  store.editSettings({ topK: 64 });
  expect(stateForBasis(after, basis())).toBe(after);
  store.undo();
  store.undo();
  expect(stateForBasis(after, basis())).toBeNull();
  const again = { value: 'refused', basis: basis() };
  store.open(opened('two', ['web', 'code']));
  expect(stateForBasis(again, basis())).toBeNull();
});
