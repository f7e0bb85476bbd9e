'use client';

import { formatNumber } from '../../lib/model/format';
import { judgedTest } from '../../lib/model/regressor';
import { bindingText } from '../../lib/optimum/finding';
import { useOutdated } from '../optimum/hooks';
import { useLatestJob } from './job-pill';
import { useRoom } from './navigation';
import { isRoomShown, type RoomId, rooms } from './rooms';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from './stores';

/** The rooms, each with a short state; at the foot of the window on a phone. */
export function RoomTabs() {
  const current = useRoom();
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const states = useStates();
  const shown = rooms.filter((room) => isRoomShown(room, hidden));
  return (
    <nav className="room-tabs" aria-label="Rooms">
      {shown.map(({ id, name, path }) => (
        <a key={id} href={path} aria-current={id === current.id ? 'page' : undefined}>
          {name}
          {states[id] !== '' && <span className="room-state">{states[id]}</span>}
        </a>
      ))}
    </nav>
  );
}

function useStates(): Readonly<Record<RoomId, string>> {
  const fit = useActiveFit().state;
  const optimum = useOptimum((state) => state);
  const isOutdated = useOutdated();
  const isHidden = useHidesAnswer();
  const { locked } = useSession().settings.constraints;
  const { news: job } = useLatestJob();
  return {
    start: '',
    answer: limits(),
    evidence: evidence(),
    explore: '',
    lab: job && job.total > 0 ? `${job.done} of ${job.total}` : '',
  };

  function limits(): string {
    if (!optimum.feasibility.feasible) return 'no mixture fits';
    if (isHidden) return 'hidden';
    if (isOutdated || optimum.advice?.verb === 'none') return '';
    const binding = optimum.report?.optimum.binding ?? [];
    const isPinned = locked.some((weight) => weight !== null);
    return binding.length > 0 || isPinned ? bindingText(binding, locked) : '';
  }

  function evidence(): string {
    if (fit?.status === 'done') {
      // The figure that Evidence begins with.
      const { statistics } = judgedTest(fit.report) ?? { statistics: fit.report.crossValidation };
      return `ρ ${formatNumber(statistics.spearman, 3)}`;
    }
    return fit?.status === 'failed' ? 'no fit' : 'fitting';
  }
}
