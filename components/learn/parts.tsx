'use client';

import { type ReactNode, useMemo } from 'react';
import { formatPercent } from '../../lib/model/format';
import type { OptimumReport } from '../../lib/model/limits';
import { boundsOf } from '../../lib/optimum/constraints';
import { alongDomain } from '../../lib/regression/effects';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { Lanes } from '../charts/lanes';
import { parseShare } from '../limits/token-text';
import { useHover, useOrderedDomains } from '../shell/hooks';
import { useSession, useStores, useView } from '../shell/stores';
import { Slider } from '../ui/slider';
import { useYours } from './use-target';

/** The task of a step, set off from its text. */
export function Act({ task, children }: { task: ReactNode; children: ReactNode }) {
  return (
    <section className="learn-act" aria-label="Your turn">
      <p className="learn-task">
        <strong>Your turn.</strong> {task}
      </p>
      {children}
    </section>
  );
}

/** The sources of a step's claims. */
export function Source({ children }: { children: ReactNode }) {
  return <p className="quiet small prose">{children}</p>;
}

/** A paper by its arXiv id. */
export function Arxiv({ id, children }: { id: string; children: ReactNode }) {
  return <a href={`https://arxiv.org/abs/${id}`}>{children}</a>;
}

/** The reader's mixture, one slider per domain; the other weights scale in proportion. */
export function MixtureSliders({ onMove }: { onMove?: () => void }) {
  const { study } = useSession();
  const { study: store } = useStores();
  const weights = useYours();
  return (
    <fieldset className="learn-sliders">
      <legend>Your mixture, % of tokens; ticks mark the prior</legend>
      {study.domains.map(({ id, name }, domain) => (
        <Slider
          key={id}
          label={name}
          value={weights[domain] * 100}
          min={0}
          max={100}
          step={0.1}
          bigStep={5}
          mark={study.prior.weights[domain] * 100}
          format={(points) => formatPercent(points / 100, 1)}
          parse={(text) => {
            const share = parseShare(text);
            return share === null ? null : share * 100;
          }}
          expected="a share from 0% to 100%"
          onStart={store.beginGesture}
          onChange={(points) => {
            store.editSettings({ yours: Array.from(alongDomain(weights, domain, points / 100)) });
            onMove?.();
          }}
          onCommit={store.endGesture}
        />
      ))}
    </fieldset>
  );
}

/** The optimum over the prior and the reader's mixture, with caps where there are any. */
export function ComparedWeights({
  report,
  isFeasible,
}: {
  report: OptimumReport;
  isFeasible: boolean;
}) {
  const { study, settings } = useSession();
  const { view } = useStores();
  const scale = useView((state) => state.laneScale);
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  const { weights, binding } = report.optimum;
  const rows = ordered.map((index) => ({
    id: study.domains[index].id,
    label: study.domains[index].name,
    color: domainColors(study.prior.weights)[index],
    optimum: weights[index],
    prior: study.prior.weights[index],
    human: null,
    yours: settings.yours ? settings.yours[index] : null,
    lower: bounds.lower[index],
    upper: bounds.upper[index],
    tried: bounds.source[index] === 'tried',
    binding: isFeasible && binding.includes(index),
    truth: null,
    former: null,
    low: null,
    high: null,
    pinned: false,
    reach: null,
  }));
  return (
    <ChartFrame
      title="Domain weights"
      fileName="learn-weights"
      how="The exact optimum of the law within the limits, by water-filling: every domain between its bounds has the same marginal gain."
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          { key: 'optimum', label: 'optimum', numeric: true },
          { key: 'prior', label: 'prior', numeric: true },
          { key: 'yours', label: 'yours', numeric: true },
          { key: 'cap', label: 'cap', numeric: true },
        ],
        rows: () => rows.map((row) => [row.label, row.optimum, row.prior, row.yours, row.upper]),
      }}
    >
      <Lanes
        lanes={rows}
        humanLabel={null}
        scale={scale}
        onScale={(laneScale) => view.setState({ laneScale })}
        dimmed={!isFeasible}
        {...hover}
      />
    </ChartFrame>
  );
}
