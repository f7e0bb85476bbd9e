'use client';

import { useStore } from 'zustand';
import { savingSummary } from '../../lib/library/documents';
import { useStores } from '../shell/stores';

/** Whether what is on view is saved, for the bar; what else happened stays until it is read. */
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
