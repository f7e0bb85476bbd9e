'use client';

import { Fragment } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { columnOf } from '../../lib/matrix';
import { isImplausible, leadingWeights } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import type { Study } from '../../lib/study/types';
import { useFormer } from '../optimum/use-former';
import { useOutdated } from '../optimum/use-outdated';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from './stores';

/** What has to be known of where runs are from, before anything that is said of them. */
const labels: Readonly<Record<Study['source']['kind'], string | null>> = {
  simulated: 'Simulated runs',
  trained: 'Trained by this page',
  files: null,
  published: null,
};

/** The answer in words: what to train on, what it is predicted to reach, and how far to trust it. */
export function Finding() {
  const { study } = useSession();
  const label = labels[study.source.kind];
  return (
    <div className="finding">
      <h1 id="finding" aria-live="polite">
        <Answer />
      </h1>
      <p>
        {label && <span className="label">{label}</span>}
        <Trust />
      </p>
    </div>
  );
}

function Answer() {
  const { study, settings } = useSession();
  const { report, solved, feasibility, status, failure } = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  if (!feasibility.feasible) return <>No mixture meets your limits. {feasibility.message}</>;
  if (failure) return <>{failure.message}</>;
  if (isHidden) {
    return (
      <>
        The answer is hidden. Set your own mixture under <a href="#challenge">Your turn</a>.
      </>
    );
  }
  if (isOutdated) return <>Fitting {target.name} to find the best mixture under these limits…</>;
  if (!report || !solved) return <>Fitting {target.name} to find the best mixture…</>;
  const { weights, predicted } = report.optimum;
  const named = leadingWeights(study.domains, weights);
  const first = study.targets.find(({ id }) => id === solved.terms[0].target) ?? target;
  const lowers = first.direction === 'lower';
  const [prior] = report.prior;
  const gain = lowers ? prior - predicted : predicted - prior;
  const [better, worse] = lowers ? ['below', 'above'] : ['above', 'below'];
  const others = solved.terms.length - 1;
  return (
    <span aria-busy={status !== 'ready'}>
      {solved.seek === 'worst' ? 'Stay away from ' : 'Train on '}
      {named.map(({ index, name, weight }, place) => (
        <Fragment key={index}>
          {place > 0 && (place === named.length - 1 ? ' and ' : ', ')}
          {place === 0 ? (
            <strong>
              {formatPercent(weight, 0)} {name}
            </strong>
          ) : (
            `${formatPercent(weight, 0)} ${name}`
          )}
        </Fragment>
      ))}
      : predicted {first.name} {formatNumber(predicted, 3)}, {formatNumber(Math.abs(gain), 3)}{' '}
      {gain >= 0 ? better : worse} the prior
      {others > 0 && `, for ${plural(others + 1, 'target')} at once`}.
    </span>
  );
}

function Trust() {
  const { study } = useSession();
  const { state: fit, regressor, standsIn } = useActiveFit();
  const { report, takeover } = useOptimum((state) => state);
  const band = useView((state) => state.band);
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  if (fit?.status === 'failed') return <>{fit.advice}</>;
  if (isFormer && !isOutdated) {
    const runs = plural(study.training.ids.length, 'run');
    return <>This answer is from the former runs, until the fit to the {runs} of now is made.</>;
  }
  if (fit?.status !== 'done') return <>{study.source.detail} Fitting…</>;
  const { crossValidation, bands } = fit.report;
  return (
    <>
      {limitsInWords()} {regressorInfo(regressor).name} on {plural(crossValidation.n, 'run')}: rho{' '}
      {formatNumber(crossValidation.spearman, 3)} on runs the fit{' '}
      {regressorInfo(regressor).mayHaveSeenRuns ? 'may have seen' : 'has not seen'}, {band}% of them
      within ±{formatNumber(bands.halfWidths[band], 3)}.
      {standsIn && ' A more accurate fit is on its way and will take its place.'}
      {takeover &&
        ` It took over from ${regressorInfo(takeover.from).name}: ${formatPercent(takeover.moved, 1)} of the mixture moved.`}
      {report?.coverage.far &&
        ' The mixture lies outside of what was sampled: check it before you train on it.'}
      {impossible()}
    </>
  );

  function limitsInWords(): string {
    if (!report || isOutdated) return '';
    const { binding, violated } = report.optimum;
    if (violated.length > 0) {
      return `This mixture breaks ${plural(violated.length, 'limit')}: the paper’s procedure knows none.`;
    }
    if (binding.length === 0) return 'No limit binds.';
    return `${plural(binding.length, 'limit')} ${binding.length === 1 ? 'binds' : 'bind'}.`;
  }

  function impossible(): string {
    const first = report && fit?.status === 'done' ? measuredOf(study, fit.report.target) : null;
    if (!report || !first || !isImplausible(report.optimum.predicted, first)) return '';
    const [low, high] = [first[0], first[first.length - 1]].map((end) => formatNumber(end, 3));
    return ` The prediction is far outside of what was measured (${low} to ${high}): this regressor extrapolates, do not believe it.`;
  }
}

/** The measured values of a target, ascending. */
function measuredOf(study: Study, target: string): Float64Array | null {
  const column = study.targets.findIndex(({ id }) => id === target);
  if (column < 0) return null;
  return columnOf(study.training.losses, column).filter(Number.isFinite).sort();
}
