import { formatNumber, formatPercent } from '../../lib/model/format';
import type { RegimeStatistics, Regimes } from '../../lib/model/regressor';
import type { Domain } from '../../lib/model/study';
import { NumericHead, ScrollX } from '../ui/layout';

/** What either regime of a target has for itself: mixtures without any of one domain, and the others. */
export function RegimesTable({
  regimes: { domain, least, rows },
  domains,
  target,
}: {
  regimes: Regimes;
  domains: readonly Domain[];
  target: string;
}) {
  const { name } = domains[domain];
  const none = least === 0 ? `no ${name}` : `at most ${formatPercent(least, 2)} ${name}`;
  const [training] = rows;
  return (
    <>
      <p className="measure">
        {target} has two regimes: mixtures with {none} are far from all others. Judge each by its
        own figures: rho is {formatNumber(training.with.spearman, 3)} with {name} and{' '}
        {formatNumber(training.without.spearman, 3)} without.
      </p>
      <ScrollX label="Regimes, scrolls sideways">
        <table className="figures">
          <caption>Both regimes</caption>
          <thead>
            <tr>
              <th scope="col">Runs</th>
              <th scope="col">Mixtures</th>
              <NumericHead>n</NumericHead>
              <NumericHead>rho</NumericHead>
              <NumericHead>RMSE</NumericHead>
            </tr>
          </thead>
          <tbody>
            {rows.flatMap((row) => {
              const set = row.test ?? 'out of fold';
              return [
                <Side key={`${set} with`} set={set} side={`with ${name}`} figures={row.with} />,
                <Side key={`${set} without`} set={set} side={none} figures={row.without} />,
              ];
            })}
          </tbody>
        </table>
      </ScrollX>
    </>
  );
}

function Side({ set, side, figures }: { set: string; side: string; figures: RegimeStatistics }) {
  return (
    <tr>
      <th scope="row">{set}</th>
      <td>{side}</td>
      <td className="numeric">{figures.n}</td>
      <td className="numeric">{formatNumber(figures.spearman, 3)}</td>
      <td className="numeric">{formatNumber(figures.rmse, 3)}</td>
    </tr>
  );
}
