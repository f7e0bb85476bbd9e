'use client';

import { formatNumber, plural } from '../../lib/model/format';
import { useFormer, useOutdated, usePredictedOptimum } from '../optimum/hooks';
import { Stage, WhenNear } from '../shell/stage';
import { useHidesAnswer, useOptimum, useSession } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const ExportBody = lazyPart(() => import('./export-body'));

/** The optimum in a format for trainers, and the fit behind it. */
export function ExportPanel() {
  const { study } = useSession();
  const isHidden = useHidesAnswer();
  const { report, solved, advice, status } = useOptimum((state) => state);
  const predicted = usePredictedOptimum();
  const isOutdated = useOutdated();
  const isFormer = useFormer();

  return (
    <Stage id="export" title="Export" below finding={finding()}>
      <WhenNear height={420}>
        <ExportBody />
      </WhenNear>
    </Stage>
  );

  function finding(): string {
    if (isHidden) return 'The answer is hidden, so there is nothing to export yet.';
    if (status === 'infeasible') return 'No mixture meets your limits, so there is none to export.';
    if (!report || !solved || isOutdated) return 'Waiting for the optimum.';
    if (advice?.verb === 'none') return `${advice.words}, so there is no mixture to export.`;
    const names = solved.terms.map(
      ({ target }) => study.targets.find(({ id }) => id === target)?.name ?? target,
    );
    const sought = solved.seek === 'worst' ? 'The worst mixture' : 'The optimum';
    const what =
      names.length === 1
        ? `${names[0]}, predicted ${formatNumber(predicted ?? report.optimum.predicted, 3)}`
        : plural(names.length, 'target');
    const by = isFormer ? ', found from the former runs' : '';
    return `${sought} for ${what}${by}: weights that sum to exactly 1.`;
  }
}
