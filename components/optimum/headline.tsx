'use client';

/** The headline of a study: its answer in words, and how far to trust it. */
import { Fragment } from 'react';
import { type Solved, withoutAnswer } from '../../lib/analysis/analysis-store';
import { betterText, formatNumber, formatPercent, plural } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { columnOf } from '../../lib/model/matrix';
import type { Regimes } from '../../lib/model/regressor';
import type { Domain, Study } from '../../lib/model/study';
import {
  bindingText,
  isImplausible,
  leadingWeights,
  lossText,
  outcomeText,
  predictedAt,
  type TargetOutcome,
} from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from '../shell/stores';
import { Term } from '../ui/term';
import { useAnswerFigure, useAtOptimum, useFormer, useOutdated, useRefinedAdvice } from './hooks';
import { Whose } from './whose';

/** The optimum in a sentence: what to train on, what it is predicted to reach, and why. */
export function Answer() {
  const { study, settings } = useSession();
  const { report, solved, advice, feasibility, status, failure } = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const isOutdated = useOutdated();
  const figure = useAnswerFigure();
  const at = useAtOptimum();
  useRefinedAdvice();
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  if (!feasibility.feasible) return <>No mixture meets your limits. {feasibility.message}</>;
  if (failure) return <>{failure.message}</>;
  if (isHidden) {
    return (
      <>
        The answer is hidden: guess first in <a href="/answer#challenge">Your turn</a>.
      </>
    );
  }
  if (isOutdated) return <>Fitting {target.name} to find the best mixture under these limits…</>;
  if (!report || !solved || !figure) return <>Fitting {target.name} to find the best mixture…</>;
  if (advice?.verb === 'none') {
    return (
      <span aria-busy={status !== 'ready'}>
        {advice.words}: {advice.reason}.
      </span>
    );
  }
  const { weights } = report.optimum;
  const named = leadingWeights(study.domains, weights);
  const first = study.targets.find(({ id }) => id === solved.terms[0].target) ?? target;
  const lowers = first.direction === 'lower';
  const [prior] = report.prior;
  const { mean, isRough } = figure;
  const gain = lowers ? prior - mean : mean - prior;
  const [better, worse] = lowers ? ['below', 'above'] : ['above', 'below'];
  return (
    <span aria-busy={status !== 'ready'}>
      {advice?.words ?? (solved.seek === 'worst' ? 'Perhaps stay away from' : 'Try')}{' '}
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
      {solved.terms.length > 1 ? (
        `: ${outcomeText(outcomes(report, solved), settings.objective)}`
      ) : (
        <>
          : predicted {first.name} {lossText(mean, isRough)} ({betterText(first.direction)}),{' '}
          {lossText(Math.abs(gain), isRough)} {gain >= 0 ? better : worse} the{' '}
          <Term of="prior">prior</Term>
        </>
      )}
      {advice && `${advice.verb === 'try' ? '; only a try' : ''}, since ${advice.reason}`}.
    </span>
  );

  function outcomes({ optimum, prior, least }: OptimumReport, { terms }: Solved): TargetOutcome[] {
    return terms.map(({ target: id, weight, scale }, place) => {
      const found = study.targets.find((each) => each.id === id);
      const direction = found?.direction ?? 'lower';
      // Least values are those that are minimised: divided by the scale, and negative of scores.
      const best =
        least.length > 0 ? (direction === 'lower' ? 1 : -1) * least[place] * scale : null;
      return {
        name: found?.name ?? id,
        direction,
        weight,
        scale,
        prior: prior[place],
        predicted: predictedAt(optimum.predictions[place], null, 90, at?.[place] ?? null).mean,
        least: best,
      };
    });
  }
}

/** Whose answer it is, and how far to trust it: the limits that bind, the fit, what speaks against it. */
export function Trust() {
  return (
    <>
      <Whose />
      <Evidence />
    </>
  );
}

