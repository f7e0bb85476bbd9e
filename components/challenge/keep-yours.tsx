'use client';

import { usualName, withAttempt } from '../../lib/challenge/attempts';
import { useGoTo } from '../shell/navigation';
import { useSession, useStores } from '../shell/stores';

/** Puts the reader's mixture on the leaderboard, unless it is there, and shows it with its rank. */
export function KeepYours() {
  const { yours } = useSession().settings;
  const { study: store } = useStores();
  const goTo = useGoTo();
  if (!yours) return null;
  return (
    <button
      type="button"
      className="link"
      onClick={() => {
        store.edit((session) => {
          const { settings } = session;
          const isKept = settings.attempts?.some(({ weights }) =>
            weights.every((weight, domain) => weight === yours[domain]),
          );
          return isKept
            ? session
            : { ...session, settings: withAttempt(settings, usualName(settings), yours) };
        });
        goTo('challenge');
      }}
    >
      Score and keep it
    </button>
  );
}
