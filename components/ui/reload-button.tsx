'use client';

import { useState } from 'react';
import { saveAll } from '../../lib/browser/before-reload';

/** Loads the page again, once the study is saved; where it cannot be, the reader decides. */
export function ReloadButton() {
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState('');

  async function saveAndReload(): Promise<void> {
    setSaving(true);
    try {
      await saveAll();
      window.location.reload();
    } catch (error) {
      setSaving(false);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <>
      {problem === '' ? (
        <button
          type="button"
          className="button primary"
          disabled={isSaving}
          onClick={() => void saveAndReload()}
        >
          Reload the page
        </button>
      ) : (
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Reload and lose the last edits
        </button>
      )}
      {problem !== '' && (
        <p className="refused" role="alert">
          The last edits are not saved: {problem}
        </p>
      )}
    </>
  );
}
