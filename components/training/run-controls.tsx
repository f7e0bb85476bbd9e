'use client';

import { formatPercent, formatTokens } from '../../lib/model/format';
import { isActive } from '../../lib/training/state';
import { durationText } from './options';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** Starts, pauses and cancels a training, and shows its progress. */
export function RunControls() {
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const status = useTraining((state) => state.status);
  const canStart = useTraining(
    (state) =>
      state.mixtures !== null &&
      state.corpora.status === 'ready' &&
      state.preflight.status !== 'measuring',
  );
  const hasText = useTraining((state) => state.corpora.status !== 'none');
  const notices = useTraining((state) => state.notices);
  const failure = useTraining((state) => (state.status === 'failed' ? state.failure : ''));
  return (
    <div className="controls">
      <div className="button-row">
        {!isActive(status) && (
          <button
            type="button"
            className="button primary"
            disabled={!canStart}
            onClick={() => void control.start()}
          >
            {status === 'idle' ? 'Train' : 'Train anew'}
          </button>
        )}
        {isActive(status) && status !== 'paused' && (
          <button
            type="button"
            className="button primary"
            disabled={status !== 'running'}
            onClick={control.pause}
          >
            Pause
          </button>
        )}
        {status === 'paused' && (
          <>
            <button type="button" className="button primary" onClick={control.resume}>
              Go on
            </button>
            <button type="button" className="button" onClick={control.step}>
              One step
            </button>
          </>
        )}
        {isActive(status) && (
          <button type="button" className="button" onClick={control.cancel}>
            Cancel
          </button>
        )}
      </div>
      {!hasText && !isActive(status) && (
        <p className="quiet">
          There is no text to train on yet: add yours, or choose a set that comes with the page.
        </p>
      )}
      <ProgressOfProxies />
      {notices.length > 0 && (
        <ul className="notice plain-list" role="status">
          {notices.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {failure !== '' && (
        <p role="alert" className="refused">
          The training ended: {failure}. Finished {many} are kept; train anew, or reload to go on.
        </p>
      )}
    </div>
  );
}

function ProgressOfProxies() {
  const { many } = useTrainingNoun();
  const status = useTraining((state) => state.status);
  const progress = useTraining((state) => state.progress);
  const tiles = useTraining((state) => state.tiles);
  const steps = useTraining((state) => state.job?.training.steps ?? 0);
  if (status === 'idle') return null;
  if (!progress) {
    return (
      <p className="quiet" role="status">
        Starting…
      </p>
    );
  }
  let stepsDone = 0;
  for (const { step } of tiles.values()) stepsDone += step;
  const total = Math.max(1, steps * tiles.size);
  const rate = progress.rate > 0 ? `, ${formatTokens(progress.rate)} tokens/s` : '';
  const left =
    status === 'running' && Number.isFinite(progress.left) && progress.done < progress.total
      ? `, ${durationText(progress.left)} left`
      : '';
  const state = { paused: ' (paused)', cancelled: ' (cancelled)', failed: ' (failed)' };
  const word = status === 'paused' || status === 'cancelled' || status === 'failed';
  return (
    <div className="progress">
      <progress value={stepsDone} max={total} aria-label={`steps done, all ${many}`} />
      <span>
        {progress.done} of {progress.total} {many} trained, {formatPercent(progress.share, 0)}
        {rate}
        {left}
        {word ? state[status] : ''}
      </span>
    </div>
  );
}
