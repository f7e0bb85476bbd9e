'use client';

import { useMemo } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { columnOf, rowOf } from '../../lib/matrix';
import { leadingWeights } from '../../lib/optimum/finding';
import { findRegressor } from '../../lib/regression/regressors';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { Stage } from '../explorer/stage';
import { useActiveFit, useSession, useStores, useView } from '../explorer/stores';
import { ProgressLine } from '../ui/progress';
import { Select } from '../ui/select';
import { TypedOption } from '../ui/typed-option';
import { RegressorTable } from './regressor-table';

const outOfFold = 'Out of fold, 5 folds';

/** How well the runs predict mixtures that the fit has not seen. */
export function RegressionPanel() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const fit = useActiveFit();
  const evaluation = useView((state) => state.evaluation);
  const picked = useView((state) => state.pickedRun);
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[targetIndex];
  const regressor = findRegressor(settings.regressor);
  const report = fit?.status === 'done' ? fit.report : null;
  const test = report?.tests.find(({ name }) => name === evaluation) ?? null;
  const table = study.testSets.find(({ name }) => name === evaluation) ?? study.training;
  const points = useMemo(() => {
    const predicted = test?.predicted ?? report?.outOfFold;
    if (!predicted || predicted.length !== table.ids.length) return [];
    const measured = columnOf(table.losses, targetIndex);
    return table.ids
      .map((id, index) => ({ id, index, predicted: predicted[index], measured: measured[index] }))
      .filter((point) => Number.isFinite(point.predicted) && Number.isFinite(point.measured));
  }, [report, test, table, targetIndex]);
  const statistics = test?.statistics ?? report?.crossValidation;

  return (
    <Stage id="regression" title="Regression" finding={finding()}>
      <div className="row-controls">
        <Select
          label="Target"
          value={target.id}
          options={study.targets.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => store.editSettings({ target: id })}
        />
        <Select
          label="Rows"
          value={test ? test.name : ''}
          options={[
            { value: '', label: outOfFold },
            ...study.testSets.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(name) => view.setState({ evaluation: name === '' ? null : name })}
        />
      </div>
      {fit?.status === 'fitting' && fit.progress && <ProgressLine progress={fit.progress} />}
      <ChartFrame
        title="Predicted against measured"
        fileName={`regmix-predicted-${target.id}`}
        how={how()}
        data={{
          columns: [
            { key: 'run', label: 'run' },
            {
              key: 'predicted',
              label: `predicted ${target.name}`,
              unit: target.unit,
              numeric: true,
            },
            { key: 'measured', label: `measured ${target.name}`, unit: target.unit, numeric: true },
            { key: 'difference', label: 'difference', unit: target.unit, numeric: true },
          ],
          rows: () =>
            points.map(({ id, predicted, measured }) => [
              id,
              predicted,
              measured,
              measured - predicted,
            ]),
        }}
      >
        <ScatterChart
          points={points}
          name={target.name}
          unit={target.unit}
          band={report?.band90 ?? 0}
          picked={picked}
          onPick={(id) => view.setState({ pickedRun: id })}
          describe={describe}
        />
      </ChartFrame>
      <RegressorTable />
      {report && report.minRowsPerLeaf > 0 && (
        <div className="row-controls regression-controls">
          <TypedOption
            label="Rows a leaf, at least"
            name="trees"
            value={settings.minRowsPerLeaf}
            placeholder={`${report.minRowsPerLeaf} by n`}
            format={String}
            parse={rowsPerLeaf}
            expected="a whole number from 1 to 10000, or nothing for 20 scaled by n / 512"
            onChange={(minRowsPerLeaf) => store.editSettings({ minRowsPerLeaf })}
          />
        </div>
      )}
    </Stage>
  );

  function finding(): string {
    if (fit?.status === 'failed') return `${fit.message} ${fit.advice}`;
    if (!statistics || !report) return `${regressor.name} is being fitted to ${target.name}.`;
    const [low, high] = statistics.interval;
    const rows = test
      ? `the ${plural(statistics.n, 'run')} of ${test.name}`
      : 'runs it has not seen';
    const caveat = test?.usedForStopping
      ? ' It stopped on these very runs, so they are not unseen.'
      : '';
    return `${regressor.name}, on ${rows}: rho ${formatNumber(statistics.spearman, 3)} (95% interval ${formatNumber(low, 3)} to ${formatNumber(high, 3)}, n = ${statistics.n}).${caveat}`;
  }

  function how(): string {
    if (!report) return regressor.description;
    const rounds =
      report.rounds > 0
        ? ` ${report.rounds} rounds, at least ${plural(report.minRowsPerLeaf, 'row')} a leaf.`
        : '';
    const rows = test
      ? `Predictions for “${test.name}” by the fit on all training runs.`
      : 'Each run is predicted by a fit on the other four fifths of the runs.';
    return `${regressor.description}${rounds} ${rows} The band holds 90% of unseen runs: a conformal quantile of the out-of-fold residuals. Interval of rho: 95% bootstrap over runs.`;
  }

  function describe(index: number): string[] {
    const mixture = rowOf(table.mixtures, index);
    return leadingWeights(study.domains, mixture, 4).map(
      ({ name, weight }) => `${formatPercent(weight, 1)} ${name}`,
    );
  }
}

function rowsPerLeaf(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && value <= 10_000 ? value : null;
}
