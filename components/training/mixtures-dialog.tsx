'use client';

import { useState } from 'react';
import { formatPercent } from '../../lib/format';
import { fromRows, type Matrix, rowOf } from '../../lib/matrix';
import { sharesOf } from '../../lib/mixture/prior';
import { parseQuantity } from '../../lib/runs/quantity';
import type { Domain } from '../../lib/study/types';
import { DataTable } from '../ui/data-table';
import { Dialog } from '../ui/dialog';
import { useTrainingControl } from './session';

/** All mixtures of a training as a table; the one that is picked can be typed anew or removed. */
export function MixturesDialog({
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
  /** null = leave it out. */
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
          ? 'Any amounts: what counts is each domain’s share of their sum.'
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
