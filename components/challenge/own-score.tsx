'use client';

import { type FormEvent, useState } from 'react';
import { longestName, mostAttempts, usualName, withAttempt } from '../../lib/challenge/attempts';
import { brokenInWords, brokenLimits } from '../../lib/challenge/broken-limits';
import type { Standing } from '../../lib/challenge/standings';
import { formatNumber, formatPercent } from '../../lib/format';
import { useSession, useStores, useView } from '../explorer/stores';
import { useStateAbout } from '../ui/use-state-about';
import type { Scoring } from './use-scoring';

/** What the reader's mixture is predicted to reach, and the way onto the leaderboard. */
export function OwnScore({
  scoring,
  predictions,
  standings,
}: {
  scoring: Scoring;
  /** Of the reader's mixture, per target; NaN or missing while they are being asked for. */
  predictions: readonly number[];
  standings: readonly Standing[];
}) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const band = useView((state) => state.band);
  const usual = usualName(settings);
  const [typed, setTyped] = useStateAbout<string>([usual]);
  const [keptId, setKeptId] = useState<number | null>(null);
  const mixture = Float64Array.from(settings.yours ?? study.prior.weights);
  const { targets, bounds } = scoring;
  const broken = brokenLimits(mixture, bounds);
  const count = settings.attempts?.length ?? 0;
  const latest = standings.find(({ attempt }) => attempt === keptId);

  function keep(event: FormEvent): void {
    event.preventDefault();
    const id = (settings.attempts ?? []).reduce((most, each) => Math.max(most, each.id), 0) + 1;
    store.edit((session) => ({
      ...session,
      settings: withAttempt(session.settings, typed ?? usual, mixture),
    }));
    setKeptId(id);
  }

  return (
    <div className="own-score">
      <dl>
        {targets.map(({ id, name, unit, half, weight }, place) => (
          <div key={id}>
            <dt>
              Predicted {name}
              {targets.length > 1 && `, weight ${formatPercent(weight, 0)}`}
            </dt>
            <dd>
              <strong>{formatNumber(predictions[place] ?? Number.NaN, 3)}</strong> ±{' '}
              {formatNumber(half, 3)}
              <span className="quiet"> {unit}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="quiet small">
        {band}% of runs that the fit has not seen lie within ± of their prediction.
      </p>
      <p className={broken.length > 0 ? 'refused' : 'quiet'}>
        {broken.length > 0
          ? `It breaks limits: ${brokenInWords(study.domains, broken)}. It can be kept, but takes no rank.`
          : 'It keeps all limits.'}
      </p>
      <form className="row-controls" onSubmit={keep}>
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
        <button type="submit" className="button primary" disabled={count >= mostAttempts}>
          Keep this attempt
        </button>
      </form>
      <p className="small" role="status">
        {latest && `“${latest.name}” is kept: ${placeOf(latest)}.`}
        {count >= mostAttempts && ` ${mostAttempts} attempts are kept: remove one to keep another.`}
      </p>
    </div>
  );

  function placeOf({ rank }: Standing): string {
    if (rank === null) return 'without a rank, for it breaks limits';
    return `rank ${rank} of ${standings.filter((each) => each.rank !== null).length}`;
  }
}
