'use client';

import { useState } from 'react';
import { FilePicker } from '../ui/file-picker';

/** Asks for files of runs, or for a table to be pasted. */
export function ChooseFiles({
  busy,
  onFiles,
  onText,
}: {
  busy: boolean;
  onFiles: (files: readonly File[]) => void;
  onText: (text: string) => void;
}) {
  const [text, setText] = useState('');
  return (
    <div className="open-choices">
      <div className="drop-zone">
        <p>
          Drop a CSV of mixtures and a CSV of losses here or anywhere on the page, all your test
          sets with them if you like. RegMix’s pair, olmix’s <code>ratios.csv</code> and{' '}
          <code>metrics.csv</code>, and one wide CSV are recognised. A whole study comes as one{' '}
          <code>.regmix.json</code>.
        </p>
        <FilePicker
          label="Choose files"
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          multiple
          primary
          onFiles={onFiles}
        />
        <p className="quiet small">They are read in this tab and go nowhere.</p>
      </div>
      <label>
        <span>
          Or paste one wide table, or mixtures and losses with a blank line between them; first rows
          are column names
        </span>
        <textarea
          className="field paste"
          value={text}
          spellCheck={false}
          placeholder={'index,train_web,train_code,metric/web_val_loss\n1,0.6,0.4,3.21'}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={busy || text.trim() === ''}
          onClick={() => onText(text)}
        >
          Read what is pasted
        </button>
      </div>
    </div>
  );
}
