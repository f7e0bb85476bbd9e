'use client';

/** The column beside the optimum: how sure, what the mixtures reach, what the limits cost, what to collect. */
import { Suspense, useState } from 'react';
import { formatNumber, formatPercent, formatTokens } from '../../lib/model/format';
import type { AtOptimum, OptimumReport } from '../../lib/model/limits';
import { predictedAt } from '../../lib/optimum/finding';
import { domainColors } from '../charts/domain-colors';
import { hrefOf } from '../shell/rooms';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from '../shell/stores';
import { Dialog } from '../ui/dialog';
import { GradeMark, gradeOfAdvice } from '../ui/grade-mark';
import { lazyPart } from '../ui/lazy-part';
import { Distance } from './distance';
import { useAtOptimum, useFormer, useOutdated, usePredictedOptimum } from './hooks';
import { LimitsCost } from './limits-cost';
import '../ui/advice.css';

const Shopping = lazyPart(async () => ({ default: (await import('./shopping')).Shopping }));

export function AnswerVerdict() {
  const { report, advice, feasibility } = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  if (isHidden) return null;
  if (!feasibility.feasible) {
    return (
      <aside className="answer-verdict" aria-label="Verdict">
        <section className="clause">
          <h2>
            <GradeMark grade="fails" /> No mixture fits
          </h2>
          <p>
            {feasibility.message} <a href={hrefOf('limits')}>Ways out</a>
          </p>
        </section>
        <CollectNext prices={null} />
      </aside>
    );
  }
  if (!report || isOutdated) {
    return <aside className="answer-verdict" aria-label="Verdict" aria-busy="true" />;
  }
  const titles = { train: 'Train on it', try: 'Try it first', none: 'No advice' } as const;
  const verb = advice?.verb ?? 'try';
  return (
    <aside className="answer-verdict" aria-label="Verdict" data-former={isFormer || undefined}>
      <section className="clause">
        <h2>
          <GradeMark grade={gradeOfAdvice[verb]} /> {titles[verb]}
        </h2>
        {advice && <p>{sentence(advice.reason)}</p>}
        <Ladder report={report} isAdvised={verb !== 'none'} />
      </section>
      <LimitsCost />
      {advice?.verb !== 'none' && <CollectNext prices={report.tokenPrices ?? null} />}
      <Distance />
    </aside>
  );
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

interface Rung {
  readonly name: string;
  readonly value: number;
  readonly half: number | null;
  readonly shape: 'none' | 'optimum' | 'prior' | 'human' | 'yours';
}

/** What each mixture is predicted to reach on the first target, the best first, on one axis. */
function Ladder({ report, isAdvised }: { report: OptimumReport; isAdvised: boolean }) {
  const { study, settings } = useSession();
  const solved = useOptimum((state) => state.solved);
  const predicted = usePredictedOptimum();
  const band = useView((state) => state.band);
  const fit = useActiveFit().state;
  const first = solved?.terms[0].target ?? settings.target;
  const target = study.targets.find(({ id }) => id === first) ?? study.targets[0];
  const at = useAtOptimum();
  const bands =
    first === settings.target && fit?.status === 'done' && !fit.report.regimes
      ? fit.report.bands
      : null;
  const bandOf = (value: number, of: AtOptimum | null) => {
    const { mean, interval } = predictedAt(value, bands, band, of);
    return interval && interval[1] - mean;
  };
  const half = isAdvised
    ? bandOf(report.optimum.predictions[0], at?.[0] ?? null)
    : bandOf(report.prior[0], null);
  const rungs: Rung[] = [
    ...(isAdvised && report.cost && solved?.seek !== 'worst'
      ? [
          {
            name: 'No limits',
            // By as much as the optimum is corrected: the two are told apart by the fit alone.
            value:
              report.cost.predictions[0] +
              (predicted ?? Number.NaN) -
              report.optimum.predictions[0],
            half: null,
            shape: 'none',
          } as const,
        ]
      : []),
    ...(isAdvised && predicted !== null
      ? [{ name: 'Optimum', value: predicted, half, shape: 'optimum' } as const]
      : []),
    ...(report.yours
      ? [{ name: 'Yours', value: report.yours[0], half: null, shape: 'yours' } as const]
      : []),
    { name: 'Prior', value: report.prior[0], half: isAdvised ? null : half, shape: 'prior' },
    ...(report.human && study.human
      ? [
          {
            name: study.human.name,
            value: report.human[0],
            half: null,
            shape: 'human',
          } as const,
        ]
      : []),
  ];
  const sign = target.direction === 'lower' ? 1 : -1;
  const sorted = rungs
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => sign * (a.value - b.value));
  const ends = sorted.flatMap(({ value, half: reach }) => [
    value - (reach ?? 0),
    value + (reach ?? 0),
  ]);
  const low = Math.min(...ends);
  const range = Math.max(...ends) - low || 1;
  const place = (value: number) => `${formatNumber(((value - low) / range) * 100, 2)}%`;
  return (
    <table className="ladder">
      <caption className="quiet small">
        Predicted {target.name}
        {half !== null && `, ± holds ${band}% of runs on it`}
      </caption>
      <tbody>
        {sorted.map(({ name, value, half: reach, shape }) => (
          <tr key={shape} className={shape === 'optimum' ? 'chosen' : undefined}>
            <th scope="row">{name}</th>
            <td className="ladder-lane" aria-hidden="true">
              <span className="ladder-axis">
                {reach !== null && (
                  <span
                    className="ladder-band"
                    style={{
                      left: place(value - reach),
                      width: `${formatNumber(((2 * reach) / range) * 100, 2)}%`,
                    }}
                  />
                )}
                <span className={`ladder-mark mark-${shape}`} style={{ left: place(value) }} />
              </span>
            </td>
            <td className="numeric">
              {formatNumber(value, 3)}
              {reach !== null && (
                <span className="visually-hidden"> ± {formatNumber(reach, 3)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Domains named. */
const mostNamed = 5;
const least = 0.00005;

/**
 * Which domain's tokens gain most at first, and the way to the whole list.
 *
 * @param prices D, gain per 1% of the requested tokens more; null = not known
 */
function CollectNext({ prices }: { prices: Float64Array | null }) {
  const { study, settings } = useSession();
  const [isShown, setShown] = useState(false);
  const { requestedTokens, availableTokens } = settings.constraints;
  const isLimited = availableTokens.some((tokens) => tokens !== null);
  if (requestedTokens === null || !isLimited || settings.objective.seek === 'worst') return null;
  const colors = domainColors(study.prior.weights);
  const gains = study.domains
    .map(({ id, name }, domain) => ({
      id,
      name,
      color: colors[domain],
      gain: prices?.[domain] ?? 0,
    }))
    .filter(({ gain }) => gain >= least)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, mostNamed);
  return (
    <section className="clause" aria-labelledby="collect">
      <div className="clause-head">
        <h3 id="collect">Collect next</h3>
        <button type="button" className="link" onClick={() => setShown(true)}>
          Shopping list
        </button>
      </div>
      {gains.length > 0 && (
        <table className="ladder">
          <caption className="quiet small">
            Gain per {formatTokens(requestedTokens / 100)} tokens more, at first
          </caption>
          <tbody>
            {gains.map(({ id, name, color, gain }) => (
              <tr key={id}>
                <th scope="row">
                  <span className="swatch" style={{ background: color }} /> {name}
                </th>
                <td className="ladder-lane" aria-hidden="true">
                  <span
                    className="ladder-bar"
                    style={{ width: formatPercent(gain / gains[0].gain, 1), background: color }}
                  />
                </td>
                <td className="numeric">{formatNumber(gain, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isShown && (
        <Dialog title="Shopping list" wide onClose={() => setShown(false)}>
          <Suspense fallback={<p className="quiet">Loading…</p>}>
            <Shopping />
          </Suspense>
        </Dialog>
      )}
    </section>
  );
}
