'use client';

/**
 * The training block: options, controls, loss curves, a tile per proxy, the export of runs, and the
 * convergence of the optimum.
 */
import { memo, useMemo } from 'react';
import { download } from '../../lib/browser/files';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import { writeRuns, writeTrajectory } from '../../lib/runs/write-runs';
import { trainedRuns, trainedTargets } from '../../lib/study/trained';
import type { TrainingJob } from '../../lib/training/checkpoints';
import { layoutOf, type SizeId, sizes } from '../../lib/training/shape';
import { isActive, type Tile } from '../../lib/training/state';
import { Disclosure } from '../ui/layout';
import { TypedOption } from '../ui/typed-value';
import { colorsOfJob } from './colors-of-job';
import { Forming } from './forming';
import { LossCurves } from './loss-curves';
import { SizeSelect, TokensOption, TrainBy } from './options';
import { whole } from './parse';
import { usePicked } from './picked';
import { Preflight } from './preflight';
import { RunControls } from './run-controls';
import { useTraining, useTrainingControl } from './session';

const sizeNotes: Readonly<Record<SizeId, string>> = {
  '7k': 'the fastest',
  '20k': 'a first look',
  '100k': 'steadier ranks',
  '400k': '20 times the work of 20k',
  '1m': 'the paper’s shape, for a GPU',
};
const maxProxies = 1_024;

/** The training of proxies: one button, what it takes, its options, and what comes of it. */
export function TrainBlock() {
  const control = useTrainingControl();
  const settings = useTraining((state) => state.settings);
  const { sampling } = settings;
  const mixtures = useTraining((state) => state.mixtures?.rows ?? 0);
  const underWay = useTraining((state) => isActive(state.status));
  const hasJob = useTraining((state) => state.job !== null);
  return (
    <section className="training-block" aria-labelledby="training-train">
      <h3 id="training-train">Training</h3>
      <RunControls />
      <fieldset className="plain" disabled={underWay}>
        <div className="row-controls">
          <TypedOption
            label="Proxies"
            name="mixtures to draw"
            value={sampling.count}
            format={String}
            parse={whole(2, maxProxies)}
            expected={`a whole number from 2 to ${maxProxies}`}
            onChange={(count) => control.change({ sampling: { ...sampling, count: count ?? 64 } })}
          />
          <SizeSelect note={(size) => `${size}: ${sizeNotes[size]}`} />
          <TokensOption usual={100_000} />
        </div>
        <Disclosure label="Device, repeats, and what was measured">
          <div className="row-controls">
            <TrainBy />
            <TypedOption
              label="Repeats"
              name="proxies that train again with another seed, for the noise floor"
              value={settings.repeats}
              format={String}
              parse={whole(0, mixtures)}
              expected={`a whole number from 0 to ${mixtures}`}
              placeholder="0"
              onChange={(repeats) => control.change({ repeats: repeats ?? 0 })}
            />
          </div>
          <ShapeLine size={settings.size} />
          <Preflight />
        </Disclosure>
      </fieldset>
      {hasJob && (
        <>
          <Forming />
          <div className="pair">
            <LossCurves />
            <ProxyTiles />
          </div>
          <RunsDownload />
        </>
      )}
    </section>
  );
}

function ShapeLine({ size }: { size: SizeId }) {
  const shape = sizes[size];
  return (
    <p className="quiet small measure">
      {layoutOf(shape).count.toLocaleString('en')} parameters: a LLaMA-style decoder over bytes with{' '}
      {plural(shape.layers, 'layer')} of width {shape.width}, {shape.heads} heads, a SwiGLU of{' '}
      {shape.hidden}, and a context of {shape.context}. AdamW, clipped at 1, constant rate after a
      warm-up, as in the paper; small proxies need a larger rate.
    </p>
  );
}

/** A tile per proxy: its mixture as bars, its latest loss, and its progress. */
function ProxyTiles() {
  const job = useTraining((state) => state.job);
  const tiles = useTraining((state) => state.tiles);
  const colors = useMemo(() => (job ? colorsOfJob(job) : []), [job]);
  if (!job) return null;
  return (
    <section aria-label="Proxies" className="tiles-box">
      <p className="quiet small">
        A bar per domain, in this order: {job.domains.map(({ name }) => name).join(', ')}. Under it
        the latest training loss in bits per byte.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop, keys could not scroll it (WCAG 2.1.1) */}
      <ul className="tiles" tabIndex={0} aria-label="Proxies, scrolls">
        {job.proxies.map((proxy) => {
          const tile = tiles.get(proxy.id);
          return (
            <ProxyTile
              key={proxy.id}
              id={proxy.id}
              mixture={proxy.mixture}
              domains={job.domains}
              colors={colors}
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
  colors,
  step,
  loss,
  isDone,
  steps,
}: Tile & {
  id: string;
  mixture: readonly number[];
  domains: TrainingJob['domains'];
  /** One per domain. */
  colors: readonly string[];
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
            fill={colors[domain]}
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

/** Exports the finished runs: RegMix's pair of CSVs, and the losses over training. */
function RunsDownload() {
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished);
  if (!job || finished.length === 0) return null;

  function save(part: 'mixtures' | 'losses' | 'trajectory'): void {
    if (!job) return;
    const table = trainedRuns(job, finished);
    const targets = trainedTargets(job);
    const text =
      part === 'trajectory'
        ? writeTrajectory(table, targets)
        : writeRuns(table, job.domains, targets)[part];
    download(`proxy-${part}.csv`, 'text/csv;charset=utf-8', text);
  }

  return (
    <div className="button-row">
      <span className="quiet small">{plural(finished.length, 'finished run')} as files:</span>
      <button type="button" className="button" onClick={() => save('mixtures')}>
        Mixtures CSV
      </button>
      <button type="button" className="button" onClick={() => save('losses')}>
        Losses CSV
      </button>
      <button type="button" className="button" onClick={() => save('trajectory')}>
        Losses on the way CSV
      </button>
    </div>
  );
}
