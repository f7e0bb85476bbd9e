'use client';

import { useMemo, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/format';
import { runJob } from '../../lib/job';
import { columnOf } from '../../lib/matrix';
import { partialDependence } from '../../lib/regression/partial-dependence';
import { predictRow } from '../../lib/regression/predict';
import { quantile } from '../../lib/regression/quantile';
import type { Study } from '../../lib/study/types';
import { ChartFrame } from '../charts/chart-frame';
import { DependenceChart } from '../charts/dependence-chart';
import { gridPoints } from '../charts/ternary-geometry';
import { parseShare } from '../optimum/token-text';
import { Slider } from '../ui/slider';
import { example, type PaperFit } from './paper-fit';

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Steps of the grid in which the best of the three is looked for. */
const gridSteps = 100;

/** Three domains of the Pile against the loss on StackExchange: sliders, curves and the best of them. */
export function PaperExample({
  study,
  fit: { model, places },
  onMove,
}: {
  study: Study;
  fit: PaperFit;
  onMove: () => void;
}) {
  const [shares, setShares] = useState<readonly number[]>([1 / 3, 1 / 3, 1 / 3]);
  const target = study.targets.find(({ id }) => id === example.target) ?? study.targets[0];
  const mixtureOf = (three: readonly number[]): Float64Array => {
    const mixture = new Float64Array(study.domains.length);
    places.forEach((place, at) => {
      mixture[place] = three[at];
    });
    return mixture;
  };
  const names = places.map((place) => study.domains[place].name);
  const predicted = predictRow(model, mixtureOf(shares));
  const best = useMemo(() => {
    let found: readonly number[] = [1, 0, 0];
    let least = Number.POSITIVE_INFINITY;
    for (const three of gridPoints(gridSteps)) {
      const mixture = new Float64Array(study.domains.length);
      places.forEach((place, at) => {
        mixture[place] = three[at];
      });
      const loss = predictRow(model, mixture);
      if (loss < least) [found, least] = [three, loss];
    }
    return { shares: found, loss: least };
  }, [study, model, places]);
  const curves = runJob(partialDependence(model, mixtureOf(shares), []));
  const panels = places.map((place, at) => ({
    label: names[at],
    weights: curves[place].weights,
    predicted: curves[place].predicted,
    low: null,
    high: null,
    current: shares[at],
    sampled: sampledOf(study, place),
  }));
  const move = (at: number, share: number) => {
    const others = 1 - shares[at];
    setShares(
      shares.map((value, place) =>
        place === at
          ? share
          : others > 1e-9
            ? (value * (1 - share)) / others
            : (1 - share) / (shares.length - 1),
      ),
    );
    onMove();
  };
  return (
    <>
      <div className="learn-pair">
        <fieldset className="learn-sliders">
          <legend>Your mixture of the three, % of tokens</legend>
          {names.map((name, at) => (
            <Slider
              key={name}
              label={name}
              value={shares[at] * 100}
              min={0}
              max={100}
              step={0.1}
              bigStep={5}
              format={(points) => formatPercent(points / 100, 1)}
              parse={(text) => {
                const share = parseShare(text);
                return share === null ? null : share * 100;
              }}
              expected="a share from 0% to 100%"
              onStart={() => {}}
              onChange={(points) => move(at, points / 100)}
              onCommit={() => {}}
            />
          ))}
        </fieldset>
        <dl className="learn-figures" aria-live="polite">
          <dt>Predicted {target.name} of yours</dt>
          <dd>{formatNumber(predicted, 3)}</dd>
          <dt>
            The best of the three:{' '}
            {names.map((name, at) => `${formatPercent(best.shares[at], 0)} ${name}`).join(', ')}
          </dt>
          <dd>
            {formatNumber(best.loss, 3)} {target.unit}
          </dd>
        </dl>
      </div>
      <ChartFrame
        title={`${target.name} over each of the three`}
        note="From your mixture of the three: one weight changes, the other two make room."
        fileName="learn-paper-example"
        how={`The law, fitted to the ${target.name} of ${study.training.ids.length} published proxies on 17 domains. Mixtures of three domains alone lie at the edge of what was trained (ticks: deciles of trained weights), so this is extrapolation.`}
        data={{
          columns: [
            { key: 'domain', label: 'domain' },
            { key: 'weight', label: 'weight', numeric: true },
            {
              key: 'predicted',
              label: `predicted ${target.name}`,
              unit: target.unit,
              numeric: true,
            },
          ],
          rows: () =>
            panels.flatMap(({ label, weights, predicted: values }) =>
              Array.from(weights, (weight, step) => [label, weight, values[step]]),
            ),
        }}
      >
        <DependenceChart panels={panels} name={target.name} unit={target.unit} />
      </ChartFrame>
    </>
  );
}

/** Deciles of the weights that a domain had in the training runs. */
function sampledOf(study: Study, place: number): number[] {
  const sorted = columnOf(study.training.mixtures, place).sort();
  return deciles.map((share) => quantile(sorted, share));
}
