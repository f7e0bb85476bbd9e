'use client';

import { Stage } from '../explorer/stage';
import { useHidesAnswer } from '../explorer/stores';
import { WhenNear } from '../explorer/when-near';
import { HiddenAnswer } from '../lesson/hidden-answer';
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
      finding="The mixtures worth training next: where the fit hopes for an improvement under your limits, and where nothing has been tried yet. Train them, then add the results as the next round."
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