function Evidence() {
  const { study, settings } = useSession();
  const { state: fit, regressor, isPreliminary } = useActiveFit();
  const optimum = useOptimum((state) => state);
  // While no mixture meets the limits, the former one is not the answer: nothing is said of it.
  const isInfeasible = optimum.status === 'infeasible';
  const { report, advice, isRecalled, solved, refinement } = isInfeasible
    ? withoutAnswer(optimum)
    : optimum;
  const band = useView((state) => state.band);
  const figure = useAnswerFigure();
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  if (fit?.status === 'failed') return <>{fit.advice}</>;
  if (isRecalled && !isOutdated && !isInfeasible) {
    return <>This answer is from your last visit; refining.</>;
  }
  if (isFormer && !isOutdated && !isInfeasible) {
    const runs = plural(study.training.ids.length, 'run');
    return <>This answer is from the former runs; fitting the {runs} of the study now.</>;
  }
  if (fit?.status !== 'done') return <>{study.source.detail} Fitting…</>;
  const { crossValidation, regimes } = fit.report;
  const half = report && !isOutdated && advice?.verb !== 'none' ? (figure?.half ?? null) : null;
  return (
    <>
      {describeLimits()} {describePull()}
      {regressorInfo(regressor).name} on {plural(crossValidation.n, 'run')}:{' '}
      <Term of="rho">rho</Term> {formatNumber(crossValidation.spearman, 3)} on runs the fit{' '}
      {regressorInfo(regressor).mayHaveSeenRuns ? 'may have seen' : 'has not seen'}
      {regimes && `: ${regimesText(study.domains, regimes)}`}
      {half !== null && (
        <>
          ; {band}% <Term of="band">band</Term> of runs on this mixture ±{formatNumber(half, 3)}
        </>
      )}
      .{(isPreliminary || (report && solved?.isPreliminary)) && ' Preliminary; refining.'}
      {refinement &&
        advice?.verb !== 'none' &&
        ` Accurate fit ready: ${formatPercent(refinement.moved, 1)} of the mixture changed.`}
      {report?.coverage.far &&
        advice?.verb !== 'none' &&
        ' The mixture is unusually far from every tested run: check it before you train on it.'}
      {impossible()}
    </>
  );

  function describeLimits(): string {
    if (!report || isOutdated || advice?.verb === 'none') return '';
    const { binding, violated } = report.optimum;
    if (violated.length > 0) {
      return `This mixture breaks ${plural(violated.length, 'limit')}: the paper’s procedure ignores limits.`;
    }
    return `${bindingText(binding, settings.constraints.locked)}.`;
  }

  /** A pull is not seen in the weights, and stays when the targets change. */
  function describePull(): string {
    const { kl } = settings.objective;
    if (kl === 0 || settings.objective.seek === 'worst' || !report || isOutdated) return '';
    return `Pulled to the prior (${formatNumber(kl, 2)}). `;
  }

  function impossible(): string {
    const first = report && fit?.status === 'done' ? measuredOf(study, fit.report.target) : null;
    if (!report || !first || !isImplausible(report.optimum.predicted, first)) return '';
    const [low, high] = [first[0], first[first.length - 1]].map((end) => formatNumber(end, 3));
    return ` The prediction is far outside the measured range (${low} to ${high}): this regressor extrapolates. Do not rely on it.`;
  }
}

/** `0.930 with Russian, 0.272 without`: of a target with two regimes. */
function regimesText(domains: readonly Domain[], { domain, least, rows }: Regimes): string {
  const [{ with: some, without }] = rows;
  const [high, low] = [some, without].map(({ spearman }) => formatNumber(spearman, 3));
  const { name } = domains[domain];
  return least === 0
    ? `${high} with ${name}, ${low} without`
    : `${high} with more than ${formatPercent(least, 1)} ${name}, ${low} with less`;
}

/** The measured values of a target, ascending. */
function measuredOf(study: Study, target: string): Float64Array | null {
  const column = study.targets.findIndex(({ id }) => id === target);
  if (column < 0) return null;
  return columnOf(study.training.losses, column).filter(Number.isFinite).sort();
}
