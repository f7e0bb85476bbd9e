'use client';

import { Stage } from '../explorer/stage';
import { useHidesAnswer } from '../explorer/stores';
import { WhenNear } from '../explorer/when-near';
import { HiddenAnswer } from '../lesson/hidden-answer';
import { lazyPart } from '../ui/lazy-part';

const ScheduleBody = lazyPart(() => import('./schedule-body'));

/** How the optimum changes while models learn. */
export function SchedulePanel() {
  const isHidden = useHidesAnswer();
  return (
    <Stage
      id="schedule"
      title="Schedule"
      below
      finding="The best mixture may change while a model learns. The regression fitted at every checkpoint of the proxies says how, and gives a schedule to train on."
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
