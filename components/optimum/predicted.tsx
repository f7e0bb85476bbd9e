'use client';

import type { Solved } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { betterText, formatNumber, formatPercent, unitBeside } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { type PredictedOptimum, predictedAt, predictionText } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import { useAnalysis, useOptimum, useSession, useView } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { useAtOptimum } from './hooks';

/** The predictions for every mixture shown, on every target of the objective: for the optimum where it is advised. */
export function Predicted({ report, solved }: { report: OptimumReport; solved: Solved }) {
  const { study, settings } = useSession();
  const fits = useAnalysis((state) => state.fits);
  const band = useView((state) => state.band);
  const at = useAtOptimum();
  const isAdvised = useOptimum(({ advice }) => advice?.verb !== 'none');
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
      first: isAdvised
        ? predictedAt(report.optimum.predictions[place], bands, band, at?.[place] ?? null)
        : predictedAt(report.prior[place], bands, band, null),
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
              {isAdvised && (
                <NumericHead>{solved.seek === 'worst' ? 'Worst' : 'Optimum'}</NumericHead>
              )}
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
            {targets.map(({ place, id, name, unit, weight, first, direction }) => (
              <tr key={id}>
                <th scope="row">
                  {name}
                  {targets.length > 1 && <span className="quiet"> {formatPercent(weight, 0)}</span>}
                  <span className="quiet">
                    {' '}
                    {[unitBeside(name, unit), betterText(direction)].filter(Boolean).join(', ')}
                  </span>
                </th>
                {isAdvised && <td className="numeric">{formatNumber(first.mean, 3)}</td>}
                {others.map((mixture) => (
                  <td key={mixture.name} className="numeric">
                    {formatNumber(mixture.values[place], 3)}
                  </td>
                ))}
                <td className="numeric">{formatNumber(halfWidth(first), 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {targets.map(
        ({ id, name, first, direction }) =>
          first.optimism !== null && (
            <p key={id} className="small">
              {targets.length > 1 && `${name}: `}Predicted{' '}
              {predictionText(first, band, { seek: solved.seek, direction })}.
            </p>
          ),
      )}
      <p className="quiet small">
        By {regressorInfo(solved.regressor).name}.
        {isAdvised &&
          ` ${formatPercent(coverage.distance, 0)} of the weight lies between this mixture and the nearest run; ${formatPercent(coverage.percentile, 0)} of runs are as far from theirs.`}
        {isAdvised && coverage.far && (
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
