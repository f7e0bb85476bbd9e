'use client';

import { useMemo, useState } from 'react';
import { formatPercent, plural } from '../../lib/format';
import { columnOf, type Matrix, rowOf, selectRows } from '../../lib/matrix';
import { ChartFrame } from '../charts/chart-frame';
import { StripPlot } from '../charts/strip-plot';
import { Stage } from '../explorer/stage';
import { useOptimum, useSession, useStores, useView } from '../explorer/stores';
import { useBrushed } from '../explorer/use-brushed';
import { useHover, useOrderedDomains } from '../explorer/use-ordered-domains';
import { Segmented } from '../ui/segmented';
import { MixtureEditor } from './mixture-editor';
import { PriorControls } from './prior-controls';

/** Runs drawn at most; the table and the CSV have all. */
const mostShown = 1_000;

/** Which mixtures were trained, and the prior and human mixtures that the optimum is compared to. */
export function MixturesPanel() {
  const { study } = useSession();
  const { view } = useStores();
  const order = useView((state) => state.order);
  const optimum = useOptimum((state) => state.report?.optimum.weights ?? null);
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const [editing, setEditing] = useState<'prior' | 'human' | null>(null);
  const brushed = useBrushed();
  const runs = useMemo(() => evenRuns(study.training.ids.length, mostShown), [study]);
  const shown = useMemo(() => columnsOf(study.training.mixtures, runs), [study, runs]);
  const rows = ordered.map((domain) => ({
    label: study.domains[domain].name,
    values: shown[domain],
    prior: study.prior.weights[domain],
    human: study.human ? study.human.weights[domain] : null,
    optimum: optimum ? optimum[domain] : null,
  }));
  return (
    <Stage
      id="mixtures"
      title="Mixtures"
      below
      finding={`${plural(study.training.ids.length, 'mixture')} of ${plural(study.domains.length, 'domain')} were trained. Where a domain was rarely given much weight, predictions there are guesses.`}
    >
      <div className="stage-body">
        <ChartFrame
          title="Weights that were tried"
          fileName="regmix-mixtures"
          how={`One mark per training run and domain${study.training.ids.length > mostShown ? `, of ${mostShown.toLocaleString('en')} runs or fewer, evenly spaced in the file` : ''}. The bar spans the middle half of the runs; the longer tick is their median.`}
          data={{
            columns: [
              { key: 'run', label: 'run' },
              ...ordered.map((domain) => ({
                key: study.domains[domain].id,
                label: study.domains[domain].name,
                numeric: true,
              })),
            ],
            rows: () =>
              Array.from(study.training.ids, (id, run) => {
                const weights = rowOf(study.training.mixtures, run);
                return [id, ...ordered.map((domain) => weights[domain])];
              }),
          }}
        >
          <StripPlot
            rows={rows}
            rounds={
              study.training.rounds ? runs.map((run) => study.training.rounds?.[run] ?? 0) : null
            }
            brushed={brushed ? Uint8Array.from(runs, (run) => brushed.rows[run]) : null}
            {...hover}
          />
        </ChartFrame>
        <div className="stage-controls">
          <Segmented
            label="Order of domains, everywhere"
            value={order}
            options={[
              { value: 'weight', label: 'By weight' },
              { value: 'name', label: 'By name' },
              { value: 'file', label: 'As in the file' },
            ]}
            onChange={(next) =>
              view.setState({ order: next === 'name' || next === 'file' ? next : 'weight' })
            }
          />
          <PriorControls onEdit={setEditing} />
          <p className="quiet small">
            The prior is where simulated mixtures are drawn around and what the optimum is compared
            to. It puts {formatPercent(Math.max(...study.prior.weights), 0)} on{' '}
            {study.domains[largest(study.prior.weights)].name}.
          </p>
        </div>
      </div>
      {editing && <MixtureEditor which={editing} onClose={() => setEditing(null)} />}
    </Stage>
  );
}

/** At most `most` runs, evenly spaced: enough to see where runs are. */
function evenRuns(count: number, most: number): Int32Array {
  const step = Math.max(1, Math.ceil(count / most));
  return Int32Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}

/** Every column over some of the rows. */
function columnsOf(mixtures: Matrix, runs: Int32Array): Float64Array[] {
  const few = runs.length === mixtures.rows ? mixtures : selectRows(mixtures, runs);
  return Array.from({ length: mixtures.columns }, (_, domain) => columnOf(few, domain));
}

function largest(weights: Float64Array): number {
  return weights.indexOf(Math.max(...weights));
}
