'use client';

import type { Attempt } from '../../lib/study/settings';
import { useSession, useStores, useView } from '../explorer/stores';

/** Hands the attempts to the verification, which trains larger models on them, the prior and the optimum. */
export function TrainThem() {
  const { study, settings } = useSession();
  const { candidates } = useStores();
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
        window.location.hash = '#verify';
      }}
    >
      Train larger models on them
    </button>
  );
}

/** Told apart whatever attempts are called, and from whatever else is verified. */
function candidateName({ id, name }: Attempt): string {
  const usual = `attempt ${id}`;
  return name.toLowerCase() === usual ? usual : `${usual}, ${name}`;
}
