'use client';

/** The answer in the bar: the grade, the mixture as a strip in its domains' colours, and the loss. */
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import type { Advice } from '../../lib/model/limits';
import { leadingWeights, lossText } from '../../lib/optimum/finding';
import { domainColors } from '../charts/domain-colors';
import { useAnswerFigure, useFormer, useOutdated } from '../optimum/hooks';
import { hrefOf } from './rooms';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from './stores';

/** A mark of how far to trust something: full, a ring, a faint ring. Words always stand beside it. */
export function Grade({ verb }: { verb: Advice['verb'] }) {
  return <span className={`grade grade-${verb}`} aria-hidden="true" />;
}

/** Segments narrower than this share have no text. */
const leastNamed = 0.09;

/** The answer, wherever the reader is: a link to the room that explains it. */
export function AnswerStrip() {
  const { study } = useSession();
  const { report, solved, advice, feasibility, status } = useOptimum((state) => state);
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
        <Grade verb="none" /> No mixture meets your limits
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
        <Grade verb="none" /> {advice.words}
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
  const words = advice?.words ?? (solved.seek === 'worst' ? 'Stay away from' : 'Try');
  return (
    <a className="strip" href="/answer" aria-label={label()}>
      <span className="strip-verb">
        <Grade verb={advice?.verb ?? 'try'} /> {words}
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
          plural(solved.terms.length, 'target')
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
        {isFormer && <span className="quiet"> of former runs</span>}
      </span>
    </a>
  );

  function label(): string {
    const named = leadingWeights(study.domains, weights)
      .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
      .join(', ');
    const value = isMany
      ? `for ${plural(solved?.terms.length ?? 0, 'target')}`
      : `predicted ${lossText(mean, isRough)}${half === null ? '' : ` ± ${formatNumber(half, 3)} for ${band}% of runs on it`}`;
    return `${words} ${named}: ${value}`;
  }
}
