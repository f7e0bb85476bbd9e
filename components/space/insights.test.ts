import { describe, expect, it } from 'vitest';
import type { Tie, Ties } from '../../lib/regression/ties';
import { helpInsight, rangeInsight, tiesInsight } from './insights';

const target = (id: string, name: string) => ({
  id,
  name,
  unit: 'nats per token',
  direction: 'lower' as const,
});
const study = {
  domains: ['Pile-CC', 'Stack Exchange', 'EuroParl'].map((name) => ({ id: name, name })),
  targets: [
    target('cc', 'Pile-CC loss'),
    target('hn', 'Hacker News loss'),
    target('u', 'Ubuntu loss'),
  ],
};
const own = [0, null, null];
const tie = (domain: number, at: number, rho: number): Tie => ({
  domain,
  target: at,
  rho,
  helps: rho < 0,
});
const of = (told: Tie[], tested = 8): Ties => ({ told, tested, mixtures: tested > 0 ? 512 : 6 });

describe('the insight on the range', () => {
  it('sets the range of a target beside its band', () => {
    const insight = rangeInsight(study.targets[0], { runs: 512, low: 5.08, high: 6.64 }, 0.068);
    expect(insight.title).toBe('The mixture moves Pile-CC loss by 1.56');
    expect(insight.text).toBe(
      'Pile-CC loss runs from 5.08 to 6.64 nats per token over 512 runs: 11 times the width of the band that holds 90% of unseen runs.',
    );
    const without = rangeInsight(study.targets[0], { runs: 5, low: 1, high: 1.001 }, null);
    expect(without.text).toBe(
      'Pile-CC loss runs from 1.0000 to 1.0010 nats per token over 5 runs.',
    );
  });

  it('says when nothing moves, and when there are too few runs', () => {
    expect(rangeInsight(study.targets[0], { runs: 9, low: 2, high: 2 }, 0.1).title).toBe(
      'The mixture moves nothing',
    );
    expect(rangeInsight(study.targets[0], null, null).text).toMatch(/^Too few runs/);
  });
});

describe('the insight on help', () => {
  it('names the domain that helps most targets best, and those that do as often', () => {
    const found = helpInsight(study, own, of([tie(0, 1, -0.44), tie(1, 2, -0.3), tie(2, 1, -0.2)]));
    expect(found.title).toBe('Pile-CC is the best outside help for 1 of 3 targets');
    expect(found.text).toBe(
      'For Hacker News loss (rho −0.44). As often as Stack Exchange. For 1 target none is significant. Targets’ own domains are left out.',
    );
  });

  it('names among the targets of that domain the one that it helps most', () => {
    const found = helpInsight(study, own, of([tie(1, 0, -0.5), tie(0, 1, -0.44), tie(0, 2, -0.3)]));
    expect(found.title).toBe('Pile-CC is the best outside help for 2 of 3 targets');
    expect(found.text).toMatch(/^Of these, most for Hacker News loss \(rho −0\.44\)\./);
  });

  it('speaks of one target as of one', () => {
    const one = { ...study, targets: study.targets.slice(0, 1) };
    const found = helpInsight(one, [0], of([tie(1, 0, -0.21)]));
    expect(found.title).toBe('Stack Exchange is the best outside help');
    expect(found.text).toMatch(/^More of it goes with a better Pile-CC loss \(rho −0\.21\)\./);
  });

  it('says when there is none, or too few runs to tell', () => {
    expect(helpInsight(study, [null, null, null], of([tie(0, 0, 0.5)])).title).toBe(
      'No help stands out',
    );
    expect(helpInsight(study, own, of([], 0)).text).toMatch(/^Too few runs/);
  });
});

describe('the insight on ties', () => {
  it('names the strongest on both sides that names do not give away', () => {
    const ties = of([tie(0, 0, -0.9), tie(2, 2, -0.26), tie(1, 0, 0.2)]);
    expect(tiesInsight(study, own, ties).text).toBe(
      'EuroParl lowers Ubuntu loss (rho −0.26); Stack Exchange raises Pile-CC loss (rho +0.20), after correction for 8 pairs.',
    );
    expect(tiesInsight(study, own, ties).title).toBe('Ties beyond own domains');
    expect(tiesInsight(study, [null, null, null], ties).title).toBe('Strongest ties');
    expect(tiesInsight(study, own, of([tie(2, 2, -0.26)])).text).toMatch(
      /None that hurts is significant\.$/,
    );
    expect(tiesInsight(study, own, of([tie(1, 0, 0.26)])).text).toMatch(
      /None that helps is significant\.$/,
    );
  });

  it('says so when there is none, or too few runs', () => {
    expect(tiesInsight(study, own, of([]))).toEqual({
      title: 'No ties beyond own domains',
      text: 'None is significant after correction for 8 pairs.',
    });
    expect(tiesInsight(study, own, of([], 0)).text).toMatch(/^Too few runs/);
  });
});
