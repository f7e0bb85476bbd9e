'use client';

import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** Offers the training of an earlier visit. */
export function SavedTrainingBanner() {
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const saved = useTraining((state) => state.saved);
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
  let what = 'The others go on from their last checkpoints.';
  if (isInOtherTab) what = 'The others are being trained in another tab.';
  else if (isDone) what = 'They can be opened again.';
  return (
    <div className="notice training-kept" role="status">
      <p>
        {job.corpora.name}: {finished} of {job.proxies.length} {many} of {job.size} parameters are
        trained. {what}
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
              {isDone ? 'Open the runs' : 'Go on training'}
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
