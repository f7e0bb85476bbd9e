'use client';

import { useMemo } from 'react';
import { formatNumber } from '../../lib/format';
import { columnOf } from '../../lib/matrix';
import { measureSpread } from '../../lib/runs/spread';
import { fitKey } from '../../lib/store/keys';
import { useAnalysis, useSession, useStores } from '../explorer/stores';
import { useDemand, useNear } from '../explorer/use-near';
import { Choice } from '../ui/choice';
import { NumericHead } from '../ui/numeric-head';
import { ScrollX } from '../ui/scroll-x';

/** Every target with what mixtures do to it and how well it is predicted; choosing one makes it the target. */
export function TargetsTable() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const fits = useAnalysis((state) => state.fits);
  const [place, isNear] = useNear<HTMLTableElement>();
  useDemand('targets', isNear);
  const spreads = useMemo(
    () =>
      study.targets.map(({ direction }, index) =>
        measureSpread(columnOf(study.training.losses, index), direction),
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
                    title={`${unit === '' ? 'unit unknown' : unit}, ${direction} is better`}
                    chosen={chosen}
                    onChoose={() => store.editSettings({ target: id })}
                  />
                </th>
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
