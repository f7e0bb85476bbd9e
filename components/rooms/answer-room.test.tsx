import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { AnalysisState } from '../../lib/analysis/analysis-store';
import { prepareAnalysis } from '../../lib/analysis/prepare';
import { sessionOfRuns } from '../../lib/study/session.fixture';
import { createPendingDocuments } from '../library/use-documents';
import { AnswerStrip } from '../shell/answer-strip';
import { RoomTabs } from '../shell/room-tabs';
import { createStores, StoresProvider } from '../shell/stores';
import AnswerRoom from './answer-room';

vi.mock('next/navigation', () => ({ usePathname: () => '/answer' }));

/** A session with runs enough to fit, whose optimum is held by one cap, with its analysis. */
function prepared() {
  const { study, settings } = sessionOfRuns(24);
  const constraints = { ...settings.constraints, max: [0.6, 1] };
  const session = { study, settings: { ...settings, constraints } };
  return { session, analysis: prepareAnalysis(session) };
}

/** The same with noise, by a regressor whose optimum is corrected. */
function noisy() {
  const { study, settings } = sessionOfRuns(60);
  const { losses } = study.training;
  const values = losses.values.map((loss, row) => loss + 0.02 * Math.sin(1 + 7 * row));
  const training = { ...study.training, losses: { ...losses, values } };
  const session = {
    study: { ...study, training },
    settings: { ...settings, regressor: 'law' as const },
  };
  return { session, analysis: prepareAnalysis(session) };
}

describe('AnswerRoom', () => {
  const { session, analysis } = prepared();
  const page = (optimum: Partial<AnalysisState['optimum']>) =>
    renderToStaticMarkup(
      <StoresProvider
        stores={createStores(
          session,
          { ...analysis, optimum: { ...analysis.optimum, ...optimum } },
          createPendingDocuments(),
        )}
      >
        <AnswerRoom />
      </StoresProvider>,
    );
  const exportFinding = (html: string) => /id="export-title".*?<p>([^<]*)</.exec(html)?.[1];

  it('says what binds, what it costs, and that the mixture can be exported', () => {
    const html = page({});
    expect(html).toContain('1 limit binds.');
    // Without the cap at 60%, Web would weigh as much as in the run with most of it, 97.9%.
    expect(html).toContain('Limits cost <span class="numeric">+0.379</span>');
    expect(exportFinding(html)).toContain('weights that sum to exactly 1');
  });

  it('counts pins apart from the limits that bind, everywhere in the same words', () => {
    const { study, settings } = session;
    const { report } = analysis.optimum;
    if (!report) throw new Error('an optimum was expected');
    const told = (max: [number, number], locked: (number | null)[], binding: number[]) => {
      const pinned = {
        study,
        settings: { ...settings, constraints: { ...settings.constraints, max, locked } },
      };
      const optimum = {
        ...analysis.optimum,
        report: { ...report, optimum: { ...report.optimum, binding } },
      };
      return renderToStaticMarkup(
        <StoresProvider
          stores={createStores(pinned, { ...analysis, optimum }, createPendingDocuments())}
        >
          <RoomTabs />
          <AnswerRoom />
        </StoresProvider>,
      );
    };
    const both = told([0.6, 1], [null, 0.4], [0, 1]);
    expect(both).toContain('<span class="room-state">1 limit binds, 1 pinned</span>');
    // Under the headline, and with what the limits cost.
    expect(both.match(/1 limit binds, 1 pinned\./g)).toHaveLength(2);
    expect(both).toContain('At their limit: Web; 1 pinned.');
    const pin = told([1, 1], [null, 0.4], [1]);
    expect(pin).toContain('<span class="room-state">No limit binds, 1 pinned</span>');
    expect(pin).toContain('; no limit binds, 1 pinned.');
    expect(told([1, 1], [null, null], [])).not.toContain('pinned<');
  });

  it('says why it may be trained on', () => {
    const html = page({});
    const { advice } = analysis.optimum;
    expect(advice?.verb).toBe('train');
    expect(html).toMatch(/Train on .*, since unseen mixtures are ranked right/);
  });

  it('names no weights where the runs do not tell mixtures apart', () => {
    const words = 'These runs do not tell mixtures apart';
    const html = page({ advice: { verb: 'none', words, reason: 'p = 0.42' } });
    const headline = /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1];
    expect(headline).toContain(`${words}: p = 0.42.`);
    expect(headline).not.toMatch(/\d%/);
    expect(html).not.toMatch(/\d limits? binds?\./);
    expect(html).not.toContain('Limits cost');
    expect(html).not.toContain('data-mark="optimum"');
    expect(html).not.toMatch(/>Optimum ± |corrected by [+−]|predicted \d/);
    expect(html).toContain('data-mark="prior"');
    expect(exportFinding(html)).toContain('so there is no mixture to export');
  });

  it('only has it tried where the evidence is thin', () => {
    const reason = 'it is far from every run';
    const html = page({ advice: { verb: 'try', words: 'Try', reason } });
    expect(html).toMatch(/Try .*; only a try, since it is far from every run\./);
  });

  it.each(['with', 'without'])(
    'says nothing of a former mixture once no mixture meets the limits: %s one',
    (former) => {
      const html = page({
        ...(former === 'with' ? {} : { report: null, solved: null }),
        status: 'infeasible',
        feasibility: {
          feasible: false,
          message: 'Caps allow 90%.',
          shortfall: 0.1,
          remedies: [],
        },
      });
      expect(html).toContain('No mixture meets your limits. Caps allow 90%.');
      expect(html).not.toMatch(/\d limits? binds?\.|No limit binds/);
      expect(html).not.toContain('Limits cost');
      expect(exportFinding(html)).toContain('No mixture meets your limits');
    },
  );
});

