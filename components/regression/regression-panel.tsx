'use client';

/**
 * The regression stage: predicted against measured values, the selected run, and the table of
 * regressors.
 */
import { useMemo } from 'react';
import { fitKey, importedModel } from '../../lib/analysis/keys';
import { formatDurationShort, formatNumber, formatPercent, plural } from '../../lib/model/format';
import { columnOf, rowOf } from '../../lib/model/matrix';
import { bandLevels, type FitStatistics, significance } from '../../lib/model/regressor';
import { leadingWeights } from '../../lib/optimum/finding';
import { halfWidthOf, runsForLevel } from '../../lib/regression/bands';
import { catalogue, longFit, recommend, regressorInfo } from '../../lib/regression/catalogue';
import { ChartFrame } from '../charts/chart-frame';
import { ScatterChart } from '../charts/scatter-chart';
import { ObjectiveNotes } from '../optimum/objective-notes';
import { FarRuns, LeftOutCount } from '../runs/far-runs';
import { useDemand, useNear } from '../shell/hooks';
import { Stage } from '../shell/stage';
import {
  useActiveFit,
  useAnalysis,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStores,
  useView,
} from '../shell/stores';
import { Choice, Select } from '../ui/controls';
import { NumericHead, ScrollX } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import { TypedOption } from '../ui/typed-value';
import { usePredictedPoints } from './predicted-points';
import { RegimesTable } from './regimes';
import { useShownFit } from './shown-fit';

const outOfFold = 'Out of fold';

