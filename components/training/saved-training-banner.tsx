'use client';

import { isActive } from '../../lib/training/state';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** Offers the training of an earlier visit. */
export function SavedTrainingBanner() {
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const saved = useTraining((state) => (isActive(state.status) ? null : state.saved));
  const failure = useTraining((state) => (state.status === 'failed' ? '' : state.failure));
  if (!saved) {
    return failure === '' ? null : (
      <p role="alert" className="refused">
        {failure}
      </p>
    );
  }
  const { job, finished, isInOtherTab } = saved;
  const isDone = finished >= job.proxies.length;
  return (
    <div className="notice training-kept" role="status">
      <p>
        <strong>
          {finished} of {job.proxies.length} {many} trained
        </strong>
        : {job.size}, {job.corpora.name}.
        {isInOtherTab && ' The others are being trained in another tab.'}
      </p>
      {failure !== '' && <p className="refused">{failure}</p>}
      <div className="button-row">
        {isInOtherTab ? (
          <button type="button" className="button" onClick={() => void control.findSaved()}>
            Look again
          </button>
        ) : (
          <>
            <button
              type="button"
              className="button primary"
              onClick={() => void control.resumeSaved()}
            >
              {isDone ? 'Open the runs' : 'Resume'}
            </button>
            <button type="button" className="button" onClick={() => void control.discardSaved()}>
              Discard
            </button>
          </>
        )}
      </div>
    </div>
  );
}
