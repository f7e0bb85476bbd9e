'use client';

import { useState } from 'react';
import { totalVariation } from '../../lib/mixture/simplex';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { columnOf, rowOf } from '../../lib/model/matrix';
import type { Study } from '../../lib/model/study';
import { bandAt } from '../../lib/regression/bands';
import { useSession } from '../shell/stores';
import { Slider } from '../ui/slider';
import { type StepProps, useProgress } from './learn-data';
import { Act, Arxiv, MixtureSliders, Source } from './parts';
import { useLaw, useTarget, useYourPrediction, useYours } from './use-target';

/** Range of the guess, in bits per byte: from below the best run to above the worst, in halves. */
function guessesFor(study: Study, target: number) {
  const measured = columnOf(study.training.losses, target);
  const least = Math.floor(2 * Math.min(...measured)) / 2;
  const most = Math.ceil(2 * Math.max(...measured)) / 2;
  return { least, most, start: (least + most) / 2 };
}

/** The question: the reader guesses a loss and sees the error of the guess. */
export function QuestionStep({ onDone }: StepProps) {
  const { study } = useSession();
  const { target, place } = useTarget();
  const [guesses] = useState(() => guessesFor(study, place));
  const [progress, update] = useProgress();
  const { loss: guess, isShown: isAnswerShown } = progress.guess ?? {
    loss: guesses.start,
    isShown: false,
  };
  return (
    <>
      <p className="prose">
        A language model reads several kinds of text. How much of each should it read? Comparing
        mixtures at full size is too expensive: each needs a training run of its own. RegMix instead
        trains many small models, the <em>proxies</em>, on random mixtures, and learns from them to
        predict the loss of mixtures that were never trained.
      </p>
      <p className="prose">
        Here are eight languages and one goal: a low validation loss on <strong>Spanish</strong>,
        text that the model has not read. Loss is in bits per byte: 8 for a model that knows
        nothing, 0 for one that predicts every byte.
      </p>
      <Act task="Set a mixture, then guess the loss of a proxy trained on it.">
        <div className="learn-pair">
          <MixtureSliders onMove={() => update({ guess: { loss: guess, isShown: false } })} />
          <div className="controls">
            <Slider
              label="Your guess"
              ariaLabel={`Your guess: ${target.name}`}
              unit="bits per byte"
              value={guess}
              min={guesses.least}
              max={guesses.most}
              step={0.01}
              bigStep={0.1}
              format={(value) => formatNumber(value, 2)}
              parse={(text) => {
                const value = Number(text);
                return Number.isFinite(value) && value >= 0 && value <= 20 ? value : null;
              }}
              expected="a loss from 0 to 20 bits per byte"
              onStart={() => {}}
              onChange={(loss) => update({ guess: { loss, isShown: isAnswerShown } })}
              onCommit={() => {}}
            />
            <button
              type="button"
              className="button primary"
              onClick={() => {
                update({ guess: { loss: guess, isShown: true } });
                onDone();
              }}
            >
              Compare my guess
            </button>
            <div role="status">{isAnswerShown && <Answer guess={guess} study={study} />}</div>
          </div>
        </div>
      </Act>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, sections 1 and 3. The runs
        are this page’s own: {study.training.ids.length} proxies trained on the messages of the
        TypeScript compiler in eight languages.
      </Source>
    </>
  );
}

/** The prediction and the nearest run beside the guess. */
function Answer({ guess, study }: { guess: number; study: Study }) {
  const yours = useYours();
  const law = useLaw();
  const predicted = useYourPrediction();
  const { target, place } = useTarget();
  if (!law || predicted === null) return <p className="quiet">Fitting…</p>;
  const { training } = study;
  const distances = training.ids.map((_, row) =>
    totalVariation(yours, rowOf(training.mixtures, row)),
  );
  const nearest = distances.indexOf(Math.min(...distances));
  const measured = training.losses.values[nearest * study.targets.length + place];
  return (
    <>
      <dl className="learn-figures">
        <dt>Your guess</dt>
        <dd>{formatNumber(guess, 2)}</dd>
        <dt>Predicted by the law, a regression on {training.ids.length} proxies</dt>
        <dd>
          {formatNumber(predicted, 2)} ±{' '}
          {formatNumber(bandAt(law.report.bands, 90, predicted) ?? Number.NaN, 2)}
        </dd>
        <dt>
          Measured for the nearest proxy ({formatPercent(distances[nearest], 0)} of its weight
          differs)
        </dt>
        <dd>{formatNumber(measured, 2)}</dd>
        <dt>Your guess differs from the prediction by</dt>
        <dd>
          {formatNumber(Math.abs(guess - predicted), 2)} {target.unit}
        </dd>
      </dl>
      <p className="quiet small prose">
        The tour predicts by the law alone, whose curves a later step explains. The other pages
        correct it by Gaussian processes, which follow the runs more closely: their figures differ
        from these.
      </p>
    </>
  );
}
