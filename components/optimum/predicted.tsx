'use client';

import type { Solved } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { betterText, formatNumber, formatPercent } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { type PredictedOptimum, predictedAt, predictionText } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import { useAnalysis, useSession, useView } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { useAtOptimum } from './hooks';

/** The predictions for every mixture shown, on every target of the objective. */
export function Predicted({ report, solved }: { report: OptimumReport; solved: Solved }) {
  const { study, settings } = useSession();
  const fits = useAnalysis((state) => state.fits);
  const band = useView((state) => state.band);
  const at = useAtOptimum();
  const others = [
    { name: 'Prior', values: report.prior },
    ...(report.human && study.human ? [{ name: study.human.name, values: report.human }] : []),
    ...(report.yours ? [{ name: 'Yours', values: report.yours }] : []),
  ];
  const targets = solved.terms.map(({ target, weight }, place) => {
    const found = study.targets.find(({ id }) => id === target);
    const fit = fits.get(fitKey(study, target, solved.regressor, settings));
    const bands = fit?.status === 'done' ? fit.report.bands : null;
    return {
      place,
      id: target,
      name: found?.name ?? target,
      unit: found?.unit ?? '',
      direction: found?.direction ?? 'lower',
      weight,
      optimum: predictedAt(report.optimum.predictions[place], bands, band, at?.[place] ?? null),
    };
  });
  const { coverage } = report;
  return (
    <>
      <ScrollX label="Predictions, scrolls sideways">
        <table className="figures" aria-label="Predictions">
          <thead>
            <tr>
              <th scope="col">Predicted</th>
              <NumericHead>{solved.seek === 'worst' ? 'Worst' : 'Optimum'}</NumericHead>
              {others.map(({ name }) => (
                <NumericHead key={name}>{name}</NumericHead>
              ))}
              <NumericHead
                title={`Half-width of the band that holds ${band}% of runs on the first mixture`}
              >
                ± {band}%
              </NumericHead>
            </tr>
          </thead>
          <tbody>
            {targets.map(({ place, id, name, unit, weight, optimum, direction }) => (
              <tr key={id}>
                <th scope="row">
                  {name}
                  {targets.length > 1 && <span className="quiet"> {formatPercent(weight, 0)}</span>}
                  <span className="quiet">
                    {' '}
                    {unit !== '' && `${unit}, `}
                    {betterText(direction)}
                  </span>
                </th>
                <td className="numeric">{formatNumber(optimum.mean, 3)}</td>
                {others.map((mixture) => (
                  <td key={mixture.name} className="numeric">
                    {formatNumber(mixture.values[place], 3)}
                  </td>
                ))}
                <td className="numeric">{formatNumber(halfWidth(optimum), 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {targets.map(
        ({ id, name, optimum, direction }) =>
          optimum.optimism !== null && (
            <p key={id} className="small">
              {targets.length > 1 && `${name}: `}Predicted{' '}
              {predictionText(optimum, band, { seek: solved.seek, direction })}.
            </p>
          ),
      )}
      <p className="quiet small">
        By {regressorInfo(solved.regressor).name}. {formatPercent(coverage.distance, 0)} of the
        weight lies between this mixture and the nearest run;{' '}
        {formatPercent(coverage.percentile, 0)} of runs are as far from theirs.
        {coverage.far && (
          <span className="refused">
            {' '}
            It is outside of what was sampled: the band does not hold there.
          </span>
        )}
      </p>
    </>
  );
}

function halfWidth({ mean, interval }: PredictedOptimum): number {
  return interval ? interval[1] - mean : Number.NaN;
}
