'use client';

/** The verdict on a fit: how far its ranks, its values and its optimum are to be trusted. */
import { useMemo } from 'react';
import { activeModels } from '../../lib/analysis/analysis-store';
import { columnOf } from '../../lib/model/matrix';
import { standardDeviation } from '../../lib/model/statistics';
import { boundsOf } from '../../lib/optimum/constraints';
import { type Clause, type Verdict as Judgement, verdictOn } from '../../lib/optimum/verdict';
import { regressorInfo } from '../../lib/regression/catalogue';
import { withoutOutliers } from '../../lib/regression/outliers';
import { useStability } from '../optimum/hooks';
import { useShownFit } from '../regression/shown-fit';
import { useAnalysis, useHidesAnswer, useOptimum, useSession } from '../shell/stores';
import { GradeMark } from '../ui/grade-mark';
import { Termed } from '../ui/term';
import '../ui/advice.css';

/** One sentence, and three clauses with their evidence. */
export function Verdict() {
  const { study, settings } = useSession();
  const shown = useShownFit();
  const fits = useAnalysis((state) => state.fits);
  const { report, advice } = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const stability = useStability();
  const spread = useMemo(() => {
    const column = study.targets.findIndex(({ id }) => id === settings.target);
    const { direction } = study.targets[column] ?? study.targets[0];
    const values = columnOf(study.training.losses, Math.max(0, column));
    return standardDeviation(withoutOutliers(values, direction).filter(Number.isFinite));
  }, [study, settings.target]);
  if (!shown) {
    return (
      <div className="finding">
        <h1>Fitting…</h1>
      </div>
    );
  }
  const { models } = activeModels({ study, settings }, fits);
  const isNeverRefitted =
    settings.engine === 'paper' ||
    settings.engine === 'simulation' ||
    (models?.some(({ kind }) => kind === 'trees' || kind === 'onnx') ?? false);
  const isOver = stability.status === 'failed' || isNeverRefitted;
  return (
    <VerdictView
      {...verdictOn({
        fit: shown.report,
        mayHaveSeenRuns: regressorInfo(shown.regressor).mayHaveSeenRuns ?? false,
        spread,
        found: isHidden
          ? undefined
          : report?.optimum.weights.length === study.domains.length
            ? report
            : null,
        advice,
        bounds: boundsOf(settings.constraints, study),
        names: study.domains.map(({ name }) => name),
        stability: stability.status === 'done' ? stability.value : isOver ? null : undefined,
      })}
    />
  );
}

/** A verdict as the heading of its room and three columns with a rule between them. */
export function VerdictView({ headline, clauses }: Judgement) {
  return (
    <section className="finding" aria-label="Verdict">
      <h1>{headline}</h1>
      <div className="columns">
        {clauses.map((clause) => (
          <ClauseView key={clause.about} {...clause} />
        ))}
      </div>
    </section>
  );
}

function ClauseView({ about, grade, title, figure, text }: Clause) {
  return (
    <section className="column" data-grade={grade}>
      <h3>
        <GradeMark grade={grade} /> {title}{' '}
        <span className="quiet">
          <Termed of="rho" text={figure} />
        </span>
      </h3>
      <p>{about === 'values' ? <Termed of="band" text={text} /> : text}</p>
    </section>
  );
}
