'use client';

import { plural } from '../../lib/model/format';
import type { Progress } from '../../lib/model/job';
import type { Interactions } from '../../lib/regression/interactions';
import { fewestMixtures } from '../../lib/regression/ties';
import { revisionOf } from '../../lib/study/identity';
import { chosenRows } from '../charts/chosen-runs';
import { useDemand, useRunChoice, useTask } from '../shell/hooks';
import { useAnalysis, useSession, useView } from '../shell/stores';

/** Correlations over the runs that the reader brushed, else over all. */
export interface ShownInteractions {
  /** null while they are not measured, and where they cannot be. */
  readonly value: Interactions | null;
  readonly progress: Progress | null;
  /** Why there are none, and what to do; empty while they are being measured. */
  readonly problem: string;
  /** Over which runs: a sentence. */
  readonly over: string;
  /** Runs behind them. */
  readonly runs: number;
  readonly isBrushed: boolean;
}

/** @param isNear whether what shows them is near the viewport: else nothing is measured */
export function useInteractions(isNear: boolean): ShownInteractions {
  const { study } = useSession();
  const all = useAnalysis((state) => state.interactions);
  const brushes = useView((state) => state.brushes);
  const choice = useRunChoice();
  const { kind, count, total, targets } = choice;
  const isBrushed = kind === 'drawn';
  const isTooFew = isBrushed && count < fewestMixtures;
  useDemand('interactions', isNear && !isBrushed);
  const revision = revisionOf(study);
  const task = useTask(
    'interactions',
    isBrushed && !isTooFew ? JSON.stringify([revision, [...brushes]]) : null,
    () => ({ revision, rows: chosenRows(choice) }),
    revision,
    isNear,
  );
  if (isTooFew) {
    const problem = `No data: ${plural(count, 'run')} brushed, and a correlation needs ${fewestMixtures}. Widen the brush or clear it.`;
    return { value: null, progress: null, problem, over: '', runs: count, isBrushed };
  }
  if (isBrushed) {
    const weakened =
      targets.length > 0 ? ' They were chosen by a target, which weakens its correlations.' : '';
    return {
      value: task.value,
      progress: task.progress,
      problem: task.problem,
      over:
        task.status === 'done'
          ? `Over the ${plural(count, 'brushed run')} of ${total.toLocaleString('en')}.${weakened}`
          : 'Of the runs brushed before; being measured for this brush.',
      runs: count,
      isBrushed,
    };
  }
  return {
    value: all.status === 'done' ? all.value : null,
    progress: all.status === 'pending' ? all.progress : null,
    problem: all.status === 'failed' ? `${all.message} ${all.advice}`.trim() : '',
    over:
      kind === 'best'
        ? `Over all ${plural(total, 'run')}: runs chosen by their loss would bias it.`
        : `Over all ${plural(total, 'run')}.`,
    runs: total,
    isBrushed,
  };
}
