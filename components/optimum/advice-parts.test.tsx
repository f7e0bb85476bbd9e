import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { AnalysisState } from '../../lib/analysis/analysis-store';
import { prepareAnalysis } from '../../lib/analysis/prepare';
import type { Task } from '../../lib/analysis/task';
import type { Coverage } from '../../lib/model/limits';
import type { Purchase, ShoppingList } from '../../lib/optimum/shopping';
import { verdictOn } from '../../lib/optimum/verdict';
import type { Session } from '../../lib/session/study-store';
import { sessionOfRuns } from '../../lib/study/session.fixture';
import { createPendingDocuments } from '../library/use-documents';
import { createStores, StoresProvider } from '../shell/stores';
import { Insights } from '../space/insights';
import { Verdict, VerdictView } from '../trust/verdict';
import { binsOf, Distance, distanceClause } from './distance';
import { costClause, LimitsCost } from './limits-cost';
import { nextRefit, type PlayedRefits, RefitButtons, usePlayedRefits } from './played-refits';
import { Shopping, ShoppingBody } from './shopping';

/** Runs enough to fit, of Web and another domain, whose optimum is held by a cap at 60%. */
function preparedSession(change: Partial<Session['settings']['constraints']> = {}) {
  const { study, settings } = sessionOfRuns(24);
  const constraints = { ...settings.constraints, max: [0.6, 1], ...change };
  const session: Session = { study, settings: { ...settings, constraints } };
  return { session, analysis: prepareAnalysis(session) };
}
const { session, analysis } = preparedSession();

function draw(
  children: ReactNode,
  optimum: Partial<AnalysisState['optimum']> = {},
  of: { session: Session; analysis: AnalysisState } = { session, analysis },
): string {
  const state = { ...of.analysis, optimum: { ...of.analysis.optimum, ...optimum } };
  const stores = createStores(of.session, state, createPendingDocuments());
  return renderToStaticMarkup(<StoresProvider stores={stores}>{children}</StoresProvider>);
}
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const noAdvice = { verb: 'none', words: 'These runs do not tell', reason: 'p = 0.4' } as const;

describe('the clause on limits', () => {
  it('says their cost, how many bind, and what would be best without', () => {
    const text = textOf(draw(<LimitsCost />));
    expect(text).toMatch(
      /^Limits cost \+0\.379 1 limit binds\. Without limits but “largest tried”: 98% /,
    );
    expect(draw(<LimitsCost />, { status: 'infeasible' })).toBe('');
    expect(draw(<LimitsCost />, { advice: noAdvice })).toBe('');
    expect(draw(<LimitsCost />, { report: null })).toBe('');
  });

  it('says when they cost nothing, and takes a lower score off', () => {
    const { report } = analysis.optimum;
    if (!report?.cost) throw new Error('a cost was expected');
    const { study } = session;
    const limits = { beyondTried: true, locked: [null, null, null, null, null] };
    const free = { ...report, cost: { ...report.cost, score: 0 } };
    expect(costClause(free, study, limits)?.title).toBe('Limits cost nothing');
    expect(costClause({ ...report, cost: null }, study, limits)).toBeNull();
    const binding = [0, 1, 2, 3, 4];
    const five = { ...report, optimum: { ...report.optimum, binding, predictions: [0.3] } };
    const higher = { ...five, cost: { ...report.cost, score: 0.05, predictions: [0.35] } };
    const clause = costClause(higher, study, limits);
    expect(clause?.figure).toBe('−0.050');
    expect(clause?.text).toMatch(/^5 limits bind\. Without limits: /);
  });
});

describe('the clause on distance', () => {
  const coverage: Coverage = {
    distance: 0.25,
    nearest: 7,
    percentile: 0.34,
    far: false,
    beyond: false,
  };

  it('names the nearest run and how usual that is', () => {
    expect(distanceClause(coverage, '268')).toEqual({
      title: 'Within what was tried',
      text: '25% of its weight differs from the nearest tested run (no. 268); 34% of runs are at least as far from theirs.',
    });
    expect(distanceClause({ ...coverage, distance: 0.34, far: true }, '268')).toEqual({
      title: 'Beyond what was tried',
      text: '34% of its weight differs from the nearest tested run (no. 268): unusually far.',
    });
    expect(distanceClause({ ...coverage, distance: 0 }, '4').text).toBe(
      'It is the nearest tested run (no. 4).',
    );
    expect(textOf(draw(<Distance />))).toMatch(/tested run \(no\. run \d+\)/);
    expect(draw(<Distance />, { advice: noAdvice })).toBe('');
  });

  it('counts every run once, in bins that reach beyond the mark', () => {
    const distances = Float64Array.of(0, 0.05, 0.12, 0.3);
    const { counts, width } = binsOf(distances, 0.42);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(counts.length * width).toBeCloseTo(0.5, 12);
    expect(counts[0]).toBe(1);
    expect(binsOf(Float64Array.of(1, 1), 1).counts.at(-1)).toBe(2);
  });
});

