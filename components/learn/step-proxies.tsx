'use client';

import { useEffect, useState } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { spearman } from '../../lib/model/statistics';
import { ChartFrame } from '../charts/chart-frame';
import { PlotBox, usePlot } from '../charts/plot-box';
import { axisTitle, leftMargin, linearAxis, paddedDomain } from '../charts/plot-geometry';
import { useSession } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { Slider } from '../ui/slider';
import { type StepProps, useLearn, useProgress } from './learn-data';
import { Act, Arxiv, Source } from './parts';
import { TrainHere } from './train-here';
import { useTarget } from './use-target';

/** How proxies learn: trained in this tab, or replayed from recorded runs. */
export function ProxiesStep({ onDone }: StepProps) {
  const { study } = useSession();
  const [{ trained }] = useProgress();
  const [way, setWay] = useState(trained ? 'here' : 'recorded');
  return (
    <>
      <p className="prose">
        Each mixture now trains one proxy, a tiny transformer. The architecture, the number of
        tokens and the data order are the same for all; only the mixture differs. Then the
        validation loss of each proxy is measured on every language.
      </p>
      <Act task="Train your own proxies in this tab, or replay the study’s. When does the order of the mixtures settle?">
        <Segmented
          label="Proxies"
          value={way}
          options={[
            { value: 'recorded', label: `Replay the study’s ${study.training.ids.length}` },
            { value: 'here', label: 'Train your own here' },
          ]}
          onChange={setWay}
        />
        {way === 'here' ? <TrainHere onDone={onDone} /> : <RecordedRuns onDone={onDone} />}
      </Act>
      <p className="prose">
        A proxy is far worse than a large model, but that does not matter: only the ranking of
        mixtures is used, and it settles long before the losses do.
      </p>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 3: 512 proxies of
        1M parameters on 1B tokens each. Here: {study.training.ids.length}. {study.source.detail}
      </Source>
    </>
  );
}

const height = 280;
const initialWidth = 720;
/** Milliseconds between checkpoints during playback. */
const pace = 900;

/** The study's recorded proxies, from checkpoint to checkpoint, with playback and a slider. */
function RecordedRuns({ onDone }: { onDone: () => void }) {
  const { way } = useLearn().data;
  const { target } = useTarget();
  const last = way.steps.length - 1;
  const [at, setAt] = useState(0);
  const [plays, setPlays] = useState(false);
  useEffect(() => {
    if (!plays) return;
    const timer = setTimeout(() => {
      if (at + 1 >= last) setPlays(false);
      setAt(Math.min(last, at + 1));
    }, pace);
    return () => clearTimeout(timer);
  }, [plays, at, last]);
  useEffect(() => {
    if (at === last) onDone();
  }, [at, last, onDone]);

  const share = way.steps[at] / way.steps[last];
  const rho = spearman(way.losses[at], way.losses[last]);
  const plot = usePlot(initialWidth, (width) => {
    const title = axisTitle(target.name, target.unit);
    const y = linearAxis(paddedDomain(way.losses.flat(), 0.05), 5, title);
    const margin = { top: 12, right: 20, bottom: 42, left: leftMargin(y) };
    const x = linearAxis([0, way.steps[last]], Math.max(2, Math.floor(width / 140)), 'Steps');
    return { width, height, margin, x, y };
  });
  const { scales } = plot;
  const shown = way.steps.slice(0, at + 1);
  const note = `After ${formatPercent(share, 0)} of the tokens, the ${way.ids.length} proxies agree with their final order at rho ${formatNumber(rho, 3)}.`;
  return (
    <div className="controls">
      <div className="learn-row">
        <Slider
          label="Checkpoint"
          value={at + 1}
          min={1}
          max={last + 1}
          step={1}
          bigStep={1}
          format={(checkpoint) => `${Math.round(checkpoint)} of ${last + 1}`}
          parse={(text) => {
            const value = Number.parseInt(text, 10);
            return value >= 1 && value <= last + 1 ? value : null;
          }}
          expected={`a checkpoint from 1 to ${last + 1}`}
          onStart={() => setPlays(false)}
          onChange={(checkpoint) => setAt(Math.round(checkpoint) - 1)}
          onCommit={() => {}}
        />
        <button
          type="button"
          className="button primary"
          onClick={() => {
            if (!plays && at === last) setAt(0);
            setPlays(!plays);
          }}
        >
          {plays ? 'Pause' : 'Play'}
        </button>
      </div>
      <ChartFrame
        title={`${target.name} while the proxies learn`}
        note={at === last ? 'All tokens read: this is the final order.' : note}
        fileName="learn-trajectories"
        how="One line per proxy: its validation loss at four checkpoints. Rho is Spearman’s, between the losses at this checkpoint and at the last."
        data={{
          columns: [
            { key: 'run', label: 'run' },
            { key: 'step', label: 'step', numeric: true },
            { key: 'loss', label: target.name, unit: target.unit, numeric: true },
          ],
          rows: () =>
            way.ids.flatMap((id, run) =>
              way.steps.map((step, place) => [id, step, way.losses[place][run]]),
            ),
        }}
      >
        <PlotBox plot={plot} label={note}>
          <path
            d={way.ids
              .map((_, run) =>
                shown
                  .map((step, place) => {
                    const point = `${scales.x(step)} ${scales.y(way.losses[place][run])}`;
                    return `${place === 0 ? 'M' : 'L'}${point}`;
                  })
                  .join(''),
              )
              .join('')}
            fill="none"
            stroke="var(--accent)"
            strokeOpacity={0.35}
          />
          {way.ids.map((id, run) => (
            <circle
              key={id}
              cx={scales.x(way.steps[at])}
              cy={scales.y(way.losses[at][run])}
              r={2.5}
              fill="var(--accent)"
              fillOpacity={0.7}
            />
          ))}
        </PlotBox>
      </ChartFrame>
    </div>
  );
}
