'use client';

/**
 * The mixtures of a training: options of the draw, the chart, the export, and the dialog that edits
 * single mixtures.
 */
import { useMemo, useState } from 'react';
import { download } from '../../lib/browser/files';
import { sweepYaml } from '../../lib/export/formats';
import { sharesOf } from '../../lib/mixture/prior';
import { formatPercent, parseQuantity, plural } from '../../lib/model/format';
import { columnOf, fromRows, type Matrix, rowOf } from '../../lib/model/matrix';
import type { Domain } from '../../lib/model/study';
import { writeMixtures } from '../../lib/runs/write-runs';
import { chosenDomains, priorOf } from '../../lib/training/plan';
import { isActive } from '../../lib/training/state';
import { ChartFrame } from '../charts/chart-frame';
import { StripPlot } from '../charts/strip-plot';
import { Switch } from '../ui/controls';
import { DataTable } from '../ui/data-table';
import { Dialog } from '../ui/dialog';
import { Disclosure } from '../ui/layout';
import { TypedOption } from '../ui/typed-value';
import { number, whole } from './parse';
import { useTraining, useTrainingControl } from './session';

/** The mixtures that proxies train on: drawn as RegMix draws them, shown, edited, or exported. */
export function MixturesBlock() {
  const control = useTrainingControl();
  const corpora = useTraining((state) => state.corpora);
  const chosen = useTraining((state) => state.chosen);
  const { sampling, seed } = useTraining((state) => state.settings);
  const mixtures = useTraining((state) => state.mixtures);
  const isEdited = useTraining((state) => state.isEdited);
  const problem = useTraining((state) => state.problem);
  const underWay = useTraining((state) => isActive(state.status));
  const [isOpen, setOpen] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const domains = useMemo(() => chosenDomains({ corpora, chosen }), [corpora, chosen]);
  const prior = useMemo(() => priorOf(domains), [domains]);
  const fits = mixtures?.columns === domains.length ? mixtures : null;
  const rows = useMemo(
    () =>
      fits
        ? domains.map(({ about }, domain) => ({
            label: about.name,
            values: columnOf(fits, domain),
            prior: prior[domain],
            human: null,
            optimum: null,
          }))
        : [],
    [fits, domains, prior],
  );
  const named = domains.map(({ about }) => ({ id: about.id, name: about.name }));

  function change(part: Partial<typeof sampling>): void {
    control.change({ sampling: { ...sampling, ...part } });
  }

  function save(format: 'csv' | 'regmix' | 'olmix'): void {
    if (!fits) return;
    const ids = Array.from({ length: fits.rows }, (_, row) => String(row + 1));
    const weights = ids.map((_, row) => rowOf(fits, row));
    if (format === 'csv') {
      const text = writeMixtures({ ids, mixtures: fits }, named);
      download('proxy-mixtures.csv', 'text/csv;charset=utf-8', text);
    } else {
      const text = sweepYaml(named, ids, weights, format);
      download(`proxy-mixtures-${format}.yaml`, 'application/yaml', text);
    }
  }

  return (
    <section className="training-block" aria-labelledby="training-mixtures">
      <h3 id="training-mixtures">Mixtures to train</h3>
      <fieldset className="plain" disabled={underWay}>
        <div className="row-controls">
          <TypedOption
            label="Seed"
            name="of mixtures and batches"
            value={seed}
            format={String}
            parse={whole(0, 2 ** 31 - 1)}
            expected="a whole number of at least 0"
            onChange={(next) => control.change({ seed: next ?? 1 })}
          />
        </div>
        <Disclosure label="How they are drawn">
          <div className="row-controls">
            <TypedOption
              label="Temperature"
              name="of the prior, 0 evens it out, 1 leaves it"
              value={sampling.temperature}
              format={String}
              parse={number(0, 1)}
              expected="a number from 0 to 1"
              onChange={(temperature) => change({ temperature: temperature ?? 0.5 })}
            />
            <TypedOption
              label="Least concentration"
              name="of the Dirichlet draws"
              value={sampling.concentrations.least}
              format={String}
              parse={number(0.01, sampling.concentrations.most)}
              expected={`a number from 0.01 to ${sampling.concentrations.most}`}
              onChange={(least) =>
                change({ concentrations: { ...sampling.concentrations, least: least ?? 0.1 } })
              }
            />
            <TypedOption
              label="Largest concentration"
              name="of the Dirichlet draws"
              value={sampling.concentrations.most}
              format={String}
              parse={number(sampling.concentrations.least, 1000)}
              expected={`a number from ${sampling.concentrations.least} to 1000`}
              onChange={(most) =>
                change({ concentrations: { ...sampling.concentrations, most: most ?? 5 } })
              }
            />
            <TypedOption
              label="Cap, times the prior"
              name="largest weight of a domain"
              value={sampling.maximumUsage}
              format={String}
              parse={number(1, 1e6)}
              expected="a number of at least 1, or nothing for no cap"
              onChange={(maximumUsage) => change({ maximumUsage })}
            />
          </div>
          <div className="row-controls">
            <Switch
              label="The prior itself first"
              checked={sampling.includePrior}
              onChange={(includePrior) => change({ includePrior })}
            />
            <Switch
              label="Each domain alone"
              checked={sampling.includeSingles}
              onChange={(includeSingles) => change({ includeSingles })}
            />
          </div>
          <p className="quiet small measure">
            RegMix’s sampler: Dirichlet draws around the tempered prior, each domain’s share of the
            text, with concentrations spaced evenly in their logarithm; draws above a cap are
            rejected, weights below 0.02% become 0, and no mixture comes twice.
          </p>
        </Disclosure>
        {problem !== '' && (
          <p role="alert" className="refused">
            {problem}
          </p>
        )}
        {fits && (
          <>
            <ChartFrame
              title={`${plural(fits.rows, 'mixture')}${isEdited ? ', edited' : ' drawn'}`}
              fileName="proxy-mixtures"
              how="One mark per mixture and domain. The bar spans the middle half; the longer tick is the median."
              data={{
                columns: [
                  { key: 'proxy', label: 'proxy' },
                  ...named.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
                ],
                rows: () =>
                  Array.from({ length: fits.rows }, (_, row) => [
                    String(row + 1),
                    ...rowOf(fits, row),
                  ]),
              }}
            >
              <StripPlot rows={rows} hovered={hovered} onHover={setHovered} />
            </ChartFrame>
            <div className="button-row">
              <button type="button" className="button" onClick={() => setOpen(true)}>
                Edit mixtures
              </button>
              {isEdited && (
                <button type="button" className="button" onClick={control.redraw}>
                  Draw again
                </button>
              )}
              <button type="button" className="button" onClick={() => save('csv')}>
                CSV
              </button>
              <button type="button" className="button" onClick={() => save('regmix')}>
                YAML for RegMix
              </button>
              <button type="button" className="button" onClick={() => save('olmix')}>
                YAML for olmix
              </button>
            </div>
          </>
        )}
      </fieldset>
      {isOpen && fits && (
        <MixturesDialog domains={named} mixtures={fits} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

/** All mixtures of a training as a table; the selected one can be edited or removed. */
function MixturesDialog({
  domains,
  mixtures,
  onClose,
}: {
  domains: readonly Domain[];
  mixtures: Matrix;
  onClose: () => void;
}) {
  const control = useTrainingControl();
  const [picked, setPicked] = useState<number | null>(null);
  const rows = Array.from({ length: mixtures.rows }, (_, row) => rowOf(mixtures, row));

  function replace(row: number, weights: Float64Array | null): void {
    const next = weights ? rows.with(row, weights) : rows.toSpliced(row, 1);
    control.setMixtures(fromRows(next));
    setPicked(null);
  }

  return (
    <Dialog title="Mixtures to train" wide onClose={onClose}>
      <p className="quiet small">Pick a mixture to type its weights anew, or to leave it out.</p>
      {picked !== null && picked < rows.length && (
        <OneMixture
          key={picked}
          name={`Proxy ${picked + 1}`}
          domains={domains}
          weights={rows[picked]}
          canRemove={rows.length > 2}
          onTake={(weights) => replace(picked, weights)}
        />
      )}
      <DataTable
        caption={`${mixtures.rows} mixtures`}
        columns={[
          { key: 'proxy', label: 'Proxy' },
          ...domains.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ]}
        rowCount={mixtures.rows}
        cell={(row, column) => (column === 0 ? String(row + 1) : rows[row][column - 1])}
        format={(value) => formatPercent(value, 2)}
        selectedRow={picked}
        onSelect={setPicked}
      />
    </Dialog>
  );
}

function OneMixture({
  name,
  domains,
  weights,
  canRemove,
  onTake,
}: {
  name: string;
  domains: readonly Domain[];
  weights: Float64Array;
  canRemove: boolean;
  /** null = remove it. */
  onTake: (weights: Float64Array | null) => void;
}) {
  const [texts, setTexts] = useState(() =>
    Array.from(weights, (weight) => String(Number((weight * 100).toFixed(3)))),
  );
  const amounts = texts.map((text) =>
    text.trim() === '' ? 0 : parseQuantity(text.replace('%', '')),
  );
  const isReadable = amounts.every((amount) => amount !== null && amount >= 0);
  const shares = isReadable ? sharesOf(amounts.map((amount) => amount ?? 0)) : null;
  return (
    <section className="controls" aria-label={name}>
      <h3>{name}</h3>
      <div className="editor">
        {domains.map(({ id, name: label }, index) => (
          <label key={id} className="editor-row">
            <span>{label}</span>
            <input
              className="field numeric"
              inputMode="decimal"
              value={texts[index]}
              aria-invalid={amounts[index] === null}
              onChange={(event) => setTexts(texts.with(index, event.target.value))}
            />
            <span className="quiet">{shares ? formatPercent(shares[index], 1) : ''}</span>
          </label>
        ))}
      </div>
      <p className={shares ? 'quiet small' : 'refused'} role="status">
        {shares
          ? 'Any amounts: each domain’s weight is its share of the sum.'
          : 'Expected numbers of at least 0, one of them above 0.'}
      </p>
      <div className="button-row">
        <button
          type="button"
          className="button primary"
          disabled={!shares}
          onClick={() => onTake(shares)}
        >
          Use these weights
        </button>
        <button type="button" className="button" disabled={!canRemove} onClick={() => onTake(null)}>
          Leave it out
        </button>
      </div>
    </section>
  );
}
