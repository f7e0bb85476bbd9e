import { describe, expect, it } from 'vitest';
import { ownDomains } from './own-domains';

const named = (id: string, name = id) => ({ id, name });

describe('the domain that a target is named after', () => {
  it('is found by id and by name, whatever the measure, case and signs', () => {
    const domains = [named('pile_cc', 'Pile CC'), named('wiki', 'Wikipedia (en)'), named('日本')];
    const targets = [
      named('pile_cc', 'Pile CC loss'),
      named('Pile-CC_bpb'),
      named('x', 'Wikipedia (en) perplexity'),
      named('日本'),
      named('hellaswag', 'HellaSwag accuracy'),
      named('pile_cc_extra'),
    ];
    expect(ownDomains({ domains, targets })).toEqual([0, 0, 1, 2, null, null]);
  });

  it('is none for names of signs alone, and an id goes before another’s name', () => {
    expect(ownDomains({ domains: [named('--')], targets: [named('!!')] })).toEqual([null]);
    const domains = [named('b', 'a'), named('a', 'b')];
    expect(ownDomains({ domains, targets: [named('a'), named('b')] })).toEqual([1, 0]);
  });
});
