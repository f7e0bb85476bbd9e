'use client';

import { Fragment } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { leadingWeights } from '../../lib/optimum/finding';
import { findRegressor } from '../../lib/regression/regressors';
import { useActiveFit, useAnalysis, useSession } from './stores';

/** The answer in words: what to train on, what it is predicted to reach, and how far to trust it. */
export function Finding() {
  const { study } = useSession();
  return (
    <div className="finding">
      <h1 id="finding" aria-live="polite">
        <Answer />
      </h1>
      <p>
        {study.source.kind === 'simulated' && <span className="label">Simulated runs</span>}
        <Trust />
      </p>
    </div>
  );
}

function Answer() {
  const { study, settings } = useSession();
  const { report, feasibility, status, failure } = useAnalysis((state) => state.optimum);
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  if (!feasibility.feasible) return <>No mixture meets your limits. {feasibility.message}</>;
  if (failure) return <>{failure.message}</>;
  if (!report) return <>Fitting {target.name} to find the best mixture…</>;
  const { weights, predicted } = report.optimum;
  const named = leadingWeights(study.domains, weights);
  const gain =
    target.direction === 'lower'
      ? report.predictedPrior - predicted
      : predicted - report.predictedPrior;
  const better = target.direction === 'lower' ? 'below' : 'above';
  const worse = target.direction === 'lower' ? 'above' : 'below';
  return (
    <span aria-busy={status !== 'ready'}>
      Train on{' '}
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
      : predicted {target.name} {formatNumber(predicted, 3)}, {formatNumber(Math.abs(gain), 3)}{' '}
      {gain >= 0 ? better : worse} the prior.
    </span>
  );
}

function Trust() {
  const { settings, study } = useSession();
  const fit = useActiveFit();
  const report = useAnalysis((state) => state.optimum.report);
  const regressor = findRegressor(settings.regressor);
  if (fit?.status !== 'done') {
    return <>{study.source.detail} Fitting…</>;
  }
  const { crossValidation, band90 } = fit.report;
  const binding = report ? report.optimum.binding.length : 0;
  return (
    <>
      {binding === 0
        ? 'No limit binds.'
        : `${plural(binding, 'limit')} ${binding === 1 ? 'binds' : 'bind'}.`}{' '}
      {regressor.name} on {plural(study.training.ids.length, 'run')}: rho{' '}
      {formatNumber(crossValidation.spearman, 3)} on runs the fit has not seen, 90% of them within ±
      {formatNumber(band90, 3)}.
      {report?.coverage.far &&
        ' The mixture lies outside of what was sampled: check it before you train on it.'}
    </>
  );
}
