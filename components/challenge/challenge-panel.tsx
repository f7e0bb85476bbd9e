'use client';

import { Stage, WhenNear } from '../shell/stage';
import { lazyPart } from '../ui/lazy-part';

const ChallengeBody = lazyPart(() => import('./challenge-body'));

/** The reader's own mixture against the regression's. */
export function ChallengePanel() {
  return (
    <Stage
      id="challenge"
      title="Your turn"
      below
      finding="Set a mixture by hand and see its prediction. Keep attempts to compare on the leaderboard."
    >
      <WhenNear height={760}>
        <ChallengeBody />
      </WhenNear>
    </Stage>
  );
}
