'use client';

import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** Offers the training of an earlier visit. */
export function KeptBanner() {
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const kept = useTraining((state) => state.kept);
  const failure = useTraining((state) => (state.status === 'failed' ? '' : state.failure));
  if (!kept) {
    return failure === '' ? null : (
      <p role="alert" className="refused">
        {failure}
      </p>
    );
  }
  const { job, finished } = kept;
  const isDone = finished >= job.proxies.length;
  return (
    <div className="notice training-kept" role="status">
      <p>
        {job.corpora.name}: {finished} of {job.proxies.length} {many} of {job.size} parameters are
        trained.{' '}
        {isDone ? 'They can be opened again.' : 'The others go on from their last checkpoints.'}
      </p>
      {failure !== '' && <p className="refused">{failure}</p>}
      <div className="button-row">
        <button type="button" className="button primary" onClick={() => void control.resumeKept()}>
          {isDone ? 'Open the runs' : 'Go on training'}
        </button>
        <button type="button" className="button" onClick={() => void control.discardKept()}>
          Discard
        </button>
      </div>
    </div>
  );
}
