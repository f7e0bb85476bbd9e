'use client';

import type { Solved } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { formatNumber, formatPercent } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import type { BandLevel, Bands } from '../../lib/model/regressor';
import { bandAt } from '../../lib/regression/bands';
import { regressorInfo } from '../../lib/regression/catalogue';
import { useAnalysis, useSession, useView } from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';

/** The predictions for every mixture shown, on every target of the objective. */
export function Predicted({ report, solved }: { report: OptimumReport; solved: Solved }) {
  const { study, settings } = useSession();
  const fits = useAnalysis((state) => state.fits);
  const band = useView((state) => state.band);
  const mixtures = [
    { name: solved.seek === 'worst' ? 'Worst' : 'Optimum', values: report.optimum.predictions },
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
      weight,
      bands,
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
              {mixtures.map(({ name }) => (
                <NumericHead key={name}>{name}</NumericHead>
              ))}
              <NumericHead title={`Half-width of the band that holds ${band}% of unseen runs`}>
                ± {band}%
              </NumericHead>
            </tr>
          </thead>
          <tbody>
            {targets.map(({ place, id, name, unit, weight, bands }) => (
              <tr key={id}>
                <th scope="row">
                  {name}
                  {targets.length > 1 && <span className="quiet"> {formatPercent(weight, 0)}</span>}
                  {unit !== '' && <span className="quiet"> {unit}</span>}
                </th>
                {mixtures.map((mixture) => (
                  <td key={mixture.name} className="numeric">
                    {formatNumber(mixture.values[place], 3)}
                  </td>
                ))}
                <td className="numeric">
                  {halfWidth(bands, band, report.optimum.predictions[place])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
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

function halfWidth(bands: Bands | null, level: BandLevel, predicted: number): string {
  return formatNumber((bands && bandAt(bands, level, predicted)) ?? Number.NaN, 3);
}
