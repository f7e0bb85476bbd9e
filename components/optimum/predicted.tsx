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
  // Without advice the band is that of the prior.
  const withBand = isAdvised ? -1 : 0;
  const bandTitle = `± half the width of the band that holds ${band}% of runs on this mixture`;
  return (
    <>
      <ScrollX label="Predictions, scrolls sideways">
        <table className="figures figures-narrow" aria-label="Predictions">
          <thead>
            <tr>
              <th scope="col">Predicted</th>
              {isAdvised && (
                <NumericHead title={bandTitle}>
                  {solved.seek === 'worst' ? 'Worst' : 'Optimum'} ± {band}%
                </NumericHead>
              )}
              {others.map(({ name }, place) => (
                <NumericHead key={name} title={place === withBand ? bandTitle : name}>
                  <span className="figure-name">{name}</span>
                  {place === withBand && ` ± ${band}%`}
                </NumericHead>
              ))}
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
                {isAdvised && (
                  <td className="numeric">
                    {formatNumber(first.mean, 3)}
                    <HalfWidth prediction={first} />
                  </td>
                )}
                {others.map((mixture, at) => (
                  <td key={mixture.name} className="numeric">
                    {formatNumber(mixture.values[place], 3)}
                    {at === withBand && <HalfWidth prediction={first} />}
                  </td>
                ))}
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
          ` ${formatPercent(coverage.distance, 0)} of its weight differs from the nearest tested run${coverage.far ? ': unusually far' : ''}.`}
        {isAdvised && coverage.far && (
          <span className="refused"> The band does not hold so far from the runs.</span>
        )}
      </p>
    </>
  );
}

/** Half the width of the band, below the prediction that it is about. */
function HalfWidth({ prediction: { mean, interval } }: { prediction: PredictedOptimum }) {
  const half = interval ? interval[1] - mean : Number.NaN;
  return <span className="figure-note">± {formatNumber(half, 3)}</span>;
}
