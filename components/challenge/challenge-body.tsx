'use client';

/**
 * The challenge: the reader sets a mixture by sliders, sees its predicted score, and saves attempts
 * to a leaderboard. Also the hook that scores mixtures by the study's objective.
 */
import { type FormEvent, memo, useMemo, useState } from 'react';
import { longestName, maxAttempts, usualName, withAttempt } from '../../lib/challenge/attempts';
import {
  brokenLimits,
  describeBrokenLimits,
  differenceFrom,
  differenceText,
  entriesOf,
  type Standing,
  standingsOf,
} from '../../lib/challenge/standings';
import { withWeight } from '../../lib/mixture/simplex';
import { formatNumber, formatPercent, plural, unitBeside } from '../../lib/model/format';
import type { Bounds } from '../../lib/model/limits';
import { fromRows, rowOf } from '../../lib/model/matrix';
import type { Attempt } from '../../lib/model/settings';
import { boundsOf } from '../../lib/optimum/constraints';
import { createScorer, isByRows, type Scorer, scoresOf, signOf } from '../../lib/optimum/objective';
import { Reveal } from '../lesson/lesson';
import { parseShare } from '../limits/token-text';
import { MixtureEditor } from '../mixture/mixture-editor';
import { useAdvisedOptimum, useOrderedDomains, useTask } from '../shell/hooks';
import { useGoTo } from '../shell/navigation';
import {
  useActiveFit,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStores,
  useView,
} from '../shell/stores';
import { LongList } from '../ui/long-list';
import { Slider } from '../ui/slider';
import { useKeyedState } from '../ui/use-keyed-state';
import { Leaderboard } from './leaderboard';
import { ScoreChart } from './score-chart';
import { type Scoring, useScoring } from './use-scoring';

/** Sliders for a mixture, its score, and the leaderboard. */
export default function ChallengeBody() {
  const { study, settings } = useSession();
  const isHidden = useHidesAnswer();
  const fit = useActiveFit().state;
  const solved = useOptimum((state) => state.solved);
  const scoring = useScoring();
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  // Where the runs do not tell mixtures apart, the optimum is no mixture to be measured by.
  const weights = useAdvisedOptimum();
  const isWorst = solved?.seek === 'worst';
  const entries = useMemo(() => {
    if (!scoring) return [];
    const name = isWorst ? 'the worst mixture' : 'the optimum';
    const all = entriesOf(
      study,
      settings.attempts ?? [],
      scoring.objective.terms,
      scoring.bounds,
      weights && { name, weights },
    );
    // The best run's weights are near the answer.
    return isHidden ? all.filter(({ kind }) => kind !== 'run') : all;
  }, [study, settings.attempts, scoring, weights, isWorst, isHidden]);
  const own = Float64Array.from(settings.yours ?? study.prior.weights);
  const scorer = useScorer(scoring, [...entries.map((entry) => entry.weights), own]);
  const standings = useMemo(
    () => (scoring ? standingsOf(entries, scorer, scoring.bounds) : []),
    [entries, scorer, scoring],
  );
  // An imported model may not have answered for some yet: they have no value to draw.
  const scored = useMemo(
    () => standings.filter(({ score }) => Number.isFinite(score)),
    [standings],
  );

  return (
    <div className="stage-body">
      <div className="challenge">
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
            {weights && settings.yours && !isWorst && <p>{differenceOf(scoring, weights)}</p>}
          </div>
        ) : (
          <p className="quiet chart-wait">
            {fit?.status === 'failed' ? fit.advice : 'Fitting…'}
          </p>
        )}
      </div>
      {scoring && (
        <details
          className="drawer"
          open={isHidden || (settings.attempts?.length ?? 0) > 0 || undefined}
        >
          <summary>Leaderboard: {plural(standings.length, 'mixture')}</summary>
          <section aria-label="Leaderboard">
            <TrainThem />
            <Leaderboard scoring={scoring} standings={standings} />
            {weights && (
              <p className="quiet small">
                All values are plain predictions, so they compare. Only the optimum’s own value is corrected for its selection.
              </p>
            )}
          </section>
          {scored.length > 0 && <ScoreChart standings={scored} target={scoring.targets[0]} />}
        </details>
      )}
    </div>
  );

  function differenceOf(
    { isCombined, targets: [target], objective }: Scoring,
    optimum: Float64Array,
  ): string {
    const gain = isCombined
      ? scorer.score(own) - scorer.score(optimum)
      : signOf(objective.terms[0]) *
        ((scorer.predictions(own)[0] ?? Number.NaN) -
          (scorer.predictions(optimum)[0] ?? Number.NaN));
    const difference = differenceFrom(optimum, own, gain);
    if (!difference) return '';
    const { name, unit } = target;
    const what = isCombined ? null : { name, unit: unitBeside(name, unit) };
    return differenceText(study.domains, difference, what);
  }
}

