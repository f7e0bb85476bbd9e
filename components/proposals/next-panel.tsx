'use client';

import { HiddenAnswer } from '../lesson/lesson';
import { Stage, WhenNear } from '../shell/stage';
import { useHidesAnswer } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const NextBody = lazyPart(() => import('./next-body'));

/** Which mixtures to train proxies on next. */
export function NextPanel() {
  const isHidden = useHidesAnswer();
  return (
    <Stage
      id="next"
      title="Next proxies"
      below
      finding="The next mixtures to train under your limits: other possible optima, where the round can confirm them, and random ones. Train them, then add the results as the next round."
    >
      {isHidden ? (
        <HiddenAnswer />
      ) : (
        <WhenNear height={240}>
          <NextBody />
        </WhenNear>
      )}
    </Stage>
  );
}
