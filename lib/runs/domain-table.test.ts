import { describe, expect, test } from 'vitest';
import { availableTokens, isDomainTable, readDomainTable } from './domain-table';
import { domainName } from './identify';
import { refusal } from './runs.fixture';

const domains = ['web', 'pile_cc', 'code', 'law'].map((id) => ({ id, name: domainName(id) }));
const read = (text: string) => readDomainTable({ name: 'domains.csv', text }, domains);

test('priors and human mixtures, whatever they sum to', () => {
  const table = read('domain,prior,human\nCODE,100,30%\nPile CC,300,70%\nweb,0,\nbooks,5,5\n');
  expect(table.prior).toEqual(Float64Array.of(0, 0.75, 0.25, 0));
  expect(table.human).toEqual(Float64Array.of(0, 0.7, 0.3, 0));
  expect(table).toMatchObject({
    available: null,
    epochs: null,
    unknown: ['books'],
    missing: ['law'],
    summary: 'read prior, human for 3 domains; not in the file: law; not in the study: books.',
  });
});

test('tokens, epochs and bounds, as people write them', () => {
  const table = read(
    'domain;available tokens;epochs;max;min\nweb;1,2B;4;12%;0\ncode;3%;;0,5;\nlaw;;1,5;1;0,01\n',
  );
  expect(table.available).toEqual([
    { kind: 'tokens', value: 1.2e9 },
    null,
    { kind: 'share', value: 0.03 },
    null,
  ]);
  expect(table.epochs).toEqual([4, null, null, 1.5]);
  expect(table.max).toEqual([0.12, null, 0.5, 1]);
  expect(table.min).toEqual([0, null, null, 0.01]);
  expect(availableTokens(table, 1e10)).toEqual([1.2e9, null, 3e8, null]);
  expect(refusal(() => availableTokens(table, null)).message).toContain('requested tokens');
  expect(availableTokens(read('domain,max\nweb,1\n'), null)).toBeNull();
});

test('the columns of a mixture file of RegMix as names', () => {
  expect(read('domain,weight\ntrain_the_pile_web,1\ntrain_the_pile_law,1\n').prior).toEqual(
    Float64Array.of(0.5, 0, 0, 0.5),
  );
});

describe('JSON', () => {
  const half = Float64Array.of(0.5, 0, 0.5, 0);

  test.each([
    ['a weight for each domain', { web: 0.5, code: 0.5 }],
    ['percent signs', { web: '50%', code: '50%' }],
    [
      "DoReMi's weights",
      { train_domain_weights: { web: 0.5, code: 0.5 }, eval_domain_weights: { web: 1 } },
    ],
    ['weights under their name', { seed: 1, weights: { web: 2, code: 2 } }],
    ['an object for each domain', { web: { weight: 3 }, code: { weight: 3 } }],
    [
      'a list of objects',
      [
        { domain: 'web', weight: 1 },
        { domain: 'code', weight: 1 },
      ],
    ],
  ])('%s', (_, document) => {
    expect(read(JSON.stringify(document))).toMatchObject({ prior: half, available: null });
  });

  test('tokens, by their size or by their name', () => {
    const tokens = [600e9, 100e9, 2e11, null];
    for (const document of [
      { web: 600_000_000_000, pile_cc: '100B', code: '200 B' },
      { tokens: { web: '600B', pile_cc: '100,000,000,000', code: 2e11 } },
      { web: { tokens: 6e11 }, pile_cc: { tokens: '100B' }, code: { tokens: '0.2T' } },
    ]) {
      const table = read(JSON.stringify(document));
      expect(availableTokens(table, null)).toEqual(tokens);
      expect(table.prior).toBeNull();
    }
  });

  test.each([
    ['{"web":0.5,"web":0.6}', '"web" occurs twice'],
    ['{"web":[1,2],"code":1}', 'a list or an object for "web"'],
    ['{}', 'no values for the domains'],
    ['{"weights":{"books":1}}', 'found "books"'],
    ['{"web":0.5', 'line 1'],
    ['[1,2]', 'object for each run'],
  ])('%s is refused', (text, part) => {
    expect(refusal(() => read(text)).message).toContain(part);
  });
});

