'use client';

import { useMemo } from 'react';
import { entriesOf } from '../../lib/challenge/entries';
import { standingsOf } from '../../lib/challenge/standings';
import { boundsOf } from '../../lib/optimum/constraints';
import { useActiveFit, useHidesAnswer, useOptimum, useSession } from '../explorer/stores';
import { Reveal } from '../lesson/reveal';
import { Leaderboard } from './leaderboard';
import { OwnMixture } from './own-mixture';
import { OwnScore } from './own-score';
import { ScoreChart } from './score-chart';
import { TrainThem } from './train-them';
import { useScoring } from './use-scoring';

/** Sliders for a mixture, its score, and the leaderboard. */
export default function ChallengeBody() {
  const { study, settings } = useSession();
  const isHidden = useHidesAnswer();
  const fit = useActiveFit().state;
  const { report, solved } = useOptimum((state) => state);
  const scoring = useScoring();
  const bounds = useMemo(() => boundsOf(settings.constraints), [settings.constraints]);
  const weights =
    report?.optimum.weights.length === study.domains.length ? report.optimum.weights : null;
  const isWorst = solved?.seek === 'worst';
  const standings = useMemo(() => {
    if (!scoring) return [];
    const name = isWorst ? 'the worst mixture' : 'the optimum';
    const entries = entriesOf(
      study,
      settings.attempts ?? [],
      scoring.terms,
      scoring.bounds,
      weights && { name, weights },
    );
    return standingsOf(entries, scoring.scorer, scoring.bounds);
  }, [study, settings.attempts, scoring, weights, isWorst]);

  return (
    <div className="stage-body">
      <div className="pair">
        <OwnMixture bounds={bounds} />
        {scoring ? (
          <div className="challenge-side">
            <OwnScore key={study.id} scoring={scoring} standings={standings} />
            {isHidden && <Reveal />}
          </div>
        ) : (
          <p className="quiet chart-wait">
            {fit?.status === 'failed' ? fit.advice : 'Waiting for the fit that scores mixtures…'}
          </p>
        )}
      </div>
      {scoring && (
        <>
          <section aria-labelledby="leaderboard">
            <div className="limits-head">
              <h3 id="leaderboard">Leaderboard</h3>
              <TrainThem />
            </div>
            <Leaderboard scoring={scoring} standings={standings} />
          </section>
          <ScoreChart standings={standings} target={scoring.targets[0]} />
        </>
      )}
    </div>
  );
}
