'use client';

import { useMemo } from 'react';
import { columnOf } from '../../lib/model/matrix';
import type { FitReport } from '../../lib/model/regressor';
import type { RunTable } from '../../lib/model/study';
import { useBrushed } from '../shell/hooks';
import { useSession } from '../shell/stores';
import { useShownFit } from './shown-fit';

/** A run with its predicted and measured value, in the target's unit. */
interface PredictedPoint {
  readonly id: string;
  /** Row of the table. */
  readonly index: number;
  readonly predicted: number;
  readonly measured: number;
  readonly round: number;
  readonly isOutlier: boolean;
  readonly dimmed: boolean;
}

interface PredictedPoints {
  /** Runs with both values. */
  readonly points: readonly PredictedPoint[];
  /** The rows that are predicted. */
  readonly table: RunTable;
  /** Errors on the test set that was asked for; null = out of fold. */
  readonly test: FitReport['tests'][number] | null;
}

/**
 * The runs of a test set, or the training runs out of fold, as the fit on view predicts them.
 *
 * @param evaluation name of the test set; null = out of fold
 */
export function usePredictedPoints(evaluation: string | null): PredictedPoints {
  const { study, settings } = useSession();
  const shown = useShownFit();
  const brushed = useBrushed();
  const report = shown?.report ?? null;
  const test = report?.tests.find(({ name }) => name === evaluation) ?? null;
  const fitted = shown?.study ?? study;
  const table = fitted.testSets.find(({ name }) => name === test?.name) ?? fitted.training;
  const target = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const points = useMemo(() => {
    const predicted = test?.predicted ?? report?.outOfFold;
    if (!predicted || predicted.length !== table.ids.length) return [];
    const measured = columnOf(table.losses, target);
    const outliers = new Set(report?.outliers);
    return table.ids
      .map((id, index) => ({
        id,
        index,
        predicted: predicted[index],
        measured: measured[index],
        round: table.rounds?.[index] ?? 0,
        // Brushes select training runs only.
        isOutlier: table === fitted.training && outliers.has(index),
        dimmed: table === study.training && brushed !== null && brushed.rows[index] === 0,
      }))
      .filter((point) => Number.isFinite(point.predicted) && Number.isFinite(point.measured));
  }, [report, test, table, target, brushed, study, fitted]);
  return { points, table, test };
}
