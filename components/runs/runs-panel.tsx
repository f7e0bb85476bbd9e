'use client';

import { useCallback, useMemo } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { columnOf, rowOf } from '../../lib/matrix';
import { leadingWeights } from '../../lib/optimum/finding';
import { measureSpread } from '../../lib/runs/spread';
import type { Study } from '../../lib/study/types';
import { ChartFrame } from '../charts/chart-frame';
import { DistributionChart } from '../charts/distribution-chart';
import { Stage } from '../explorer/stage';
import { useSession, useStores, useView } from '../explorer/stores';
import { useBrushed } from '../explorer/use-brushed';
import { DataTable } from '../ui/data-table';
import { PaperRuns } from './paper-runs';
import { SaveRuns } from './save-runs';
import { TargetsTable } from './targets-table';

/** What was measured: how much mixtures matter for each target, and every run. */
export function RunsPanel({ onOpen }: { onOpen: () => void }) {
  const { study, settings } = useSession();
  const brushed = useBrushed();
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[targetIndex];
  const values = useMemo(() => columnOf(study.training.losses, targetIndex), [study, targetIndex]);
  const spread = useMemo(() => measureSpread(values, target.direction), [values, target]);
  const difference = Math.abs(spread.worstValue - spread.bestValue);

  return (
    <Stage
      id="runs"
      title="Runs"
      below
      finding={`Between the best and the worst of ${plural(spread.n, 'mixture')} lie ${formatNumber(difference, 3)} ${target.unit} of ${target.name}: that is what the choice of mixture decides, up to the noise of a single run.`}
    >
      <div className="stage-body">
        <div className="pair">
          <ChartFrame
            title={`${target.name} over runs`}
            fileName={`regmix-distribution-${target.id}`}
            how={`Histogram of the ${plural(spread.n, 'training run')} in which ${target.name} was measured. Best, median and worst are runs of the table.`}
            data={{
              columns: [
                { key: 'run', label: 'run' },
                { key: 'value', label: target.name, unit: target.unit, numeric: true },
              ],
              rows: () =>
                study.training.ids.map((id, row) => [
                  id,
                  Number.isFinite(values[row]) ? values[row] : null,
                ]),
            }}
          >
            <DistributionChart
              values={values}
              name={target.name}
              unit={target.unit}
              direction={target.direction}
              brushed={brushed?.rows ?? null}
            />
          </ChartFrame>
          <TargetsTable />
        </div>
        <div className="stage-controls">
          <p className="quiet small">{study.source.detail}</p>
          <button type="button" className="button" onClick={onOpen}>
            Open your runs
          </button>
          <PaperRuns />
          <SaveRuns study={study} />
          <p className="quiet small">
            Files are read in this tab and go nowhere. Drop a mixture CSV and a loss CSV anywhere on
            the page.
          </p>
        </div>
      </div>
      <RunsTable study={study} />
    </Stage>
  );
}

/** Every training run; picking a row marks it in the scatter. */
function RunsTable({ study }: { study: Study }) {
  const { view } = useStores();
  const picked = useView((state) => state.pickedRun);
  const table = study.training;
  const columns = useMemo(
    () => [
      { key: 'run', label: 'Run' },
      { key: 'mixture', label: 'Largest weights' },
      ...study.targets.map(({ id, name }) => ({ key: `target ${id}`, label: name, numeric: true })),
      ...study.domains.map(({ id, name }) => ({ key: `domain ${id}`, label: name, numeric: true })),
    ],
    [study],
  );
  const cell = useCallback(
    (row: number, column: number) => {
      if (column === 0) return table.ids[row];
      if (column === 1) return describeMixture(study, row);
      const target = column - 2;
      if (target < study.targets.length) {
        const value = table.losses.values[row * table.losses.columns + target];
        return Number.isFinite(value) ? value : null;
      }
      const domain = target - study.targets.length;
      return table.mixtures.values[row * table.mixtures.columns + domain];
    },
    [study, table],
  );
  return (
    <DataTable
      caption={`${plural(table.ids.length, 'training run')}`}
      columns={columns}
      rowCount={table.ids.length}
      cell={cell}
      format={(value, column) => {
        const isWeight = column >= 2 + study.targets.length;
        return isWeight ? formatPercent(value, 1) : formatNumber(value, 4);
      }}
      selectedRow={picked === null ? null : table.ids.indexOf(picked)}
      onSelect={(row) => view.setState({ pickedRun: row === null ? null : table.ids[row] })}
    />
  );
}

function describeMixture(study: Study, row: number): string {
  return leadingWeights(study.domains, rowOf(study.training.mixtures, row), 2)
    .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
    .join(', ');
}
