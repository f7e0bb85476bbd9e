'use client';

import { useStore } from 'zustand';
import { savingSummary } from '../../lib/library/documents-state';
import { useStores } from '../shell/stores';

/** Whether the open study is saved, for the bar; other notices stay until dismissed. */
export function SavingState() {
  const { documents } = useStores();
  const state = useStore(documents.state);
  return (
    <span className="saving" role="status" data-status={state.status}>
      {savingSummary(state)}
      {state.notice !== '' && (
        <span className="saving-notice">
          {state.notice}{' '}
          <button
            type="button"
            className="link"
            onClick={() => documents.state.setState({ notice: '' })}
          >
            Dismiss
          </button>
        </span>
      )}
    </span>
  );
}
