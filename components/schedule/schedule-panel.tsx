'use client';

import { HiddenAnswer } from '../lesson/lesson';
import { Stage, WhenNear } from '../shell/stage';
import { useHidesAnswer } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const ScheduleBody = lazyPart(() => import('./schedule-body'));

/** How the optimum changes over training. */
export function SchedulePanel() {
  const isHidden = useHidesAnswer();
  return (
    <Stage
      id="schedule"
      title="Schedule"
      below
      finding="The best mixture may change while a model learns. Fitting the regression at every checkpoint shows how, and gives a schedule to train on."
    >
      {isHidden ? (
        <HiddenAnswer />
      ) : (
        <WhenNear height={120}>
          <ScheduleBody />
        </WhenNear>
      )}
    </Stage>
  );
}
