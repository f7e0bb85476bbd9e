'use client';

import { totalVariation } from '../../lib/mixture/simplex';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { rowOf } from '../../lib/model/matrix';
import { revisionOf } from '../../lib/study/identity';
import { PointsChart } from '../charts/points-chart';
import { useTask } from '../shell/hooks';
import { useSession } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { NumericHead, ScrollX } from '../ui/layout';
import { type StepProps, useLearn, useProgress } from './learn-data';
import { Act, Arxiv, Source } from './parts';
import { useTarget } from './use-target';

/** Number of best mixtures that are compared. */
const best = 5;

/** Whether small and larger proxies agree on which mixtures are good, and whether the optimum wins when trained. */
export function ScaleStep({ onDone }: StepProps) {
  const { study, settings } = useSession();
  const { verification } = useLearn().data;
  const { target, place } = useTarget();
  const [{ agreement: guess }, update] = useProgress();
  // The first set is of the proxies' own size, the last of the largest.
  const [small] = study.testSets;
  const large = study.testSets[study.testSets.length - 1];
  const asked = JSON.stringify([revisionOf(study), target.id, settings.seed]);
  const agreement = useTask('rankAgreement', guess === '' ? null : asked, () => ({
    revision: revisionOf(study),
    target: target.id,
    seed: settings.seed,
  }));
  const found = agreement.value?.find(
    ({ first, second }) => first === small.name && second === large.name,
  );
  // The training runs have mixtures of their own, so every pair is of two test sets.
  const others = (agreement.value ?? []).filter((pair) => pair !== found);
  const points = large.ids.flatMap((id, row) => {
    const mixture = rowOf(large.mixtures, row);
    const same = small.ids.findIndex(
      (_, other) => totalVariation(mixture, rowOf(small.mixtures, other)) < 1e-9,
    );
    const lossOf = (values: Float64Array, at: number) => values[at * study.targets.length + place];
    return same < 0
      ? []
      : [
          {
            id,
            name: `run ${id}`,
            x: lossOf(small.losses.values, same),
            y: lossOf(large.losses.values, row),
          },
        ];
  });
  const bestBy = (key: 'x' | 'y') =>
    [...points]
      .sort((a, b) => a[key] - b[key])
      .slice(0, best)
      .map(({ id }) => id);
  const shared = bestBy('x').filter((id) => bestBy('y').includes(id)).length;
  const nameOf = (id: string) => study.domains.find((domain) => domain.id === id)?.name ?? id;
  const first = verification.candidates.find(({ id }) => id === 'optimum');
  const lost = first
    ? Object.entries(first.meansByDomain).sort(([, a], [, b]) => b - a)[0]
    : undefined;
  const priorMeans = verification.candidates.find(({ id }) => id === 'prior')?.meansByDomain;

  return (
    <>
      <p className="prose">
        All of this comes from very small models. RegMix assumes that mixtures rank alike for small
        and large models, even though the losses differ. This can be checked: {points.length} of the
        held-out mixtures were trained again with {sizeOf(large)} parameters instead of{' '}
        {sizeOf(small)}, on more tokens.
      </p>
      <Act
        task={`Guess first: how many of the ${best} best mixtures of the small proxies are also among the ${best} best of the larger ones?`}
      >
        <Segmented
          label="Your guess"
          value={guess}
          options={Array.from({ length: best + 1 }, (_, count) => ({
            value: String(count),
            label: String(count),
          }))}
          onChange={(value) => {
            update({ agreement: value });
            onDone();
          }}
        />
        {guess !== '' && (
          <>
            <p role="status" className="learn-large">
              Your guess: {guess}. The answer: <strong>{shared}</strong> of {best}.
            </p>
            <PointsChart
              title="The same mixtures at two sizes"
              note={
                found
                  ? `Rank agreement of both sizes on ${found.n} mixtures: rho ${formatNumber(found.spearman, 3)} (95% interval ${formatNumber(found.interval[0], 3)} to ${formatNumber(found.interval[1], 3)}).`
                  : 'Measuring rank agreement…'
              }
              fileName="learn-two-sizes"
              how={`One point per mixture: its loss at ${sizeOf(small)} parameters and at ${sizeOf(large)}. Spearman’s rho with its 95% bootstrap interval.`}
              x={{ name: `${target.name}, ${sizeOf(small)} proxy`, unit: target.unit }}
              y={{ name: `${target.name}, ${sizeOf(large)} proxy`, unit: target.unit }}
              points={points}
            />
            {others.length > 0 && (
              <p className="prose">
                Other sizes:{' '}
                {others
                  .map(
                    ({ first, second, n, spearman }) =>
                      `${sizeOf({ name: first })} and ${sizeOf({ name: second })} agree at rho ${formatNumber(spearman, 3)} on ${n} mixtures`,
                  )
                  .join('; ')}
                .
              </p>
            )}
          </>
        )}
      </Act>
      <h2>And the optimum itself?</h2>
      <p className="prose">
        The optimum that proxies of {verification.proxyParameters.toLocaleString('en')} parameters
        gave was trained at {verification.parameters.toLocaleString('en')} parameters and{' '}
        {formatTokens(verification.tokens)} tokens, as were the prior and the uniform mixture, with{' '}
        {verification.seeds} seeds each. Spanish is capped at four epochs of its text.
      </p>
      <ScrollX label="Losses of trained mixtures, scrolls sideways">
        <table className="figures" aria-label="Losses of trained mixtures">
          <thead>
            <tr>
              <th scope="col">Trained on</th>
              <NumericHead>
                {target.name}, {verification.unit}
              </NumericHead>
              <NumericHead>optimum is lower by</NumericHead>
            </tr>
          </thead>
          <tbody>
            {verification.candidates.map(({ id, meansByDomain }) => {
              const against = verification.comparisons.find(({ other }) => other === id);
              return (
                <tr key={id}>
                  <th scope="row">{id}</th>
                  <td className="numeric">{formatNumber(meansByDomain[verification.target], 3)}</td>
                  <td className="numeric">
                    {against
                      ? `${formatNumber(against.mean, 3)} ± ${formatNumber(against.half, 3)}`
                      : ''}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollX>
      {lost && priorMeans && (
        <p className="prose">
          This has a price: the loss on {nameOf(lost[0])}, which the optimum hardly reads, rises
          from {formatNumber(priorMeans[lost[0]], 1)} on the prior to {formatNumber(lost[1], 1)}{' '}
          {verification.unit}.
        </p>
      )}
      <Source>
        Our figures are in the project’s findings, with the command behind them. The paper’s 1M
        proxies rank 64 models of 1B parameters at rho 97.12% (Liu et al. 2024,{' '}
        <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 4).
      </Source>
    </>
  );
}

/** `100K`, of the test set `100K test`. */
function sizeOf({ name }: { readonly name: string }): string {
  return name.replace(/ test$/, '');
}
