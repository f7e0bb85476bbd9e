'use client';

/** The answer in the bar: the grade, the mixture as a strip in its domains' colours, and the loss. */
import type { Solved } from '../../lib/analysis/analysis-store';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import type { Target } from '../../lib/model/study';
import { leadingWeights, lossText } from '../../lib/optimum/finding';
import { domainColors } from '../charts/domain-colors';
import { useAnswerFigure, useFormer, useOutdated } from '../optimum/hooks';
import { GradeMark, gradeOfAdvice } from '../ui/grade-mark';
import { hrefOf } from './rooms';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from './stores';

/** Segments narrower than this share have no text. */
const leastNamed = 0.09;

/** The answer, wherever the reader is: a link to the room that explains it. */
export function AnswerStrip() {
  const { study } = useSession();
  const { report, solved, advice, feasibility, status, isRecalled } = useOptimum((state) => state);
  const fit = useActiveFit().state;
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  const figure = useAnswerFigure();
  const band = useView((state) => state.band);

  if (isHidden) {
    return (
      <a className="strip strip-words" href={hrefOf('challenge')}>
        Hidden: guess first
      </a>
    );
  }
  if (!feasibility.feasible) {
    return (
      <a className="strip strip-words" href={hrefOf('limits')}>
        <GradeMark grade="fails" /> No mixture meets your limits
      </a>
    );
  }
  if (!report || !solved || figure === null || isOutdated) {
    const isFailed = fit?.status === 'failed' || status === 'failed';
    return (
      <a className="strip strip-words" href="/answer">
        {isFailed ? 'No fit, no optimum' : 'Fitting…'}
      </a>
    );
  }
  if (advice?.verb === 'none') {
    return (
      <a className="strip strip-words" href="/answer">
        <GradeMark grade="unknown" /> {advice.words}
      </a>
    );
  }
  const { weights } = report.optimum;
  const colors = domainColors(study.prior.weights);
  const ordered = Array.from(weights.keys())
    .filter((domain) => weights[domain] > 0.001)
    .sort((a, b) => weights[b] - weights[a] || a - b);
  const isMany = solved.terms.length > 1;
  const { mean, half, isRough } = figure;
  const isRefining = isRecalled || solved.isPreliminary;
  const outcome = isMany ? betterCount(report, study.targets, solved) : '';
  const words = advice?.words ?? (solved.seek === 'worst' ? 'Stay away from' : 'Try');
  return (
    <a className="strip" href="/answer" aria-label={label()}>
      <span className="strip-verb">
        <GradeMark grade={gradeOfAdvice[advice?.verb ?? 'try']} /> {words}
      </span>
      <span className="strip-bar">
        {ordered.map((domain) => {
          const share = weights[domain];
          const percent = formatPercent(share, 0).replace('%', '');
          return (
            <span
              key={study.domains[domain].id}
              style={{
                flexGrow: share,
                background: colors[domain],
                color: colors[domain].replace(')', '-ink, #101217)'),
              }}
            >
              {share >= leastNamed && (
                <span className="strip-name">
                  {study.domains[domain].name} {percent}
                </span>
              )}
            </span>
          );
        })}
      </span>
      <span className="strip-loss">
        {isMany ? (
          outcome
        ) : (
          <>
            <strong>{lossText(mean, isRough)}</strong>
            {half !== null && (
              <span
                className="quiet"
                title={`${band}% of runs on this mixture reach this ± ${formatNumber(half, 3)}`}
              >
                {' '}
                ± {formatNumber(half, 3)}
              </span>
            )}
          </>
        )}
        {isFormer ? (
          <span className="quiet"> of former runs</span>
        ) : (
          isRefining && <span className="quiet"> refining</span>
        )}
      </span>
    </a>
  );

  function label(): string {
    const named = leadingWeights(study.domains, weights)
      .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
      .join(', ');
    const value = isMany
      ? `${outcome} for ${plural(solved?.terms.length ?? 0, 'target')}`
      : `predicted ${lossText(mean, isRough)}${half === null ? '' : ` ± ${formatNumber(half, 3)} for ${band}% of runs on it`}`;
    return `${words} ${named}: ${value}${isRefining ? ', refining' : ''}`;
  }
}

/** `4 of 5 better`: how many of several targets get better than with the prior. */
function betterCount(
  { optimum, prior }: OptimumReport,
  targets: readonly Target[],
  { terms }: Solved,
): string {
  const better = terms.filter(({ target }, place) => {
    const lowers = targets.find(({ id }) => id === target)?.direction !== 'higher';
    const gain = (prior[place] - optimum.predictions[place]) * (lowers ? 1 : -1);
    return Number(gain.toFixed(3)) > 0;
  }).length;
  return better === terms.length ? `all ${better} better` : `${better} of ${terms.length} better`;
}