/** How well the regression predicts runs that it was not fitted to. */
export function RegressionPanel() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const { state: fit, regressor: latest } = useActiveFit();
  const shown = useShownFit();
  const isPreliminary = shown?.isPreliminary ?? false;
  const band = useView((state) => state.band);
  const evaluation = useView((state) => state.evaluation);
  const picked = useView((state) => state.pickedRun);
  const isHidden = useHidesAnswer();
  const targetIndex = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[targetIndex];
  const regressor = regressorInfo(shown?.regressor ?? latest);
  const chosen = regressorInfo(settings.regressor);
  const report = shown?.report ?? null;
  const { points, table, test } = usePredictedPoints(evaluation);
  const statistics = test?.statistics ?? report?.crossValidation;
  const halfAt = report ? halfWidthOf(report.bands, band) : null;

  return (
    <Stage id="regression" title="Regression" finding={finding()}>
      <div className="row-controls">
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
          options={bandLevels.map((level) => {
            const isMissing = report !== null && report.bands.halfWidths[level] === null;
            return {
              value: String(level),
              label: isMissing ? `${level}%, needs ${runsForLevel(level)} runs` : `${level}%`,
              disabled: isMissing,
            };
          })}
          onChange={(value) =>
            view.setState({ band: bandLevels.find((level) => String(level) === value) ?? 90 })
          }
        />
      </div>
      <ObjectiveNotes />
      {!report && fit?.status === 'fitting' && fit.progress && (
        <ProgressLine progress={fit.progress} />
      )}
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
          direction={target.direction}
          band={halfAt}
          level={band}
          held={test?.coverage[band] ?? null}
          picked={picked}
          onPick={(id) => view.setState({ pickedRun: id })}
          describe={describe}
          empty={fit?.status === 'failed' ? 'No fit, so no predictions.' : undefined}
        />
      </ChartFrame>
      <FarRuns />
      <LeftOutCount />
      {report?.regimes && (
        <RegimesTable regimes={report.regimes} domains={study.domains} target={target.name} />
      )}
      {report && report.minRowsPerLeaf > 0 && (
        <div className="row-controls regression-controls">
          <TypedOption
            key={study.id}
            label="Least rows per leaf"
            name="trees"
            value={settings.minRowsPerLeaf}
            placeholder={`${report.minRowsPerLeaf} by n`}
            format={String}
            parse={rowsPerLeaf}
            expected="a whole number from 1 to 10000, or empty for 20 scaled by n / 512"
            onChange={(minRowsPerLeaf) => store.editSettings({ minRowsPerLeaf })}
          />
        </div>
      )}
    </Stage>
  );

  function finding(): string {
    if (fit?.status === 'failed') return `${fit.message} ${fit.advice}`;
    if (!statistics || !report) return `Fitting ${regressor.name} to ${target.name}…`;
    const [low, high] = statistics.interval;
    const rows = test
      ? `the ${plural(statistics.n, 'run')} of ${test.name}`
      : regressor.mayHaveSeenRuns
        ? 'the training runs'
        : 'runs it has not seen';
    const caveat = test?.usedForStopping
      ? ' Early stopping used these runs, so they are not unseen.'
      : regressor.mayHaveSeenRuns
        ? ' It was fitted elsewhere and may have seen these runs, so its error on unseen runs is unknown.'
        : '';
    const note = isPreliminary ? ` Preliminary; refining with ${chosen.name}.` : '';
    const signal =
      report.signal.p > significance
        ? `These runs do not tell mixtures apart (p = ${formatNumber(report.signal.p, 2)}). `
        : '';
    return `${signal}${regressor.name}, on ${rows}: rho ${formatNumber(statistics.spearman, 3)} (95% interval ${formatNumber(low, 3)} to ${formatNumber(high, 3)}, n = ${statistics.n}).${caveat}${note}`;
  }

  function how(): string {
    if (!report) return regressor.description;
    const rounds =
      report.rounds > 0
        ? ` ${report.rounds} rounds, at least ${plural(report.minRowsPerLeaf, 'row')} per leaf.`
        : '';
    const rows = test
      ? `Predictions for “${test.name}” by the fit on all training runs.`
      : regressor.mayHaveSeenRuns
        ? 'Each run is predicted by the imported model.'
        : 'Cross-validation: each fold is predicted by a fit to the others. Runs of one mixture share a fold.';
    const residuals =
      report.bands.rows === 'leave-one-out'
        ? 'leave-one-out residuals'
        : regressor.mayHaveSeenRuns
          ? 'residuals of runs it may have seen'
          : 'out-of-fold residuals';
    const half = report.bands.halfWidths[band];
    const bands =
      half === null
        ? `A band of ${band}% needs ${runsForLevel(band)} runs of different mixtures.`
        : `The band, ±${formatNumber(half, 3)} at the mean prediction, holds ${band}% of ${regressor.mayHaveSeenRuns ? 'these' : 'unseen'} runs: a conformal quantile of the ${residuals}, scaled to the prediction.`;
    const signal = `The runs tell mixtures apart with p = ${formatNumber(report.signal.p, 3)} (${report.signal.permutations} permutations).`;
    return `${regressor.description}${rounds} ${rows} ${bands} Interval of rho: 95% bootstrap over runs. ${signal}`;
  }

  function describe(index: number): string[] {
    // The best run's weights are near the answer.
    if (isHidden) return [];
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

/**
 * Every regressor on the selected target, with its errors on the selected rows; selecting one
 * refits the page.
 */
export function RegressorTable() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const evaluation = useView((state) => state.evaluation);
  const { rows, columns } = study.training.mixtures;
  const [place, isNear] = useNear();
  useDemand('rivals', isNear);
  const imported = importedModel(study, settings.target);
  const listed = imported
    ? [...catalogue, { ...regressorInfo('imported'), name: `Imported: ${imported.name}` }]
    : catalogue;
  // Where no fit ranks unseen mixtures there is none to recommend.
  const isAdvised = useOptimum(({ advice }) => advice?.verb !== 'none');
  const recommendation = useMemo(() => {
    const reports = catalogue.flatMap(({ id }) => {
      const fit = fits.get(fitKey(study, settings.target, id, settings));
      return fit?.status === 'done' ? [fit.report] : [];
    });
    const column = study.targets.findIndex(({ id }) => id === settings.target);
    return recommend(reports, columnOf(study.training.losses, Math.max(0, column)));
  }, [fits, study, settings]);
  return (
    <div ref={place} className="regressors">
      {recommendation && isAdvised && <p className="quiet small">{recommendation.sentence}</p>}
      <ScrollX label="Regressors, scrolls sideways">
        <table className="figures figures-narrow" aria-label="Regressors compared">
          <thead>
            <tr>
              <th scope="col">Regressor</th>
              <NumericHead title="Spearman’s rho, with its 95% interval">rho, 95%</NumericHead>
              <NumericHead>RMSE</NumericHead>
              <NumericHead title="Share of pairs of runs that the fit puts in their measured order">
                Pairs right
              </NumericHead>
              <NumericHead title="How much worse the run is that the fit ranks first than the best run measured">
                Top-1 regret
              </NumericHead>
            </tr>
          </thead>
          <tbody>
            {listed.map(({ id, name, stopsOnTestSet }) => {
              if (stopsOnTestSet && study.testSets.length === 0) return null;
              const fit = fits.get(fitKey(study, settings.target, id, settings));
              const chosen = id === settings.regressor;
              const took = fit?.status === 'done' ? fitText(fit.report.fitMs) : null;
              return (
                <tr key={id} className={chosen ? 'chosen' : undefined}>
                  <th scope="row">
                    <Choice
                      label={name}
                      chosen={chosen}
                      onChoose={() => store.editSettings({ regressor: id })}
                    />
                    {took && <span className="figure-note">fitted in {took}</span>}
                  </th>
                  {cells()}
                </tr>
              );

              function cells() {
                if (fit?.status === 'failed') {
                  return (
                    <td colSpan={4} className="refused">
                      {fit.message}
                    </td>
                  );
                }
                if (fit?.status !== 'done') {
                  const long = fit ? null : longFit(id, rows, columns);
                  return (
                    <td colSpan={4} className="numeric quiet">
                      {long === null
                        ? progressText(fit?.progress ?? null, fit !== undefined)
                        : `about ${formatDurationShort(long)}: select it to fit`}
                    </td>
                  );
                }
                const { report } = fit;
                const test = report.tests.find((candidate) => candidate.name === evaluation);
                const statistics = test?.statistics ?? report.crossValidation;
                return <StatisticsCells statistics={statistics} />;
              }
            })}
          </tbody>
        </table>
      </ScrollX>
    </div>
  );
}

/** The interval stands below rho, so that the table is as narrow as a phone. */
function StatisticsCells({ statistics }: { statistics: FitStatistics }) {
  const [low, high] = statistics.interval;
  return (
    <>
      <td className="numeric">
        {formatNumber(statistics.spearman, 3)}
        <span className="figure-note">
          {formatNumber(low, 3)} to {formatNumber(high, 3)}
        </span>
      </td>
      <td className="numeric">{formatNumber(statistics.rmse, 3)}</td>
      <td className="numeric">{formatPercent(statistics.pairsRight, 1)}</td>
      <td className="numeric">{formatNumber(statistics.topRegret, 3)}</td>
    </>
  );
}

function fitText(ms: number): string {
  return ms < 1 ? '< 1 ms' : `${formatNumber(ms, 0)} ms`;
}

function progressText(progress: { done: number; total: number } | null, started: boolean): string {
  if (!started) return 'waiting';
  if (!progress || progress.total === 0) return 'fitting';
  return `fitting, ${Math.round((100 * progress.done) / progress.total)}%`;
}
