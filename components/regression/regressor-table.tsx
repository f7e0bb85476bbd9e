'use client';

import { formatNumber } from '../../lib/format';
import { regressors } from '../../lib/regression/regressors';
import type { FitStatistics } from '../../lib/regression/types';
import { fitKey } from '../../lib/store/keys';
import { useAnalysis, useSession, useStores, useView } from '../explorer/stores';
import { Choice } from '../ui/choice';

/** Every regressor on the chosen target, measured on the rows on view; choosing one refits the page. */
export function RegressorTable() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const evaluation = useView((state) => state.evaluation);
  return (
    <div className="scroll-x">
      <table className="figures" aria-label="Regressors compared">
        <thead>
          <tr>
            <th scope="col">Regressor</th>
            <th scope="col" className="numeric">
              rho
            </th>
            <th scope="col" className="numeric">
              95% interval
            </th>
            <th scope="col" className="numeric">
              RMSE
            </th>
            <th scope="col" className="numeric">
              Fit
            </th>
          </tr>
        </thead>
        <tbody>
          {regressors.map(({ id, name, stopsOnTestSet }) => {
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
                  <td colSpan={4} className="refused">
                    {fit.message}
                  </td>
                );
              }
              if (fit?.status !== 'done') {
                return (
                  <td colSpan={4} className="numeric quiet">
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
    </div>
  );
}

function StatisticsCells({ statistics, fitMs }: { statistics: FitStatistics; fitMs: number }) {
  const [low, high] = statistics.interval;
  return (
    <>
      <td className="numeric">{formatNumber(statistics.spearman, 3)}</td>
      <td className="numeric">
        {formatNumber(low, 3)} to {formatNumber(high, 3)}
      </td>
      <td className="numeric">{formatNumber(statistics.rmse, 3)}</td>
      <td className="numeric">{fitMs < 1 ? '< 1 ms' : `${formatNumber(fitMs, 0)} ms`}</td>
    </>
  );
}

function progressText(progress: { done: number; total: number } | null, started: boolean): string {
  if (!started) return 'waiting';
  if (!progress || progress.total === 0) return 'fitting';
  return `fitting, ${Math.round((100 * progress.done) / progress.total)}%`;
}
