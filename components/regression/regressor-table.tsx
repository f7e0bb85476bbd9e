'use client';

import { useMemo } from 'react';
import { formatNumber, formatPercent } from '../../lib/format';
import { columnOf } from '../../lib/matrix';
import { catalogue, regressorInfo } from '../../lib/regression/catalogue';
import { recommend } from '../../lib/regression/recommendation';
import type { FitStatistics } from '../../lib/regression/types';
import { fitKey, importedModel } from '../../lib/store/keys';
import { useAnalysis, useSession, useStores, useView } from '../explorer/stores';
import { useDemand, useNear } from '../explorer/use-near';
import { Choice } from '../ui/choice';
import { NumericHead } from '../ui/numeric-head';
import { ScrollX } from '../ui/scroll-x';

/** Every regressor on the chosen target, measured on the rows on view; choosing one refits the page. */
export function RegressorTable() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const evaluation = useView((state) => state.evaluation);
  const [place, isNear] = useNear();
  useDemand('rivals', isNear);
  const imported = importedModel(study, settings.target);
  const listed = imported
    ? [...catalogue, { ...regressorInfo('imported'), name: `Imported: ${imported.name}` }]
    : catalogue;
  const recommendation = useMemo(() => {
    const reports = catalogue.flatMap(({ id }) => {
      const fit = fits.get(fitKey(study, settings.target, id, settings));
      return fit?.status === 'done' ? [fit.report] : [];
    });
    const column = study.targets.findIndex(({ id }) => id === settings.target);
    return recommend(reports, columnOf(study.training.losses, Math.max(0, column)));
  }, [fits, study, settings]);
  return (
    <div ref={place}>
      {recommendation && <p className="quiet small">{recommendation.sentence}</p>}
      <ScrollX label="Regressors, scrolls sideways">
        <table className="figures" aria-label="Regressors compared">
          <thead>
            <tr>
              <th scope="col">Regressor</th>
              <NumericHead>rho</NumericHead>
              <NumericHead>RMSE</NumericHead>
              <NumericHead title="Of any two runs, how often the fit names the better one">
                Pairs right
              </NumericHead>
              <NumericHead title="What training the mixture that the fit likes best would have cost, against the best one measured">
                Top-1 regret
              </NumericHead>
              <NumericHead>95% interval of rho</NumericHead>
              <NumericHead>Fit</NumericHead>
            </tr>
          </thead>
          <tbody>
            {listed.map(({ id, name, stopsOnTestSet }) => {
              if (stopsOnTestSet && study.testSets.length === 0) return null;
              const fit = fits.get(fitKey(study, settings.target, id, settings));
              const chosen = id === settings.regressor;
              return (
                <tr key={id} className={chosen ? 'chosen' : undefined}>
                  <th scope="row">
                    <Choice
                      label={name}
                      chosen={chosen}
                      onChoose={() => store.editSettings({ regressor: id })}
                    />
                  </th>
                  {cells()}
                </tr>
              );

              function cells() {
                if (fit?.status === 'failed') {
                  return (
                    <td colSpan={6} className="refused">
                      {fit.message}
                    </td>
                  );
                }
                if (fit?.status !== 'done') {
                  return (
                    <td colSpan={6} className="numeric quiet">
                      {progressText(fit?.progress ?? null, fit !== undefined)}
                    </td>
                  );
                }
                const { report } = fit;
                const test = report.tests.find((candidate) => candidate.name === evaluation);
                const statistics = test?.statistics ?? report.crossValidation;
                return <StatisticsCells statistics={statistics} fitMs={report.fitMs} />;
              }
            })}
          </tbody>
        </table>
      </ScrollX>
    </div>
  );
}

function StatisticsCells({ statistics, fitMs }: { statistics: FitStatistics; fitMs: number }) {
  const [low, high] = statistics.interval;
  return (
    <>
      <td className="numeric">{formatNumber(statistics.spearman, 3)}</td>
      <td className="numeric">{formatNumber(statistics.rmse, 3)}</td>
      <td className="numeric">{formatPercent(statistics.pairsRight, 1)}</td>
      <td className="numeric">{formatNumber(statistics.topRegret, 3)}</td>
      <td className="numeric">
        {formatNumber(low, 3)} to {formatNumber(high, 3)}
      </td>
      <td className="numeric">{fitMs < 1 ? '< 1 ms' : `${formatNumber(fitMs, 0)} ms`}</td>
    </>
  );
}

function progressText(progress: { done: number; total: number } | null, started: boolean): string {
  if (!started) return 'waiting';
  if (!progress || progress.total === 0) return 'fitting';
  return `fitting, ${Math.round((100 * progress.done) / progress.total)}%`;
}
