'use client';

/** The runs stage: tables of targets and of runs, and their export. */
import { useCallback, useMemo, useState } from 'react';
import { fitKey } from '../../lib/analysis/keys';
import { download } from '../../lib/browser/files';
import { errorMessage } from '../../lib/model/errors';
import {
  betterText,
  formatNumber,
  formatPercent,
  plural,
  unitBeside,
} from '../../lib/model/format';
import { loadCode } from '../../lib/model/load-code';
import { columnOf, rowOf } from '../../lib/model/matrix';
import type { Study } from '../../lib/model/study';
import { leadingWeights } from '../../lib/optimum/finding';
import { withoutOutliers } from '../../lib/regression/outliers';
import { measureSpread } from '../../lib/runs/spread';
import { ChartFrame } from '../charts/chart-frame';
import { DistributionChart } from '../charts/distribution-chart';
import { useActions } from '../shell/actions';
import { useBrushed, useDemand, useNear } from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useAnalysis, useHidesAnswer, useSession, useStores, useView } from '../shell/stores';
import { Choice } from '../ui/controls';
import { DataTable } from '../ui/data-table';
import { NumericHead, ScrollX } from '../ui/layout';
import { Menu } from '../ui/menu';
import { LeftOutRuns } from './far-runs';
import { PaperRuns } from './paper-runs';

/** The measurements: how much mixtures matter for each target, and every run. */
export function RunsPanel() {
  const { openRuns } = useActions();
  const { study, settings } = useSession();
  const brushed = useBrushed();
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[targetIndex];
  const values = useMemo(() => columnOf(study.training.losses, targetIndex), [study, targetIndex]);
  const spread = useMemo(
    () => measureSpread(withoutOutliers(values, target.direction), target.direction),
    [values, target],
  );
  const difference = Math.abs(spread.worstValue - spread.bestValue);

  return (
    <Stage
      id="runs"
      title="Runs"
      below
      finding={`Between the best and the worst of ${plural(spread.n, 'mixture')} lie ${[formatNumber(difference, 3), unitBeside(target.name, target.unit)].join(' ').trim()} of ${target.name}: the effect of the mixture, plus the noise of a single run.`}
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
          <button type="button" className="button" onClick={() => openRuns()}>
            Open your runs
          </button>
          <PaperRuns />
          <SaveRuns study={study} />
          <p className="quiet small">
            Files are read in this tab and sent nowhere. Drop a mixture CSV and a loss CSV anywhere on
            the page.
          </p>
        </div>
      </div>
      <LeftOutRuns />
      <RunsTable study={study} />
    </Stage>
  );
}

/** Every training run; selecting a row marks it in the scatter. */
function RunsTable({ study }: { study: Study }) {
  const { view } = useStores();
  const picked = useView((state) => state.pickedRun);
  const isHidden = useHidesAnswer();
  const table = study.training;
  const columns = useMemo(
    () => [
      { key: 'run', label: 'Run' },
      { key: 'mixture', label: 'Largest weights' },
      ...study.targets.map(({ id, name }) => ({
        key: `target ${id}`,
        label: name,
        numeric: true,
        // The best run's weights are near the answer.
        isUnsorted: isHidden,
      })),
      ...study.domains.map(({ id, name }) => ({ key: `domain ${id}`, label: name, numeric: true })),
    ],
    [study, isHidden],
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
    <>
      {isHidden && (
        <p className="quiet small">
          Sorting by loss is off while the answer is hidden: the best run’s weights are near it.
        </p>
      )}
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
    </>
  );
}

function describeMixture(study: Study, row: number): string {
  return leadingWeights(study.domains, rowOf(study.training.mixtures, row), 2)
    .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
    .join(', ');
}

type Writers = typeof import('../../lib/runs/write-runs');

/** Exports the training runs in both supported pairs of CSVs. */
function SaveRuns({ study }: { study: Study }) {
  const { training, domains, targets } = study;
  const [problem, setProblem] = useState('');

  async function save(name: string, write: (writers: Writers) => string): Promise<void> {
    setProblem('');
    try {
      const writers = await loadCode(() => import('../../lib/runs/write-runs'));
      download(name, 'text/csv;charset=utf-8', write(writers));
    } catch (error) {
      setProblem(errorMessage(error));
    }
  }
  const regmix = (kind: 'mixtures' | 'losses') =>
    save(`regmix-${kind}.csv`, ({ writeRuns }) => writeRuns(training, domains, targets)[kind]);
  const olmix = (kind: 'ratios' | 'metrics') =>
    save(`${kind}.csv`, ({ writeOlmixRuns }) => writeOlmixRuns(training, domains, targets)[kind]);
  return (
    <>
      <Menu
        label="Save these runs"
        accessibleLabel="Save these runs as CSV files"
        items={[
          { label: 'RegMix, mixtures', onSelect: () => void regmix('mixtures') },
          { label: 'RegMix, losses', onSelect: () => void regmix('losses') },
          { label: 'olmix, ratios.csv', onSelect: () => void olmix('ratios') },
          { label: 'olmix, metrics.csv', onSelect: () => void olmix('metrics') },
        ]}
      />
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </>
  );
}

/**
 * Every target with its spread over mixtures and how well it is predicted; selecting one makes it
 * the target.
 */
function TargetsTable() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const [place, isNear] = useNear<HTMLTableElement>();
  useDemand('targets', isNear);
  const spreads = useMemo(
    () =>
      study.targets.map(({ direction }, index) =>
        measureSpread(
          withoutOutliers(columnOf(study.training.losses, index), direction),
          direction,
        ),
      ),
    [study],
  );
  return (
    <ScrollX label="Targets, scrolls sideways">
      <table ref={place} className="figures">
        <caption>Targets, best to worst over the training runs, and out-of-fold rho</caption>
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col">Better</th>
            <NumericHead>n</NumericHead>
            <NumericHead>Best</NumericHead>
            <NumericHead>Median</NumericHead>
            <NumericHead>Worst</NumericHead>
            <NumericHead>rho</NumericHead>
          </tr>
        </thead>
        <tbody>
          {study.targets.map(({ id, name, unit, direction }, index) => {
            const fit = fits.get(fitKey(study, id, settings.regressor, settings));
            const { n, bestValue, median, worstValue } = spreads[index];
            const chosen = id === settings.target;
            return (
              <tr key={id} className={chosen ? 'chosen' : undefined}>
                <th scope="row">
                  <Choice
                    label={name}
                    title={`${unit === '' ? 'unit unknown' : unit}, ${betterText(direction)}`}
                    chosen={chosen}
                    onChoose={() => store.editSettings({ target: id })}
                  />
                </th>
                <td>{direction}</td>
                <td className="numeric">{n}</td>
                <td className="numeric">{formatNumber(bestValue, 3)}</td>
                <td className="numeric">{formatNumber(median, 3)}</td>
                <td className="numeric">{formatNumber(worstValue, 3)}</td>
                <td className="numeric">
                  {fit?.status === 'done'
                    ? formatNumber(fit.report.crossValidation.spearman, 3)
                    : fit?.status === 'failed'
                      ? 'failed'
                      : '…'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollX>
  );
}
