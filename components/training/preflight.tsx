'use client';

import { formatDuration, formatNumber, formatTokens, plural } from '../../lib/model/format';
import { backendNames } from '../../lib/training/engine';
import { trainingFor, usualRates } from '../../lib/training/options';
import { memoryOf, sizes } from '../../lib/training/shape';
import { engineMemory } from '../../lib/training/simd/memory';
import { isActive } from '../../lib/training/state';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** What was measured before a training: device, speed, memory and duration, in detail. */
export function Preflight() {
  const control = useTrainingControl();
  const { one, many } = useTrainingNoun();
  const preflight = useTraining((state) => state.preflight);
  const settings = useTraining((state) => state.settings);
  const hasMixtures = useTraining((state) => state.mixtures !== null);
  const underWay = useTraining((state) => isActive(state.status));
  if (preflight.status === 'measuring') {
    const { candidate } = preflight;
    return (
      <div className="preflight">
        <p>
          {candidate
            ? `Measuring ${backendNames[candidate.backend]}, ${plural(candidate.population, one, many)} side by side${candidate.trainers > 1 ? ` in each of ${candidate.trainers} workers` : ''}…`
            : 'Looking for what to train on…'}{' '}
          {candidate?.backend === 'webgpu' && 'The first step compiles its kernels.'}
        </p>
        {!underWay && (
          <button type="button" className="button" onClick={control.stopMeasuring}>
            Stop measuring
          </button>
        )}
      </div>
    );
  }
  const measureAll = !underWay && (
    <button
      type="button"
      className="button"
      disabled={!hasMixtures}
      onClick={() => void control.measure()}
    >
      {preflight.status === 'done' ? 'Measure again, for longer' : 'Measure'}
    </button>
  );
  if (preflight.status !== 'done') {
    return (
      <div className="preflight">
        <p className="quiet">Nothing has been measured yet for these settings.</p>
        {measureAll}
      </div>
    );
  }
  const { chosen, adapter, reason, measured, evaluation, seconds, rate, proxies } = preflight;
  const shape = sizes[settings.size];
  const training = trainingFor(settings.tokens, shape.context, usualRates[settings.size]);
  const ofTrainer =
    chosen.backend === 'wasm'
      ? engineMemory(shape, training.rows, chosen.population)
      : memoryOf(shape, training.rows, chosen.population).total;
  const memory = ofTrainer * chosen.trainers;
  const total = machineMemory();
  return (
    <div className="preflight">
      <dl className="preflight-facts">
        <dt>Trains by</dt>
        <dd>{reason}</dd>
        {adapter !== undefined && (
          <>
            <dt>Adapter</dt>
            <dd>
              {adapter
                ? `${adapter.name}${adapter.isSoftware ? ', a software adapter' : ''}`
                : 'no GPU that this browser lets pages use'}
            </dd>
          </>
        )}
        <dt>At once</dt>
        <dd>
          {plural(chosen.population * chosen.trainers, one, many)}
          {chosen.population > 1
            ? `: ${chosen.population} side by side in ${plural(chosen.trainers, 'worker')}`
            : `, one in each of ${plural(chosen.trainers, 'worker')}`}
        </dd>
        <dt>Speed</dt>
        <dd>
          {formatTokens(rate)} tokens/s, evaluation included
          {measured.all.length > 1 && (
            <span className="quiet">
              {' '}
              (without it:{' '}
              {measured.all
                .map(
                  (each) =>
                    `${backendNames[each.backend]} × ${each.population} ${formatTokens(each.rate)}/s`,
                )
                .join(', ')}
              )
            </span>
          )}
        </dd>
        <dt>Memory</dt>
        <dd>
          about {formatNumber(memory / 1e6, 0)} MB
          {total === null ? '' : ` of ${total}`}
        </dd>
        <dt>Time</dt>
        <dd>
          about <strong>{formatDuration(seconds.mean)}</strong> ({formatDuration(seconds.low)} to{' '}
          {formatDuration(seconds.high)}) for {plural(proxies, one, many)},{' '}
          {training.steps.toLocaleString('en')} steps each
        </dd>
        <dt>Evaluation</dt>
        <dd>
          {evaluation.times === 1 ? 'once' : `${evaluation.times} times`}, on up to{' '}
          {evaluation.tokens.toLocaleString('en')} tokens of every domain’s validation text: about{' '}
          {formatDuration(seconds.evaluating)} of that time
        </dd>
      </dl>
      {measureAll}
    </div>
  );
}

/** Device memory as coarsely as browsers report it: 8 means 8 GB or more. */
function machineMemory(): string | null {
  const reported: unknown = Reflect.get(navigator, 'deviceMemory');
  if (typeof reported !== 'number') return null;
  return reported >= 8 ? '8 GB or more' : `${reported} GB`;
}
