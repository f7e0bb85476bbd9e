'use client';

import { useState } from 'react';
import { sharesOf } from '../../lib/mixture/prior';
import { formatPercent, parseQuantity } from '../../lib/model/format';
import { useSession, useStores } from '../shell/stores';
import { Dialog } from '../ui/dialog';
import { LongList } from '../ui/long-list';

const titles = {
  prior: 'Type a prior',
  human: 'A human mixture',
  yours: 'Your mixture',
} as const;

/**
 * Edits a prior, a human mixture or the reader's own: amounts per domain, normalised by their sum.
 */
export function MixtureEditor({
  which,
  onClose,
}: {
  which: keyof typeof titles;
  onClose: () => void;
}) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const before = { prior: null, human: study.human?.weights, yours: settings.yours }[which];
  const start = before ?? study.prior.weights;
  const [texts, setTexts] = useState(() => Array.from(start, (weight) => percentText(weight)));
  const [name, setName] = useState(study.human?.name ?? 'human');
  const amounts = texts.map((text) =>
    text.trim() === '' ? 0 : parseQuantity(text.replace('%', '')),
  );
  const unreadable = amounts.findIndex((amount) => amount === null || amount < 0);
  const shares = unreadable < 0 ? sharesOf(amounts.map((amount) => amount ?? 0)) : null;
  const rows = study.domains.map((_, index) => index);
  const total = amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);

  function take(): void {
    if (!shares) return;
    if (which === 'yours') store.editSettings({ yours: Array.from(shares) });
    else
      store.edit((session) => ({
        ...session,
        study:
          which === 'prior'
            ? { ...session.study, prior: { kind: 'typed', weights: shares } }
            : {
                ...session.study,
                human: { name: name.trim().slice(0, 60) || 'human', weights: shares },
              },
      }));
    onClose();
  }

  function removeHuman(): void {
    store.edit((session) => ({ ...session, study: { ...session.study, human: null } }));
    onClose();
  }

  return (
    <Dialog title={titles[which]} onClose={onClose}>
      <p className="quiet prose">
        Percentages, tokens or any amounts: each domain’s weight is its share of the sum.
      </p>
      {which === 'human' && (
        <label className="editor-row">
          <span>Name</span>
          <input
            className="field"
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      )}
      <div className="editor">
        <LongList rows={rows} keyOf={(index) => study.domains[index].id} rowHeight={32}>
          {(index) => (
            <label className="editor-row">
              <span>{study.domains[index].name}</span>
              <input
                className="field numeric"
                inputMode="decimal"
                value={texts[index]}
                aria-invalid={amounts[index] === null}
                onChange={(event) =>
                  setTexts(
                    texts.map((text, place) => (place === index ? event.target.value : text)),
                  )
                }
              />
              <span className="quiet">{shares ? formatPercent(shares[index], 1) : ''}</span>
            </label>
          )}
        </LongList>
      </div>
      <p className={shares ? 'quiet' : 'refused'} role="status">
        {shares
          ? `Sum ${Number(total.toPrecision(6))}.`
          : unreadable >= 0
            ? `${study.domains[unreadable].name}: expected a number of at least 0, found “${texts[unreadable].slice(0, 40)}”.`
            : 'At least one amount must be above 0.'}
      </p>
      <div className="button-row">
        <button type="button" className="button primary" disabled={!shares} onClick={take}>
          Use these weights
        </button>
        {which === 'human' && study.human && (
          <button type="button" className="button" onClick={removeHuman}>
            Remove
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

function percentText(weight: number): string {
  return String(Number((weight * 100).toFixed(3)));
}
