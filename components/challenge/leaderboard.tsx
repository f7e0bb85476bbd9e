'use client';

/**
 * The challenge's leaderboard: attempts ranked beside the prior, the human mixture, uniform, the
 * best run and the optimum.
 */
import type { ReactNode } from 'react';
import { longestName, renamed, withoutAttempt } from '../../lib/challenge/attempts';
import { describeBrokenLimits, type Standing } from '../../lib/challenge/standings';
import { trainingOf } from '../../lib/challenge/trained';
import { formatNumber, formatPercent, plural } from '../../lib/model/format';
import type { Domain } from '../../lib/model/study';
import { leadingWeights } from '../../lib/optimum/finding';
import { signOf } from '../../lib/optimum/objective';
import { useAnswerFigure } from '../optimum/hooks';
import { useChallenge, useSession, useStores, useView } from '../shell/stores';
import { type Draft, settle } from '../ui/draft';
import { NumericHead, ScrollX } from '../ui/layout';
import { useKeyedState } from '../ui/use-keyed-state';
import type { Scoring } from './use-scoring';

/** Every mixture ranked by its predicted score, best first. */
export function Leaderboard({
  scoring: { targets, isCombined },
  standings,
}: {
  scoring: Scoring;
  standings: readonly Standing[];
}) {
  const { study } = useSession();
  const { study: store } = useStores();
  const band = useView((state) => state.band);
  const trained = useChallenge((state) => state.trained);
  const optimum = standings.find(({ kind }) => kind === 'optimum');
  const [first] = targets;
  const answer = useAnswerFigure();

  return (
    <>
      <ScrollX label="Leaderboard, scrolls sideways">
        <table className="figures leaderboard" aria-label="Leaderboard">
          <thead>
            <tr>
              <NumericHead>Rank</NumericHead>
              <th scope="col">Mixture</th>
              {isCombined && (
                <NumericHead title="The objective over all targets; lower is better">
                  Score
                </NumericHead>
              )}
              {targets.map(({ id, name }) => (
                <NumericHead key={id} title={`With the band that holds ${band}% of unseen runs`}>
                  {`Predicted ${name}`}
                </NumericHead>
              ))}
              <NumericHead
                title={`${first.name} of larger models trained in Lab (Verify), in bits per byte; of a proxy in the study’s unit`}
              >
                Trained
              </NumericHead>
              {optimum && (
                <NumericHead title="How much worse than the optimum it is predicted to be">
                  Behind the optimum
                </NumericHead>
              )}
              <th scope="col">Weights</th>
            </tr>
          </thead>
          <tbody>
            {standings.map((standing) => (
              <tr key={standing.key} className={`standing standing-${standing.kind}`}>
                <td className="numeric">{standing.rank ?? '–'}</td>
                <th scope="row">
                  {standing.attempt === undefined ? (
                    standing.name
                  ) : (
                    <AttemptName name={standing.name} onName={(name) => rename(standing, name)} />
                  )}
                  <span className="standing-actions small">
                    <button
                      type="button"
                      className="link"
                      aria-label={`Start from ${standing.name}`}
                      onClick={() => store.editSettings({ yours: Array.from(standing.weights) })}
                    >
                      Start from it
                    </button>
                    {standing.attempt !== undefined && (
                      <button
                        type="button"
                        className="link"
                        aria-label={`Remove ${standing.name}`}
                        onClick={() => remove(standing)}
                      >
                        Remove
                      </button>
                    )}
                  </span>
                  {standing.broken.length > 0 && (
                    <span className="refused small broken">
                      breaks limits: {describeBrokenLimits(study.domains, standing.broken, 2)}
                    </span>
                  )}
                </th>
                {isCombined && <td className="numeric">{formatNumber(standing.score, 3)}</td>}
                {targets.map(({ id, halfAt }, place) => (
                  <td key={id} className="numeric">
                    {formatNumber(standing.predictions[place], 3)}
                    <span className="quiet">
                      {' '}
                      ± {formatNumber(halfAt(standing.predictions[place]), 3)}
                    </span>
                  </td>
                ))}
                <td className="numeric">{trainedText(standing)}</td>
                {optimum && <td className="numeric">{behind(standing, optimum)}</td>}
                <td>
                  <MixtureBar domains={study.domains} weights={standing.weights} />
                  <span className="small">{leading(standing)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {correction()}
    </>
  );

  /** Why the optimum has another figure in the bar than here, where all are predicted in the same way. */
  function correction(): ReactNode {
    if (!optimum || isCombined || answer === null) return null;
    const [here, there] = [optimum.predictions[0], answer.mean].map((value) =>
      formatNumber(value, 3),
    );
    if (here === there) return null;
    return (
      <p className="quiet small leaderboard-note">
        All are predicted alike here. For the optimum, the best of many, the answer says {there}.
      </p>
    );
  }

  function leading({ weights }: Standing): string {
    return leadingWeights(study.domains, weights)
      .map(({ name, weight }) => `${formatPercent(weight, 0)} ${name}`)
      .join(', ');
  }

  function behind(standing: Standing, best: Standing): string {
    if (standing === best) return '–';
    if (isCombined) return formatNumber(standing.score - best.score, 3);
    return formatNumber(signOf(first) * (standing.predictions[0] - best.predictions[0]), 3);
  }

  function trainedText(standing: Standing): string {
    const found = trainingOf(standing.weights, trained);
    const loss = found?.losses.get(first.id);
    if (found && loss !== undefined) {
      return `${formatNumber(loss, 3)} at ${found.size}, ${plural(found.seeds, 'seed')}`;
    }
    if (standing.measured === undefined) return '–';
    return `${formatNumber(standing.measured, 3)} as a proxy`;
  }

  function rename({ attempt = 0 }: Standing, name: string): void {
    store.edit((session) => ({ ...session, settings: renamed(session.settings, attempt, name) }));
  }

  function remove({ attempt = 0 }: Standing): void {
    store.edit((session) => ({
      ...session,
      settings: withoutAttempt(session.settings, attempt),
    }));
  }
}

/** An attempt's name, committed by Enter or on blur; an empty one changes nothing. */
function AttemptName({ name, onName }: { name: string; onName: (name: string) => void }) {
  const [draft, setDraft] = useKeyedState<Draft>([name]);

  function take(): void {
    const settled = settle(draft, name, (text) => text);
    setDraft(null);
    if (settled.kind === 'taken') onName(settled.value);
  }

  return (
    <input
      className="field attempt-field"
      aria-label={`Name of ${name}`}
      autoComplete="off"
      maxLength={longestName}
      value={draft?.text ?? name}
      data-in-force={name}
      onChange={(event) => setDraft({ text: event.currentTarget.value, refused: false })}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

const width = 120;
const height = 10;

/**
 * A mixture as one bar with a part per domain, in the study's order, so that similar mixtures look
 * similar.
 */
function MixtureBar({ domains, weights }: { domains: readonly Domain[]; weights: Float64Array }) {
  let end = 0;
  return (
    <svg className="mixture-bar" width={width} height={height} aria-hidden="true">
      {domains.map(({ id, name }, domain) => {
        const start = end;
        end += weights[domain] * width;
        const part = end - start;
        return part < 0.5 ? null : (
          <rect
            key={id}
            x={Math.round(start * 100) / 100}
            width={Math.round(Math.max(0.5, part - 1) * 100) / 100}
            height={height}
            fill="var(--ink-2)"
            fillOpacity={domain % 2 === 0 ? 0.85 : 0.45}
          >
            <title>{`${name} ${formatPercent(weights[domain], 1)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
