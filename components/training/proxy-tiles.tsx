'use client';

import { memo } from 'react';
import { formatNumber, formatPercent } from '../../lib/format';
import type { TrainingJob } from '../../lib/training/checkpoints';
import type { Tile } from '../../lib/training/state';
import { usePicked } from './picked';
import { useTraining } from './session';

/** A tile per proxy: its mixture as bars, its latest loss, and how far it is. */
export function ProxyTiles() {
  const job = useTraining((state) => state.job);
  const tiles = useTraining((state) => state.tiles);
  if (!job) return null;
  return (
    <section aria-label="Proxies" className="tiles-box">
      <p className="quiet small">
        A bar per domain, in this order: {job.domains.map(({ name }) => name).join(', ')}. Under it
        the latest training loss in bits per byte.
      </p>
      <ul className="tiles">
        {job.proxies.map((proxy) => {
          const tile = tiles.get(proxy.id);
          return (
            <ProxyTile
              key={proxy.id}
              id={proxy.id}
              mixture={proxy.mixture}
              domains={job.domains}
              step={tile?.step ?? 0}
              loss={tile?.loss ?? Number.NaN}
              isDone={tile?.isDone ?? false}
              steps={job.training.steps}
            />
          );
        })}
      </ul>
    </section>
  );
}

const barHeight = 20;

const ProxyTile = memo(function ProxyTile({
  id,
  mixture,
  domains,
  step,
  loss,
  isDone,
  steps,
}: Tile & {
  id: string;
  mixture: readonly number[];
  domains: TrainingJob['domains'];
  steps: number;
}) {
  const largest = mixture.indexOf(Math.max(...mixture));
  const bits = formatNumber(loss / Math.LN2, 2);
  const share = steps === 0 ? 0 : step / steps;
  const state = isDone ? 'done' : step > 0 ? formatPercent(share, 0) : 'waits';
  const label = `Proxy ${id}, ${formatPercent(mixture[largest], 0)} ${domains[largest].name}, ${state}${Number.isFinite(loss) ? `, loss ${bits} bits (${formatNumber(loss, 2)} nats) per byte` : ''}`;
  const pick = (proxy: string | null) => usePicked.setState({ proxy });
  const width = 100 / mixture.length;
  return (
    <li
      className={isDone ? 'tile tile-done' : step > 0 ? 'tile tile-live' : 'tile'}
      title={label}
      onPointerEnter={() => pick(id)}
      onPointerLeave={() => pick(null)}
    >
      <svg
        viewBox={`0 0 100 ${barHeight}`}
        preserveAspectRatio="none"
        className="tile-bars"
        role="img"
        aria-label={label}
      >
        {mixture.map((weight, domain) => (
          <rect
            key={domains[domain].id}
            x={domain * width + width * 0.12}
            width={width * 0.76}
            y={barHeight * (1 - weight)}
            height={Math.max(weight > 0 ? 0.6 : 0, barHeight * weight)}
          />
        ))}
      </svg>
      <span className="tile-line" aria-hidden="true">
        <span className="quiet">{id}</span>
        <span>{Number.isFinite(loss) ? bits : state}</span>
      </span>
      <span className="tile-progress" aria-hidden="true" style={{ width: `${100 * share}%` }} />
    </li>
  );
});
