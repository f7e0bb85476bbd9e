'use client';

import { formatNumber, formatPercent } from '../../lib/format';
import { leadingWeights } from '../../lib/optimum/finding';
import { useFormer } from '../optimum/use-former';
import { useOutdated } from '../optimum/use-outdated';
import { useActiveFit, useHidesAnswer, useOptimum, useSession } from './stores';

/** On small screens: the answer, and the way to its sliders, from wherever the reader is. */
export function BottomBar() {
  const { study } = useSession();
  const { report, feasibility, status } = useOptimum((state) => state);
  const fit = useActiveFit().state;
  const isOutdated = useOutdated();
  const isFormer = useFormer();
  if (useHidesAnswer()) {
    return (
      <nav className="bottom-bar" aria-label="Your turn">
        <span>The answer is hidden</span>
        <a href="#challenge">Your turn</a>
      </nav>
    );
  }
  return (
    <nav className="bottom-bar" aria-label="Optimum">
      <span>{summary()}</span>
      <a href="#optimum">Optimum</a>
      <a href="#limits">Limits</a>
    </nav>
  );

  function summary(): string {
    if (!feasibility.feasible) return 'No mixture meets your limits';
    if (!report || isOutdated) {
      return fit?.status === 'failed' || status === 'failed' ? 'No fit, no optimum' : 'Fitting…';
    }
    const [first] = leadingWeights(study.domains, report.optimum.weights, 1);
    const by = isFormer ? ', former runs' : '';
    return `${formatPercent(first.weight, 0)} ${first.name}, ${formatNumber(report.optimum.predicted, 3)}${by}`;
  }
}
