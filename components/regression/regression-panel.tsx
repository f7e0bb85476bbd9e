'use client';

import { useMemo } from 'react';
import { formatNumber, formatPercent, plural } from '../../lib/format';
import { columnOf, rowOf } from '../../lib/matrix';
import { leadingWeights } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import { bandLevels } from '../../lib/regression/conformal';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { Stage } from '../explorer/stage';
import { useActiveFit, useSession, useStores, useView } from '../explorer/stores';
import { useBrushed } from '../explorer/use-brushed';
import { ProgressLine } from '../ui/progress';
import { Select } from '../ui/select';
import { TypedOption } from '../ui/typed-option';
import { RegressorTable } from './regressor-table';

const outOfFold = 'Out of fold, 5 folds';

/** How well the runs predict mixtures that the fit has not seen. */
export function RegressionPanel() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const { state: fit, regressor: shown, standsIn } = useActiveFit();
  const band = useView((state) => state.band);
  const evaluation = useView((state) => state.evaluation);
  const picked = useView((state) => state.pickedRun);
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[targetIndex];
  const brushed = useBrushed();
  const regressor = regressorInfo(shown);
  const chosen = regressorInfo(settings.regressor);
  const report = fit?.status === 'done' ? fit.report : null;
  const test = report?.tests.find(({ name }) => name === evaluation) ?? null;
  const table = study.testSets.find(({ name }) => name === evaluation) ?? study.training;
  const points = useMemo(() => {
    const predicted = test?.predicted ?? report?.outOfFold;
    if (!predicted || predicted.length !== table.ids.length) return [];
    const measured = columnOf(table.losses, targetIndex);
    return table.ids
      .map((id, index) => ({
        id,
        index,
        predicted: predicted[index],
        measured: measured[index],
        round: table.rounds?.[index] ?? 0,
        // Brushes choose among training runs.
        dimmed: table === study.training && brushed !== null && brushed.rows[index] === 0,
      }))
      .filter((point) => Number.isFinite(point.predicted) && Number.isFinite(point.measured));
  }, [report, test, table, targetIndex, brushed, study]);
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
            { value: '', label: regressor.mayHaveSeenRuns ? 'Training runs' : outOfFold },
            ...study.testSets.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(name) => view.setState({ evaluation: name === '' ? null : name })}
        />
        <Select
          label="Band"
          value={String(band)}
          options={bandLevels.map((level) => ({
            value: String(level),
            label: `${level}%`,
          }))}
          onChange={(value) =>
            view.setState({ band: bandLevels.find((level) => String(level) === value) ?? 90 })
          }
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
          band={report?.bands.halfWidths[band] ?? 0}
          level={band}
          picked={picked}
          onPick={(id) => view.setState({ pickedRun: id })}
          describe={describe}
          empty={
            fit?.status === 'failed' ? 'Nothing was fitted, so nothing is predicted.' : undefined
          }
        />
      </ChartFrame>
      <RegressorTable />
      {report && report.minRowsPerLeaf > 0 && (
        <div className="row-controls regression-controls">
          <TypedOption
            key={study.id}
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
      : regressor.mayHaveSeenRuns
        ? 'the training runs'
        : 'runs it has not seen';
    const caveat = test?.usedForStopping
      ? ' It stopped on these very runs, so they are not unseen.'
      : regressor.mayHaveSeenRuns
        ? ' It was fitted elsewhere and may have seen these very runs: what it knows of unseen ones is not shown by this.'
        : '';
    const note = standsIn
      ? ` It stands in while ${chosen.name} is being fitted, and gives way to it.`
      : '';
    return `${regressor.name}, on ${rows}: rho ${formatNumber(statistics.spearman, 3)} (95% interval ${formatNumber(low, 3)} to ${formatNumber(high, 3)}, n = ${statistics.n}).${caveat}${note}`;
  }

  function how(): string {
    if (!report) return regressor.description;
    const rounds =
      report.rounds > 0
        ? ` ${report.rounds} rounds, at least ${plural(report.minRowsPerLeaf, 'row')} a leaf.`
        : '';
    const rows = test
      ? `Predictions for “${test.name}” by the fit on all training runs.`
      : regressor.mayHaveSeenRuns
        ? 'Each run is predicted by the model as it was imported.'
        : 'Each run is predicted by a fit on the other four fifths of the runs.';
    const residuals =
      report.bands.rows === 'leave-one-out'
        ? 'residuals of each run left out in turn'
        : regressor.mayHaveSeenRuns
          ? 'residuals of runs that it may have seen'
          : 'out-of-fold residuals';
    return `${regressor.description}${rounds} ${rows} The band, ±${formatNumber(report.bands.halfWidths[band], 3)}, holds ${band}% of ${regressor.mayHaveSeenRuns ? 'these' : 'unseen'} runs: a conformal quantile of the ${residuals}. Interval of rho: 95% bootstrap over runs.`;
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
