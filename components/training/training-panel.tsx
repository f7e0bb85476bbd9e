'use client';

import { useEffect, useState } from 'react';
import { unfinishedTrainingFlag } from '../../lib/browser/flags';
import { Stage, WhenNear } from '../shell/stage';
import { lazyPart } from '../ui/lazy-part';

const TrainingBody = lazyPart(() => import('./training-body'));

/** Trains proxies in the tab: loaded when the reader is near, or has a training to resume. */
export function TrainingPanel() {
  const [isRequested, setRequested] = useState(false);
  useEffect(() => setRequested(unfinishedTrainingFlag.get() === 'yes'), []);
  return (
    <Stage
      id="proxies"
      title="Train proxies"
      below
      finding="Draw mixtures of text, train a tiny transformer on each in this tab, and watch the regression form."
    >
      <WhenNear height={900} now={isRequested}>
        <TrainingBody />
      </WhenNear>
    </Stage>
  );
}
