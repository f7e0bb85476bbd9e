'use client';

import { useEffect, useState } from 'react';
import { formatNumber } from '../../lib/format';
import { unlimited } from '../../lib/study/settings';
import { useAnalysis, useSession, useStores } from '../explorer/stores';
import { editConstraints } from '../optimum/limits';
import { Predicted } from '../optimum/predicted';
import { Act, Arxiv, Source } from './act';
import { ComparedWeights } from './compared-weights';
import type { StepProps } from './lesson';
import { MixtureSliders } from './mixture-sliders';
import { useTarget, useYourPrediction } from './use-target';

/** The reader's best mixture against the regression's. */
export function OptimumStep({ onDone }: StepProps) {
  const { study: store } = useStores();
  const { study } = useSession();
  const { target } = useTarget();
  const predicted = useYourPrediction();
  const { report, solved, status } = useAnalysis((state) => state.optimum);
  const [isShown, setShown] = useState(false);
  // The next step sets a limit: whoever comes back from it is to find none here.
  useEffect(() => {
    editConstraints(store, ({ requestedTokens, availableTokens }) => {
      const free = unlimited(availableTokens.length);
      return availableTokens.every((tokens) => tokens === null)
        ? store.getState().session.settings.constraints
        : { ...free, requestedTokens };
    });
  }, [store]);
  const isReady = report !== null && solved !== null && status === 'ready';
  const [yours] = report?.yours ?? report?.prior ?? [Number.NaN];
  return (
    <>
      <p className="prose">
        A fit that answers in microseconds can be asked about every mixture there is. RegMix draws
        100,000, predicts each and averages the best; the law’s optimum can be found exactly. Which
        mixture would you take if there were as much text of every language as you liked?
      </p>
      <Act
        task={`Bring the predicted ${target.name} as low as you can by hand. Then look at the optimum.`}
      >
        <div className="learn-pair">
          <MixtureSliders />
          <div className="controls">
            <p role="status" className="learn-large">
              Yours: <strong>{predicted === null ? '…' : formatNumber(predicted, 3)}</strong>{' '}
              {target.unit}
            </p>
            <button
              type="button"
              className="button primary"
              disabled={!isReady}
              onClick={() => {
                setShown(true);
                onDone();
              }}
            >
              Show the optimum
            </button>
            {isShown && isReady && (
              <p className="prose">
                The optimum is predicted to reach {formatNumber(report.optimum.predicted, 3)}{' '}
                {target.unit}; {formatNumber(yours - report.optimum.predicted, 3)} below yours and{' '}
                {formatNumber(report.prior[0] - report.optimum.predicted, 3)} below the prior’s.
              </p>
            )}
          </div>
        </div>
        {isShown && isReady && (
          <>
            <ComparedWeights report={report} isFeasible />
            <Predicted report={report} solved={solved} />
          </>
        )}
      </Act>
      <p className="prose">
        The optimum is for Spanish alone: it leaves languages out that do not help it, and a model
        trained on it knows nothing of them. For a model that is to know several, the explorer
        weighs several targets. And look at the last line of the table: an optimum far from all{' '}
        {study.training.ids.length} runs is a guess.
      </p>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 3.
      </Source>
    </>
  );
}
