'use client';

import { lazy } from 'react';
import { Stage } from '../explorer/stage';
import { WhenNear } from '../explorer/when-near';

const ScheduleBody = lazy(() => import('./schedule-body'));

/** How the optimum changes while models learn. */
export function SchedulePanel() {
  return (
    <Stage
      id="schedule"
      title="Schedule"
      below
      finding="The best mixture may change while a model learns. The regression fitted at every checkpoint of the proxies says how, and gives a schedule to train on."
    >
      <WhenNear height={120}>
        <ScheduleBody />
      </WhenNear>
    </Stage>
  );
}
