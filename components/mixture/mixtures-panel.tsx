'use client';

/**
 * The mixtures stage: a strip plot of the trained mixtures, and the controls of the prior and human
 * mixtures, including the import of a table of domains.
 */
import { useMemo, useState } from 'react';
import { meanOfRuns, uniformPrior } from '../../lib/mixture/prior';
import { formatPercent, plural } from '../../lib/model/format';
import { columnOf, type Matrix, rowOf, selectRows } from '../../lib/model/matrix';
import type { Prior } from '../../lib/model/study';
import { ChartFrame } from '../charts/chart-frame';
import { StripPlot } from '../charts/strip-plot';
import { TableLine, useDomainTables } from '../limits/domain-tables';
import { useBrushed, useHover, useOrderedDomains } from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useOptimum, useSession, useStores, useView } from '../shell/stores';
import { FilePicker, Segmented, Select } from '../ui/controls';
import { MixtureEditor } from './mixture-editor';

/** Maximum number of runs drawn; the table and the CSV have all. */
const maxShown = 1_000;

/** The trained mixtures, and the prior and human mixtures that the optimum is compared with. */
export function MixturesPanel() {
  const { study } = useSession();
  const { view } = useStores();
  const order = useView((state) => state.order);
  const optimum = useOptimum((state) => state.report?.optimum.weights ?? null);
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const [editing, setEditing] = useState<'prior' | 'human' | null>(null);
  const brushed = useBrushed();
  const runs = useMemo(() => evenRuns(study.training.ids.length, maxShown), [study]);
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
          how={`One mark per training run and domain${study.training.ids.length > maxShown ? `, of ${maxShown.toLocaleString('en')} runs or fewer, evenly spaced in the file` : ''}. The bar spans the middle half of the runs; the longer tick is their median.`}
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

/** At most `most` runs, evenly spaced: enough to see their distribution. */
function evenRuns(count: number, most: number): Int32Array {
  const step = Math.max(1, Math.ceil(count / most));
  return Int32Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}

/** Every column, restricted to some of the rows. */
function columnsOf(mixtures: Matrix, runs: Int32Array): Float64Array[] {
  const few = runs.length === mixtures.rows ? mixtures : selectRows(mixtures, runs);
  return Array.from({ length: mixtures.columns }, (_, domain) => columnOf(few, domain));
}

function largest(weights: Float64Array): number {
  return weights.indexOf(Math.max(...weights));
}

const names: Record<Prior['kind'], string> = {
  uniform: 'Uniform',
  runs: 'Mean of the runs',
  file: 'From a file',
  typed: 'Typed',
};

/** Sets the prior and human mixtures: by a rule, typed weights, or a table of domains. */
function PriorControls({ onEdit }: { onEdit: (which: 'prior' | 'human') => void }) {
  const { study } = useSession();
  const { study: store } = useStores();
  const tables = useDomainTables();
  const { kind } = study.prior;
  const options: Prior['kind'][] = ['uniform', 'runs'];
  if (kind === 'file' || kind === 'typed') options.push(kind);

  function choose(next: string): void {
    if (next === kind || (next !== 'uniform' && next !== 'runs')) return;
    const prior =
      next === 'uniform' ? uniformPrior(study.domains.length) : meanOfRuns(study.training.mixtures);
    store.edit((old) => ({ ...old, study: { ...old.study, prior } }));
  }

  return (
    <div className="controls">
      <Select
        label="Prior"
        value={kind}
        options={options.map((id) => ({ value: id, label: names[id] }))}
        onChange={choose}
      />
      <div className="button-row">
        <button type="button" className="button" onClick={() => onEdit('prior')}>
          Type a prior
        </button>
        <button type="button" className="button" onClick={() => onEdit('human')}>
          {study.human ? 'Change' : 'Add'} a human mixture
        </button>
      </div>
      <FilePicker
        label="Table of domains: prior, human, tokens, epochs"
        accept=".csv,.tsv,.txt,.json,.gz"
        onFiles={([file]) => void tables.read(file)}
      />
      <div role="status">
        <TableLine news={tables.news} />
      </div>
    </div>
  );
}
