'use client';

import { useMemo } from 'react';
import { download } from '../../lib/browser/files';
import type { ScheduleMoment } from '../../lib/verify/optima-over-training';
import { scheduleFormats, scheduleOf } from '../../lib/verify/schedule';
import { scheduleFinding } from '../../lib/verify/schedule-finding';
import { useSession, useStores } from '../explorer/stores';
import { RhoChart } from './rho-chart';
import { ScheduleChart } from './schedule-chart';

/** The schedule with what it says, and what can be done with it. */
export function ScheduleResult({
  moments,
  target,
}: {
  moments: readonly ScheduleMoment[];
  target: string;
}) {
  const { study } = useSession();
  const { candidates } = useStores();
  const schedule = useMemo(() => scheduleOf(moments), [moments]);
  const name = study.targets.find(({ id }) => id === target)?.name ?? target;

  function verify(): void {
    candidates.addCandidate(study, {
      name: `the schedule for ${name}`,
      mixture: schedule[0].weights,
      phases: schedule,
    });
    document.getElementById('verify')?.scrollIntoView();
  }

  return (
    <>
      <p className="schedule-finding" role="status">
        {scheduleFinding(study.domains, schedule, name)}
      </p>
      <div className="schedule-charts">
        <ScheduleChart schedule={schedule} moments={moments} targetName={name} />
        <RhoChart moments={moments} targetName={name} />
      </div>
      <div className="button-row">
        <button type="button" className="button primary" onClick={verify}>
          Verify it against the static optimum
        </button>
        {scheduleFormats.map(({ id, name: format, mediaType, write }) => (
          <button
            key={id}
            type="button"
            className="button"
            aria-label={`Save the schedule as ${format}`}
            onClick={() => download(`schedule.${id}`, mediaType, write(study.domains, schedule))}
          >
            Save {format}
          </button>
        ))}
      </div>
    </>
  );
}