const none: ReadonlySet<number> = new Set();

/**
 * The reader's mixture, one slider per domain; the other weights scale in proportion, except locked
 * ones. Memoised apart from the rest: hundreds of sliders must not redraw at every step of a fit.
 */
const OwnMixture = memo(function OwnMixture({ bounds }: { bounds: Bounds }) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const ordered = useOrderedDomains();
  const [own, setHeld] = useKeyedState<ReadonlySet<number>>([study.id]);
  const [isTyping, setTyping] = useState(false);
  const held = own ?? none;
  const mixture = settings.yours ?? study.prior.weights;

  function set(domain: number, weight: number): void {
    // A drag to 100% and back must not flatten the others: every change scales the weights from the
    // start of the gesture.
    const { gesture } = store.getState();
    const from = gesture ? (gesture.settings.yours ?? study.prior.weights) : mixture;
    store.editSettings({ yours: withWeight(from, domain, weight, held) });
  }

  function hold(domain: number, is: boolean): void {
    const next = new Set(held);
    if (is) next.add(domain);
    else next.delete(domain);
    setHeld(next);
  }

  return (
    <section className="own-mixture" aria-labelledby="own-mixture">
      <div className="limits-head">
        <h3 id="own-mixture">Your mixture</h3>
        <button type="button" className="link" onClick={() => setTyping(true)}>
          Type all weights
        </button>
      </div>
      <p className="quiet small">
        {settings.yours
          ? 'Moving one weight keeps the proportions of the others; held weights stay.'
          : 'It starts as the prior. Moving one weight keeps the proportions of the others.'}
        {bounds.upper.some((cap) => cap < 1) && ' The tick on a track is the domain’s cap.'}
      </p>
      <div className="own-mixture-list">
        <LongList rows={ordered} keyOf={(domain) => study.domains[domain].id} rowHeight={56}>
          {(domain) => {
            const { name } = study.domains[domain];
            const cap = bounds.upper[domain];
            return (
              <div className="own-weight">
                <Slider
                  label={name}
                  ariaLabel={`Your weight of ${name}`}
                  value={mixture[domain] * 100}
                  min={0}
                  max={100}
                  step={0.1}
                  bigStep={1}
                  mark={cap < 1 ? cap * 100 : undefined}
                  format={(points) => formatPercent(points / 100, 1)}
                  parse={(text) => {
                    const share = parseShare(text);
                    return share === null ? null : share * 100;
                  }}
                  expected="a share from 0% to 100%"
                  onStart={store.beginGesture}
                  onChange={(points) => set(domain, points / 100)}
                  onCommit={store.endGesture}
                />
                <label className="check small">
                  <input
                    type="checkbox"
                    aria-label={`Hold the weight of ${name}`}
                    checked={held.has(domain)}
                    onChange={(event) => hold(domain, event.currentTarget.checked)}
                  />
                  <span>hold</span>
                </label>
              </div>
            );
          }}
        </LongList>
      </div>
      {isTyping && <MixtureEditor which="yours" onClose={() => setTyping(false)} />}
    </section>
  );
});

