'use client';

import { useSession, useStores, useView } from '../explorer/stores';
import { availableCandidates, isAttempt, isOptimum } from '../verify/candidates';

/** Hands the attempts, the prior and the optimum to the verification, which trains larger models on them. */
export function TrainThem({ optimum }: { optimum: Float64Array | null }) {
  const { study, settings } = useSession();
  const { challenge } = useStores();
  const isShown = useView(({ lesson }) => !lesson.hiddenStages.includes('verify'));
  if (!settings.attempts || !isShown) return null;
  const ids = availableCandidates(study, settings, optimum)
    .map(({ id }) => id)
    .filter((id) => isAttempt(id) || isOptimum(id) || id === 'the prior');
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        challenge.setState({ handedOver: ids });
        window.location.hash = '#verify';
      }}
    >
      Train {optimum ? 'attempts, prior and optimum' : 'attempts and prior'}
    </button>
  );
}