describe('the figure of the answer', () => {
  const { session, analysis } = noisy();
  const draw = (change: Partial<AnalysisState['optimum']>) =>
    renderToStaticMarkup(
      <StoresProvider
        stores={createStores(
          session,
          { ...analysis, optimum: { ...analysis.optimum, ...change } },
          createPendingDocuments(),
        )}
      >
        <AnswerStrip />
        <AnswerRoom />
      </StoresProvider>,
    ).replaceAll('<!-- -->', '');

  it('has one ±, wherever it is shown', () => {
    const html = draw({});
    const [, half] = /of runs on this mixture ±(\d+\.\d+)/.exec(html) ?? [];
    expect(Number(half)).toBeGreaterThan(0);
    for (const part of [
      /class="strip".*?<\/a>/s,
      /aria-label="Verdict".*?<\/aside>/s,
      /aria-label="Predictions".*?<\/table>/s,
    ]) {
      expect(part.exec(html)?.[0]).toContain(`± ${half}`);
    }
  });

  it('is said to be about, to digits that are sure, while its correction is of other limits', () => {
    const { correction } = analysis.optimum;
    if (!correction) throw new Error('a correction was expected');
    const html = draw({ correction: { ...correction, asked: 'other limits' } });
    expect(html).toMatch(/: predicted Loss about \d+\.\d\d \(/);
    // The band is kept, too.
    expect(html).toMatch(/of runs on this mixture ±\d/);
    // An answer from former runs keeps a correction that is its own.
    const { solved } = analysis.optimum;
    if (!solved) throw new Error('an optimum was expected');
    const asked = 'former runs';
    const former = draw({
      solved: { ...solved, revision: 'before', asked },
      correction: { ...correction, asked },
    });
    for (const own of [draw({}), former]) expect(own).not.toMatch(/predicted Loss about/);
  });

  it('is corrected from the start, so that its digits stay', () => {
    const loss = (html: string) => Number(/: predicted Loss ([\d.]+)/.exec(html)?.[1]);
    const optimism = analysis.optimum.correction?.at[0].optimism ?? 0;
    expect(Math.abs(optimism)).toBeGreaterThan(0.001);
    const plain = loss(draw({ correction: null }));
    expect(Math.abs(loss(draw({})) - (plain - optimism))).toBeLessThan(0.0011);
  });
});