/** The prediction for the reader's mixture, and the form that saves it to the leaderboard. */
function OwnScore({
  scoring,
  predictions,
  standings,
}: {
  scoring: Scoring;
  /** Prediction for the reader's mixture, one per target; NaN or missing while it is computed. */
  predictions: readonly number[];
  standings: readonly Standing[];
}) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const band = useView((state) => state.band);
  const usual = usualName(settings);
  const [typed, setTyped] = useKeyedState<string>([usual]);
  const [savedId, setSavedId] = useState<number | null>(null);
  const mixture = Float64Array.from(settings.yours ?? study.prior.weights);
  const { targets, bounds } = scoring;
  const broken = brokenLimits(mixture, bounds);
  const count = settings.attempts?.length ?? 0;
  const latest = standings.find(({ attempt }) => attempt === savedId);

  function saveAttempt(event: FormEvent): void {
    event.preventDefault();
    const id = (settings.attempts ?? []).reduce((most, each) => Math.max(most, each.id), 0) + 1;
    store.edit((session) => ({
      ...session,
      settings: withAttempt(session.settings, typed ?? usual, mixture),
    }));
    setSavedId(id);
  }

  return (
    <div className="own-score">
      <dl>
        {targets.map(({ id, name, unit, halfAt, weight }, place) => (
          <div key={id}>
            <dt>
              Predicted {name}
              {targets.length > 1 && `, weight ${formatPercent(weight, 0)}`}
            </dt>
            <dd>
              <strong>{formatNumber(predictions[place] ?? Number.NaN, 3)}</strong> ±{' '}
              {formatNumber(halfAt(predictions[place] ?? Number.NaN), 3)}
              <span className="quiet"> {unitBeside(name, unit)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="quiet small">
        {band}% of runs that the fit has not seen lie within ± of their prediction.
      </p>
      <p className={broken.length > 0 ? 'refused' : 'quiet'}>
        {broken.length > 0
          ? `It breaks limits: ${describeBrokenLimits(study.domains, broken)}. It can be kept, without a rank.`
          : 'Within limits.'}
      </p>
      <form className="row-controls" onSubmit={saveAttempt}>
        <label className="attempt-name">
          <span>Name</span>
          <input
            className="field"
            maxLength={longestName}
            autoComplete="off"
            value={typed ?? usual}
            data-in-force={usual}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={count >= maxAttempts}>
          Keep this attempt
        </button>
      </form>
      <p className="small" role="status">
        {latest && `“${latest.name}” is kept: ${placeOf(latest)}.`}
        {count >= maxAttempts && ` ${maxAttempts} attempts are kept: remove one to keep another.`}
      </p>
    </div>
  );

  function placeOf({ rank }: Standing): string {
    if (rank === null) return 'without a rank: it breaks limits';
    return `rank ${rank} of ${standings.filter((each) => each.rank !== null).length}`;
  }
}

/**
 * Adds the attempts to the verification, which trains larger models on them, the prior and the
 * optimum.
 */
function TrainThem() {
  const { study, settings } = useSession();
  const { candidates } = useStores();
  const goTo = useGoTo();
  const isShown = useView(({ lesson }) => !lesson.hiddenStages.includes('verify'));
  const { attempts } = settings;
  if (!attempts || !isShown) return null;
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        for (const attempt of attempts) {
          const mixture = Float64Array.from(attempt.weights);
          candidates.addCandidate(study, { name: candidateName(attempt), mixture });
        }
        goTo('verify');
      }}
    >
      Train larger models on them
    </button>
  );
}

/** A prefix makes the name distinct from every other candidate's. */
function candidateName({ id, name }: Attempt): string {
  const usual = `attempt ${id}`;
  return name.toLowerCase() === usual ? usual : `${usual}, ${name}`;
}

/** Scores of mixtures; NaN while a prediction is pending. */
export type MixtureScorer = Pick<Scorer, 'score' | 'predictions'>;

/**
 * Scores mixtures by the objective: synchronously with models that are evaluated here, later with
 * imported ones, which answer one request for a list.
 *
 * @param scoring null while a fit is being made
 * @param mixtures all mixtures to score, D weights each
 */
function useScorer(scoring: Scoring | null, mixtures: readonly Float64Array[]): MixtureScorer {
  const objective = scoring?.objective ?? null;
  const least = scoring?.least ?? noPredictions;
  const here = useMemo(
    () => (objective && isByRows(objective) ? createScorer(objective, least) : null),
    [objective, least],
  );
  const isPending = objective !== null && here === null;
  const question = isPending ? JSON.stringify([scoring?.key, mixtures.map(nameOf)]) : null;
  const { value } = useTask('rate', question, () => {
    if (!objective) throw new RangeError('a task without a key asks nothing');
    return { objective, mixtures: fromRows(mixtures) };
  });
  return useMemo(() => {
    if (here) return here;
    const places = new Map<string, number>();
    if (!objective || !value) return lookUp(places, new Float64Array(0), []);
    for (let row = 0; row < value.mixtures.rows; row++) {
      places.set(nameOf(rowOf(value.mixtures, row)), row);
    }
    return lookUp(places, scoresOf(objective, value, least), value.predictions);
  }, [here, objective, least, value]);
}

const noPredictions: readonly number[] = [];

function nameOf(mixture: Float64Array): string {
  return mixture.join();
}

function lookUp(
  places: ReadonlyMap<string, number>,
  scores: Float64Array,
  predictions: readonly Float64Array[],
): MixtureScorer {
  return {
    score: (mixture) => scores[places.get(nameOf(mixture)) ?? -1] ?? Number.NaN,
    predictions: (mixture) => {
      const place = places.get(nameOf(mixture));
      return predictions.map((values) => (place === undefined ? Number.NaN : values[place]));
    },
  };
}
