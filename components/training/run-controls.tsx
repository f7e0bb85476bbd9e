'use client';

/** Starts, pauses and cancels a training; says how long it will take, and shows its progress. */
import { useRef } from 'react';
import { formatDuration, formatPercent, formatTokens, plural } from '../../lib/model/format';
import { usesCores } from '../../lib/training/calibrate';
import { worthAGpu } from '../../lib/training/control';
import { backendNames } from '../../lib/training/engine';
import { isActive } from '../../lib/training/state';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** The one button of a training with what pressing it will take, or its progress. */
export function RunControls() {
  const control = useTrainingControl();
  const { many } = useTrainingNoun();
  const status = useTraining((state) => state.status);
  const canStart = useTraining(
    (state) => state.mixtures !== null && state.corpora.status === 'ready',
  );
  const hasText = useTraining((state) => state.corpora.status !== 'none');
  const notices = useTraining((state) => state.notices);
  const failure = useTraining((state) => (state.status === 'failed' ? state.failure : ''));
  const isUnsaved = useTraining((state) => state.isUnsaved);
  const underWay = isActive(status);
  const isPaused = status === 'paused';
  const primary = useRef<HTMLButtonElement>(null);
  const start = () => void control.start();
  const cancel = () => {
    control.cancel();
    primary.current?.focus();
  };
  return (
    <div className="controls">
      <div className="train-row">
        <div className="button-row">
          {/* One element, so that it keeps the focus as a training starts, pauses and ends. */}
          <button
            ref={primary}
            type="button"
            className="button primary"
            disabled={!underWay && !canStart}
            aria-disabled={underWay && !isPaused && status !== 'running'}
            onClick={underWay ? (isPaused ? control.resume : control.pause) : start}
          >
            {underWay ? (isPaused ? 'Go on' : 'Pause') : status === 'idle' ? 'Train' : 'Train anew'}
          </button>
          {isPaused && (
            <button type="button" className="button" onClick={control.step}>
              One step
            </button>
          )}
          {underWay && (
            <button type="button" className="button" onClick={cancel}>
              Cancel
            </button>
          )}
        </div>
        <div className="train-state">
          <ProgressOfProxies />
          {!underWay && <Estimate />}
        </div>
      </div>
      {!hasText && !underWay && (
        <p className="quiet">
          There is no text to train on yet: add yours, or choose a set that comes with the page.
        </p>
      )}
      {notices.length > 0 && (
        <ul className="notice plain-list" role="status">
          {notices.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {failure !== '' && (
        <p role="alert" className="refused">
          The training ended: {withoutStop(failure)}.{' '}
          {isUnsaved
            ? `Finished ${many} could not be kept: save their CSVs before you train anew or reload.`
            : `Finished ${many} are kept; train anew, or reload to go on.`}
        </p>
      )}
    </div>
  );
}

/** What a training will take, in one line: measured, or being measured. */
function Estimate() {
  const control = useTrainingControl();
  const { one, many } = useTrainingNoun();
  const corpora = useTraining((state) => state.corpora);
  const preflight = useTraining((state) => state.preflight);
  const { size, tokens, engine } = useTraining((state) => state.settings);
  const isOwnChoice = useTraining((state) => state.isOwnChoice);
  const { isOffered, offeredSeconds } = control;
  if (preflight.status === 'failed') {
    return (
      <p role="alert" className="refused estimate">
        Nothing could train here: {withoutStop(preflight.message)}. Choose another “Train by”, or
        domains with more text.
      </p>
    );
  }
  if (preflight.status !== 'done') {
    return (
      <p role="status" className="estimate quiet">
        {corpora.status === 'loading' && 'Loading text…'}
        {preflight.status === 'measuring' && 'Measuring how fast this machine trains…'}
        {preflight.status === 'stopped' && 'How long it takes is not known: measuring was stopped.'}
      </p>
    );
  }
  const { chosen, seconds, rate, isByTraining, proxies, adapter } = preflight;
  const by = usesCores(chosen.backend)
    ? `on ${plural(chosen.trainers, 'core')}`
    : `by ${backendNames[chosen.backend]}, ${chosen.population} side by side`;
  const isLong = seconds.mean > offeredSeconds;
  const mayUseGpu = engine === 'auto' && adapter === undefined && seconds.mean > worthAGpu;
  return (
    <p role="status" className="estimate">
      {plural(proxies, one, many)} of {size}, {formatTokens(tokens)} tokens each: about{' '}
      <strong>{formatDuration(seconds.mean)}</strong> here{' '}
      <span className="quiet">
        ({isByTraining ? 'as the last training went' : 'measured'}: {formatTokens(rate)} tokens/s{' '}
        {by}).
        {isOffered && !isOwnChoice && isLong && ' The least that can be judged.'}
        {isOffered &&
          !isOwnChoice &&
          !isLong &&
          ` Chosen to take at most ${offeredSeconds} seconds.`}
        {mayUseGpu && ' If there is a GPU, it is measured first.'}
      </span>
      {isOffered && isOwnChoice && isLong && (
        <>
          {' '}
          <button type="button" className="link" onClick={control.offer}>
            Take {offeredSeconds} seconds instead
          </button>
        </>
      )}
    </p>
  );
}

/** A message to go on after: without its full stop. */
function withoutStop(message: string): string {
  return message.replace(/\.\s*$/, '');
}

function ProgressOfProxies() {
  const { many } = useTrainingNoun();
  const status = useTraining((state) => state.status);
  const progress = useTraining((state) => state.progress);
  const tiles = useTraining((state) => state.tiles);
  const steps = useTraining((state) => state.job?.training.steps ?? 0);
  const isMeasuring = useTraining((state) => state.preflight.status === 'measuring');
  if (status === 'idle') return null;
  if (!progress) {
    return isActive(status) ? (
      <p className="quiet" role="status">
        {isMeasuring ? 'Measuring how fast this machine trains…' : 'Starting…'}
      </p>
    ) : null;
  }
  let stepsDone = 0;
  for (const { step } of tiles.values()) stepsDone += step;
  const total = Math.max(1, steps * tiles.size);
  const rate = progress.rate > 0 ? `, ${formatTokens(progress.rate)} tokens/s` : '';
  const left =
    status === 'running' && Number.isFinite(progress.left) && progress.done < progress.total
      ? `, ${formatDuration(progress.left)} left`
      : '';
  const state = { paused: ' (paused)', cancelled: ' (cancelled)', failed: ' (failed)' };
  const word = status === 'paused' || status === 'cancelled' || status === 'failed';
  return (
    <div className="progress train-progress">
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