describe('the shopping list', () => {
  const purchase = (budget: number, tokens: number[], score: number): Purchase => ({
    budget,
    tokens: Float64Array.from(tokens),
    weights: Float64Array.of(0.5, 0.5),
    predictions: [score],
    score,
  });
  const task = (value: ShoppingList | null): Task<ShoppingList> => ({
    status: value ? 'done' : 'running',
    progress: null,
    value,
    problem: '',
  });
  const body = (list: ShoppingList | null) =>
    textOf(draw(<ShoppingBody study={session.study} task={task(list)} requested={1e9} />));
  const names = session.study.domains.map(({ name }) => name);

  it('says plainly when no limits are set, and when more would change nothing', () => {
    expect(textOf(draw(<Shopping />))).toBe(
      'No token limits are set: enter the tokens at hand to see what to collect next.',
    );
    expect(body([purchase(0, [0, 0], 3)])).toBe(
      'More tokens would change nothing: no token limit binds.',
    );
    expect(body([])).toMatch(/^Tokens would not help/);
    expect(body(null)).toBe('Waiting for the fit.');
  });

  it('names what to collect, in order, with its worth', () => {
    const html = body([
      purchase(0, [0, 0], 3),
      purchase(0.1, [0.1, 0], 2.8),
      purchase(0.4, [0.2, 0.2], 2.6),
    ]);
    expect(html).toContain(`Collect first: ${names[0]} and ${names[1]} .`);
    expect(html).toContain(`With 100 M more tokens of anything, collect 100 M ${names[0]}`);
    expect(html).toContain('0.2000 better.');
    expect(html).toContain('Beyond 400 M, more tokens change nothing.');
  });

  it('waits for what is asked where there are limits', () => {
    const limited = preparedSession({ availableTokens: [1e9, null], requestedTokens: 2e9 });
    expect(textOf(draw(<Shopping />, {}, limited))).toBe('Waiting for the fit.');
    expect(textOf(draw(<Shopping />, { advice: noAdvice }, limited))).toMatch(/do not tell/);
  });
});

describe('the verdict', () => {
  it('stands as one sentence over three clauses, each with a mark and words', () => {
    const html = draw(<Verdict />);
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(textOf(html)).toMatch(/^Trust the ranks and the values within ±[\d.]+\./);
    expect(textOf(html)).toContain('Optimum: being tested');
    expect(
      textOf(draw(<Verdict />, {}, { session, analysis: { ...analysis, fits: new Map() } })),
    ).toBe('Fitting…');
  });

  it('marks grades by form as well as by colour', () => {
    const [fit] = [...analysis.fits.values()].flatMap((each) =>
      each.status === 'done' ? [each.report] : [],
    );
    const judged = verdictOn({
      fit,
      mayHaveSeenRuns: false,
      spread: 1,
      found: analysis.optimum.report,
      advice: { verb: 'none' },
      bounds: {
        lower: new Float64Array(2),
        upper: Float64Array.of(1, 1),
        source: ['none', 'none'],
      },
      names: ['a', 'b'],
      stability: null,
    });
    const html = renderToStaticMarkup(<VerdictView {...judged} />);
    expect(html).toContain('data-grade="fails"');
    expect(html).toContain('stroke-dasharray');
  });
});

describe('insights', () => {
  it('stand as three columns; the range needs no comparison of runs', () => {
    const html = draw(<Insights />);
    expect(html.match(/class="column"/g)).toHaveLength(3);
    expect(textOf(html)).toMatch(/^The mixture moves .* by 0\.96 /);
    expect(textOf(html)).toContain('over 24 runs');
  });
});

describe('played refits', () => {
  it('go round', () => {
    const of = [0, 1, 2].map((at) => Float64Array.of(at));
    const indices = [0, 1, 2, 3].reduce<number[]>(
      (before) => [
        ...before,
        nextRefit({ of, index: before[before.length - 1], isPlaying: true }).index,
      ],
      [0],
    );
    expect(indices).toEqual([0, 1, 2, 0, 1]);
  });

  it('show nothing until refits are made', () => {
    function Probe() {
      const played = usePlayedRefits();
      return (
        <>
          {String(played.weights)} <RefitButtons {...played} />
        </>
      );
    }
    expect(textOf(draw(<Probe />))).toBe('null');
  });

  it('can be stopped, and are stepped through where motion is unwelcome', () => {
    const idle = {
      weights: null,
      index: null,
      count: 24,
      isPlaying: false,
      isStepped: false,
      play: () => {},
      stop: () => {},
    };
    const buttons = (change: Partial<PlayedRefits>) =>
      textOf(renderToStaticMarkup(<RefitButtons {...idle} {...change} />));
    expect(buttons({})).toBe('Play refits 24 refits to resampled runs');
    expect(buttons({ index: 4, isPlaying: true })).toBe('Stop: show the optimum refit 5 of 24');
    expect(buttons({ index: 4, isStepped: true })).toBe(
      'Next refit Stop: show the optimum refit 5 of 24',
    );
    expect(buttons({ count: 0 })).toBe('');
  });
});
