import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { knownSizesOf } from '../../lib/corpora/known-sizes';
import { fromRows } from '../../lib/model/matrix';
import { defaultSettings } from '../../lib/model/settings';
import type { Study } from '../../lib/model/study';
import { createStudyStore } from '../../lib/session/study-store';
import { basisOf } from '../limits/domain-tables';
import { stateForBasis } from '../ui/use-keyed-state';
import { applySizes, readDomains, readIfDomains } from './read-domains';

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
const csv = (text: string, name = 'domains.csv') => ({
  name,
  size: text.length,
  arrayBuffer: async () => bytesOf(text),
});

describe('a table of tokens', () => {
  const names = ['web', 'code', 'math', 'wiki'];
  const available = (store: ReturnType<typeof createStudyStore>) =>
    store.getState().session.settings.constraints.availableTokens;

  it.each([false, true])(
    'of more than a megabyte is no table of domains (gzip: %s)',
    async (isPacked) => {
      const text = `domain,tokens\nweb,1B\n${'other,1B\n'.repeat(150_000)}`;
      const bytes = isPacked ? gzipSync(text) : new TextEncoder().encode(text);
      const arrayBuffer = async () => Uint8Array.from(bytes).buffer;
      const file = { name: 'sizes.csv', size: bytes.length, arrayBuffer };
      const store = createStudyStore(opened('one', names));
      expect(await readIfDomains(store, file)).toBeNull();
      const { refused, text: said } = await readDomains(store, file);
      expect(refused).toBe(true);
      expect(said).toContain('sizes.csv: found more than 1 MB');
      expect(store.getState().past).toHaveLength(0);
    },
  );

  it.each([
    ['sizes.csv', 'domain,tokens\nweb,600B\ncode,"100,000,000,000"\nmath,1e11\nwiki,200 B\n'],
    ['sizes.tsv', 'domain\ttokens\nWeb\t600B\nCode\t100B\nMath\t1e11\nWiki\t200000M\n'],
    ['sizes.json', '{"web": 600000000000, "code": "100B", "math": 1e11, "wiki": 2e11}'],
  ])('of %s sets them all in one step', async (name, text) => {
    const store = createStudyStore(opened('one', names));
    const message = await readIfDomains(store, csv(text, name));
    expect(message).toEqual({
      text: `Tokens at hand set for 4 domains from ${name}.`,
      refused: false,
    });
    expect(available(store)).toEqual([6e11, 1e11, 1e11, 2e11]);
    expect(store.getState().past).toHaveLength(1);
    store.undo();
    expect(available(store)).toEqual([null, null, null, null]);
  });

  it('names what did not match, and leaves it as it was', async () => {
    const store = createStudyStore(opened('one', names));
    const message = await readIfDomains(
      store,
      csv('domain,tokens,max,min,epochs\nweb,600B,50%,10%,2\nbooks,1B,,,\n'),
    );
    expect(message?.text).toBe(
      'Tokens at hand, epochs, largest weights and least weights set for 1 domain from domains.csv. ' +
        'Not in the table: code, math and wiki. Not in the study: books.',
    );
    const { constraints } = store.getState().session.settings;
    expect(constraints.availableTokens).toEqual([6e11, null, null, null]);
    expect(constraints.max).toEqual([0.5, null, null, null]);
    expect(constraints.min).toEqual([0.1, 0, 0, 0]);
    expect(constraints.epochs).toEqual([2, 4, 4, 4]);
  });

  it('with a bad cell is refused naming it, and changes nothing', async () => {
    const store = createStudyStore(opened('one', names));
    const before = store.getState();
    const message = await readIfDomains(store, csv('domain,tokens\nweb,600B\ncode,"1,500"\n'));
    expect(message?.refused).toBe(true);
    expect(message?.text).toMatch(
      /^domains\.csv, row 3, column "tokens": found "1,500".*1500 or 1\.5\.$/,
    );
    expect(store.getState()).toBe(before);
  });

  it('is not what runs are, nor a file that cannot be read', async () => {
    const store = createStudyStore(opened('one', names));
    const before = store.getState();
    const runs = csv('index,web,code,math,wiki,loss\n1,0.25,0.25,0.25,0.25,3\n');
    expect(await readIfDomains(store, runs)).toBeNull();
    expect(await readIfDomains(store, { ...runs, size: 2e6 })).toBeNull();
    const gone = { ...runs, arrayBuffer: () => Promise.reject(new Error('gone')) };
    expect(await readIfDomains(store, gone)).toBeNull();
    expect(store.getState()).toBe(before);
  });
});

it('the sizes of a known corpus are one step, and say what they do not cover', () => {
  const study = opened('one', ['commoncrawl', 'c4', 'github', 'wikipedia', 'mine']);
  const store = createStudyStore(study);
  const [sizes] = knownSizesOf(study.study.domains);
  expect(applySizes(store, sizes).text).toBe(
    'Tokens at hand set for 4 domains as in SlimPajama. Not in it: mine.',
  );
  expect(store.getState().session.settings.constraints.availableTokens[4]).toBeNull();
  expect(store.getState().past).toHaveLength(1);
});

describe('readDomains', () => {
  it('changes prior and limits in one step and says what it read', async () => {
    const store = createStudyStore(opened('one', ['web', 'code']));
    const message = await readDomains(store, csv('domain,prior,available\nweb,3,1e9\ncode,1,\n'));
    expect(message.refused).toBe(false);
    expect(message.text).toBe('Tokens at hand and prior set for 2 domains from domains.csv.');
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
        size: bytes.byteLength,
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
      size: 1,
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
      size: 1,
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
