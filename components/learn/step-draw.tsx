'use client';

import { useMemo } from 'react';
import { regmixSampling, sampleProxyMixtures } from '../../lib/mixture/sampling';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import { columnOf } from '../../lib/model/matrix';
import { ChartFrame } from '../charts/chart-frame';
import { StripPlot } from '../charts/strip-plot';
import { useHover, useOrderedDomains } from '../shell/hooks';
import { useSession } from '../shell/stores';
import { Slider } from '../ui/slider';
import { type StepProps, useProgress } from './learn-data';
import { Act, Arxiv, Source } from './parts';

const count = 64;
const start = { concentration: 1, seed: 1 };
const { least, most } = regmixSampling.concentrations;

/** How the mixtures that proxies train on are drawn. */
export function DrawStep({ onDone }: StepProps) {
  const { study } = useSession();
  const [progress, update] = useProgress();
  const { seed, concentration: kept } = progress.draw ?? start;
  const concentration = Math.min(most, Math.max(least, kept));
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const mixtures = useMemo(
    () =>
      runJob(
        sampleProxyMixtures(study.prior.weights, {
          ...regmixSampling,
          concentrations: { least: concentration, most: concentration, steps: 1 },
          maximumUsage: null,
          count,
          seed,
        }),
      ),
    [study, concentration, seed],
  );
  const rows = ordered.map((domain) => ({
    label: study.domains[domain].name,
    values: columnOf(mixtures, domain),
    prior: study.prior.weights[domain],
    human: null,
    optimum: null,
  }));
  const largest = Array.from({ length: count }, (_, row) =>
    Math.max(...rows.map(({ values }) => values[row])),
  );
  const meanLargest = largest.reduce((sum, weight) => sum + weight, 0) / count;

  return (
    <>
      <p className="prose">
        Proxies need very different mixtures. RegMix draws them from a Dirichlet distribution around
        the <em>prior</em>, each domain’s share of all text. One number, the concentration, sets how
        close the draws stay to the prior: if it is small, one language dominates each draw; if it
        is large, all draws resemble the prior. RegMix uses concentrations from{' '}
        {formatNumber(least, 1)} to {formatNumber(most, 0)} to get both kinds.
      </p>
      <Act
        task={`Change the concentration, or draw ${count} mixtures with another seed. When do single-language mixtures disappear?`}
      >
        <div className="learn-row">
          <Slider
            label="Concentration"
            value={Math.log10(concentration)}
            min={Math.log10(least)}
            max={Math.log10(most)}
            step={0.01}
            bigStep={0.1}
            format={(exponent) => formatNumber(10 ** exponent, 2)}
            parse={(text) => {
              const value = Number(text);
              return value >= least && value <= most ? Math.log10(value) : null;
            }}
            expected={`a concentration from ${least} to ${most}`}
            onStart={() => {}}
            onChange={(exponent) => {
              update({ draw: { concentration: 10 ** exponent, seed } });
              onDone();
            }}
            onCommit={() => {}}
          />
          <button
            type="button"
            className="button primary"
            onClick={() => {
              update({ draw: { concentration, seed: seed + 1 } });
              onDone();
            }}
          >
            Draw again
          </button>
        </div>
        <ChartFrame
          title={`${count} mixtures drawn`}
          note={`On average the largest weight of a mixture is ${formatPercent(meanLargest, 0)} (seed ${seed}).`}
          fileName="drawn-mixtures"
          how={`Draws from Dirichlet(s p), p the prior to the power ${regmixSampling.temperature} and s the concentration: weights below ${formatPercent(regmixSampling.minimum, 2)} are set to 0, the others rounded. One tick per mixture; the bar spans the middle half, the longer tick is the median.`}
          data={{
            columns: study.domains.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
            rows: () =>
              Array.from({ length: count }, (_, row) =>
                Array.from(
                  mixtures.values.subarray(row * mixtures.columns, (row + 1) * mixtures.columns),
                ),
              ),
          }}
        >
          <StripPlot rows={rows} {...hover} />
        </ChartFrame>
      </Act>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 3.1, and its code.
        The paper drew 512 mixtures of 17 domains.
      </Source>
    </>
  );
}
