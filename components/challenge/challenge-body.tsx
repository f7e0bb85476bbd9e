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
import { useScorer } from './use-scorer';
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
  const entries = useMemo(() => {
    if (!scoring) return [];
    const name = isWorst ? 'the worst mixture' : 'the optimum';
    return entriesOf(
      study,
      settings.attempts ?? [],
      scoring.objective.terms,
      scoring.bounds,
      weights && { name, weights },
    );
  }, [study, settings.attempts, scoring, weights, isWorst]);
  const own = Float64Array.from(settings.yours ?? study.prior.weights);
  const scorer = useScorer(scoring, [...entries.map((entry) => entry.weights), own]);
  const standings = useMemo(
    () => (scoring ? standingsOf(entries, scorer, scoring.bounds) : []),
    [entries, scorer, scoring],
  );
  // Those that an imported model has not answered for yet have no place to be drawn at.
  const scored = useMemo(
    () => standings.filter(({ score }) => Number.isFinite(score)),
    [standings],
  );

  return (
    <div className="stage-body">
      <div className="pair">
        <OwnMixture bounds={bounds} />
        {scoring ? (
          <div className="challenge-side">
            <OwnScore
              key={study.id}
              scoring={scoring}
              predictions={scorer.predictions(own)}
              standings={standings}
            />
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
          {scored.length > 0 && <ScoreChart standings={scored} target={scoring.targets[0]} />}
        </>
      )}
    </div>
  );
}
