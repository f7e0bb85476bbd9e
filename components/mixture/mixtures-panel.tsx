'use client';

/**
 * The mixtures stage: a strip plot of the trained mixtures, and the controls of the prior and human
 * mixtures, including the import of a table of domains.
 */
import { useMemo, useState } from 'react';
import { meanOfRuns, uniformPrior } from '../../lib/mixture/prior';
import { formatPercent, plural } from '../../lib/model/format';
import { columnOf, type Matrix, rowOf, selectRows, zeros } from '../../lib/model/matrix';
import type { Prior, RunTable, Study } from '../../lib/model/study';
import { publishedMixtures } from '../../lib/study/published';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { StripPlot } from '../charts/strip-plot';
import { TableLine, useDomainTables } from '../limits/domain-tables';
import {
  mostDrawn,
  useAdvisedOptimum,
  useBrushed,
  useFormerOptimum,
  useHover,
  useOrderedDomains,
} from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useActiveFit, useSession, useStores, useView } from '../shell/stores';
import { FilePicker, Segmented, Select } from '../ui/controls';
import { DrawnNote } from '../ui/layout';
import { Term } from '../ui/term';
import { MixtureEditor } from './mixture-editor';

/** Maximum number of runs drawn; the table and the CSV have all. */
const maxShown = 1_000;

/** The trained mixtures, and the prior and human mixtures that the optimum is compared with. */
export function MixturesPanel() {
  const { study } = useSession();
  const { view } = useStores();
  const order = useView((state) => state.order);
  const optimum = useAdvisedOptimum();
  const former = useFormerOptimum();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered.slice(0, mostDrawn));
  const [editing, setEditing] = useState<'prior' | 'human' | null>(null);
  const brushed = useBrushed();
  const outliers = useOutliers();
  const runs = useMemo(
    () => evenRuns(study.training.ids.length, maxShown, outliers),
    [study, outliers],
  );
  const unfitted = useMemo(
    () => new Set(outliers.map((outlier) => runs.indexOf(outlier))),
    [runs, outliers],
  );
  const leftOut = useMemo(() => leftOutOf(study), [study]);
  const leftOutWeights = useMemo(() => columnsOf(leftOut.mixtures, null), [leftOut]);
  const isMarked = outliers.length > 0 || leftOut.ids.length > 0;
  const shown = useMemo(() => columnsOf(study.training.mixtures, runs), [study, runs]);
  const colors = domainColors(study.prior.weights);
  const rows = ordered.map((domain) => ({
    label: study.domains[domain].name,
    values: shown[domain],
    leftOut: leftOutWeights[domain],
    prior: study.prior.weights[domain],
    human: study.human ? study.human.weights[domain] : null,
    optimum: optimum ? optimum[domain] : null,
    former: former ? former[domain] : null,
    color: colors[domain],
  }));
  const rowsOf = (
    { ids, mixtures }: Pick<RunTable, 'ids' | 'mixtures'>,
    partOf: (run: number) => string,
  ) =>
    Array.from(ids, (id, run) => {
      const weights = rowOf(mixtures, run);
      const cells = [id, ...ordered.map((domain) => weights[domain])];
      return isMarked ? [...cells, partOf(run)] : cells;
    });
  return (
    <Stage
      id="mixtures"
      title="Mixtures"
      below
      finding={`${plural(study.training.ids.length, 'mixture')} of ${plural(study.domains.length, 'domain')} were trained. Where a domain rarely had much weight, predictions are extrapolation.`}
    >
      <div className="stage-body">
        <ChartFrame
          title="Weights that were tried"
          fileName="regmix-mixtures"
          how={`One mark per training run and domain${study.training.ids.length > maxShown ? `, of ${maxShown.toLocaleString('en')} runs or fewer, evenly spaced in the file` : ''}. The bar spans the middle half of the runs; the longer tick is their median.${outliers.length > 0 ? ' Crosses are runs far from the rest of the target, which are not fitted.' : ''}${leftOut.ids.length > 0 ? ' Circles are runs left out.' : ''}`}
          data={{
            columns: [
              { key: 'run', label: 'run' },
              ...ordered.map((domain) => ({
                key: study.domains[domain].id,
                label: study.domains[domain].name,
                numeric: true,
              })),
              ...(isMarked ? [{ key: 'use', label: 'use' }] : []),
            ],
            rows: () => {
              const out = new Set(outliers);
              return [
                ...rowsOf(study.training, (run) => (out.has(run) ? 'not fitted' : 'fitted')),
                ...rowsOf(leftOut, () => 'left out'),
              ];
            },
          }}
        >
          <StripPlot
            rows={rows.slice(0, mostDrawn)}
            rounds={
              study.training.rounds ? runs.map((run) => study.training.rounds?.[run] ?? 0) : null
            }
            brushed={brushed ? Uint8Array.from(runs, (run) => brushed.rows[run]) : null}
            unfitted={unfitted}
            {...hover}
          />
          <DrawnNote drawn={mostDrawn} total={rows.length} />
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
            Simulated mixtures are drawn around the <Term of="prior">prior</Term>, and the optimum
            is compared with it. Its largest weight is{' '}
            {formatPercent(Math.max(...study.prior.weights), 0)}{' '}
            {study.domains[largest(study.prior.weights)].name}.
          </p>
        </div>
      </div>
      {editing && <MixtureEditor which={editing} onClose={() => setEditing(null)} />}
    </Stage>
  );
}

/** Rows that the fit on view does not use, as they are far from the rest of its target. */
function useOutliers(): readonly number[] {
  const { study } = useSession();
  const { state: fit } = useActiveFit();
  const report = fit?.status === 'done' ? fit.report : null;
  return report?.outOfFold.length === study.training.ids.length ? report.outliers : none;
}

const none: readonly number[] = [];

/** At most `most` runs, evenly spaced, which is enough to see their distribution, and some that must be seen. */
function evenRuns(count: number, most: number, seen: readonly number[]): Int32Array {
  const step = Math.max(1, Math.ceil(count / most));
  const even = Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
  return Int32Array.from(new Set([...even, ...seen])).sort();
}

/** The runs that are left out of a study. */
function leftOutOf({ training, leftOut }: Study): Pick<RunTable, 'ids' | 'mixtures'> {
  if (!leftOut) return { ids: [], mixtures: zeros(0, training.mixtures.columns) };
  const { ids, whole } = leftOut;
  const places = new Map(whole.ids.map((id, row) => [id, row]));
  const rows = Int32Array.from(ids, (id) => places.get(id) ?? 0);
  return { ids, mixtures: selectRows(whole.mixtures, rows) };
}

/** Every column, restricted to some of the rows; null = all. */
function columnsOf(mixtures: Matrix, runs: Int32Array | null): Float64Array[] {
  const few = !runs || runs.length === mixtures.rows ? mixtures : selectRows(mixtures, runs);
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
  const { kind, weights } = study.prior;
  const published = publishedMixtures(study.domains.map(({ id }) => id))?.prior;
  const isPublished = published?.every((share, domain) => share === weights[domain]) ?? false;
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
        options={options.map((id) => ({
          value: id,
          label: id === 'file' && isPublished ? 'The Pile’s published shares' : names[id],
        }))}
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