test('tokens in a table, however they are written', () => {
  const table = read('domain,tokens\nweb,"600,000,000,000"\npile_cc,100B\ncode,1e11\nlaw,200 B\n');
  expect(availableTokens(table, null)).toEqual([6e11, 1e11, 1e11, 2e11]);
  const shares = read('domain,weight\nweb,60%\ncode,40%\n');
  expect(shares.prior).toEqual(Float64Array.of(0.6, 0, 0.4, 0));
});

test('tokens that can be read in two ways are refused with both', () => {
  const error = refusal(() => read('domain,tokens\nweb,600B\ncode,"1,500"\nlaw,1e11\n'));
  expect(error).toMatchObject({ row: 3, column: 'tokens', found: '"1,500"' });
  expect(error.message).toContain('1500 or 1.5');
});

describe('refused', () => {
  test.each([
    ['what,prior\nweb,1\n', 'no column of domains'],
    ['domain,colour\nweb,red\n', 'no values for the domains'],
    ['domain,prior\nbooks,1\n', 'found "books"'],
    ['domain,prior\nweb,1\nweb,2\n', 'row 3'],
    ['domain,prior\nweb,0\ncode,\n', 'sum to 0'],
    ['domain,prior\nweb,-1\ncode,1\n', 'found "-1"'],
    ['domain,max\nweb,1.5\n', 'a share from 0 to 1'],
    ['domain,epochs\nweb,0\n', 'a number above 0'],
    ['domain,available\nweb,many\n', 'found "many"'],
    ['', 'empty'],
  ])('%j', (text, part) => {
    const error = refusal(() => read(text));
    expect(error.file).toBe('domains.csv');
    expect(error.message).toContain(part);
  });
});

describe('told apart from runs', () => {
  const is = (text: string) => isDomainTable({ name: 'dropped', text }, domains);

  test.each([
    'domain,tokens\nweb,600B\ncode,many\n',
    'Domain\ttokens\nWEB\t6e11\nPile CC\t1e9\n',
    'name;available tokens\nweb;1,2B\nlaw;3%\n',
    'domain,tokens,licence\nweb,600B,free\ncode,1B,MIT\n',
    'domain,tokens\nweb,1B\nweb,2B\n',
    'domain,tokens\nweb,600B\ncode,"1,500"\n',
    '"domain";"tokens"\nweb;"600B\ncode;1B\n',
    'domain,tokens\nanother,1B\nunknown,2B\n',
    'domain,weight\ntrain_the_pile_web,1\ntrain_the_pile_law,1\n',
    '{"web": 6e11, "code": "1B"}',
    '{"train_domain_weights": {"web": 0.5, "code": 0.3, "law": 0.2}}',
    '[{"domain": "web", "tokens": 600000000000}, {"domain": "law", "tokens": 1e9}]',
  ])('a table of domains: %j', (text) => expect(is(text)).toBe(true));

  test.each([
    '',
    'index,web,code,loss\n1,0.5,0.5,3.1\n2,0.1,0.9,3.2\n',
    'run,domain,weight\n1,web,0.5\n1,code,0.5\n2,web,0.1\n2,code,0.9\n',
    'name,tokens,web,code,loss\nbase,1B,0.5,0.5,3.1\nother,1B,0.1,0.9,3.2\n',
    'domain,colour\nweb,red\n',
    'domain,weight\nanother,0.5\nunknown,0.5\n',
    '{"web": 0.4, "loss": 3.1, "accuracy": 0.3, "seed": 1}',
    '{"runs": [{"web": 0.5, "code": 0.5, "loss": 3.1}]}',
    '{"format": "regmix-explorer", "version": 1, "study": {"domains": [{"id": "web"}]}}',
    '{"web": 1, "web": 2}',
    '{"web": ',
  ])('no table of domains: %j', (text) => expect(is(text)).toBe(false));
});
