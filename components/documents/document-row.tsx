'use client';

import { useState } from 'react';
import type { DocumentHead } from '../../lib/store/document-storage';

/** One saved study with what can be done to it. */
export function DocumentRow({
  head,
  isOpen,
  onOpen,
  onRename,
  onDuplicate,
  onSave,
  onDelete,
}: {
  head: DocumentHead;
  isOpen: boolean;
  onOpen: () => void;
  onRename: (name: string) => void;
  onDuplicate: () => void;
  onSave: () => void;
  onDelete: () => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const saved = new Date(head.savedAt).toLocaleString('en', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const actions = [
    { label: 'Rename', run: () => setDraft(head.name) },
    { label: 'Duplicate', run: onDuplicate },
    { label: 'Save as a file', run: onSave },
  ];
  return (
    <li>
      {draft === null ? (
        <span className="document-name">{head.name}</span>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const name = draft.trim();
            setDraft(null);
            if (name !== '' && name !== head.name) onRename(name);
          }}
        >
          <input
            className="field"
            aria-label={`New name of ${head.name}`}
            // biome-ignore lint/a11y/noAutofocus: the field was asked for by the button that it replaces
            autoFocus
            maxLength={200}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <button type="submit" className="button">
            Rename
          </button>
        </form>
      )}
      <span className="quiet small">
        {isOpen ? 'On view; ' : ''}saved {saved}
      </span>
      <span className="button-row">
        {!isOpen && (
          <button type="button" className="link" onClick={onOpen} aria-label={`Open ${head.name}`}>
            Open
          </button>
        )}
        {actions.map(({ label, run }) => (
          <button
            key={label}
            type="button"
            className="link"
            aria-label={`${label}: ${head.name}`}
            onClick={run}
          >
            {label}
          </button>
        ))}
        {!isOpen && (
          <button
            type="button"
            className="link"
            aria-label={`Delete ${head.name}`}
            onClick={onDelete}
          >
            Delete
          </button>
        )}
      </span>
    </li>
  );
}
