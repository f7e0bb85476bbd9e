'use client';

import { plural } from '../../lib/model/format';
import { checkpointsOf } from '../../lib/study/built-in-trajectories';
import { NextPanel } from '../proposals/next-panel';
import { SchedulePanel } from '../schedule/schedule-panel';
import { useLatestJob } from '../shell/job-pill';
import { hrefOf } from '../shell/rooms';
import { useHidesAnswer, useSession, useView } from '../shell/stores';
import { TrainingPanel } from '../training/training-panel';
import { Term } from '../ui/term';
import { VerifyPanel } from '../verify/verify-panel';
import { RoomHead } from './room-head';
import { StageTabs } from './stage-tabs';

/** Training in this tab as one line: proxies, the next round, a schedule, larger models. */
export default function LabRoom() {
  const training = useView((state) => state.training);
  const verification = useView((state) => state.verification);
  const { stage, news: job } = useLatestJob();
  const isHidden = useHidesAnswer();
  const { study } = useSession();
  const count = checkpointsOf(study);
  const checkpoints = count > 0 ? plural(count, 'checkpoint') : 'no losses on the way';
  return (
    <>
      <RoomHead finding={finding()}>
        <p>The text, the models and their losses stay in this tab.</p>
      </RoomHead>
      <StageTabs
        label="Steps of the lab"
        isLine
        panels={[
          { id: 'proxies', note: training, Panel: TrainingPanel },
          { id: 'next', note: 'which mixtures to train next', Panel: NextPanel },
          { id: 'schedule', note: checkpoints, Panel: SchedulePanel },
          { id: 'verify', note: verification, Panel: VerifyPanel },
        ]}
      />
    </>
  );

  function finding() {
    if (!job || job.total === 0)
      return (
        <>
          Train <Term of="proxy">proxies</Term> on your text, then verify the result.
        </>
      );
    if (job.phase === 'done') {
      return (
        <>
          {job.total} {job.many} trained.{' '}
          {stage === 'verify' ? (
            <a href={hrefOf('verify')}>See the verdict</a>
          ) : study.source.training !== job.job ? (
            <a href={hrefOf('proxies')}>See the runs</a>
          ) : isHidden ? (
            <a href={hrefOf('challenge')}>Your turn</a>
          ) : (
            <a href="/answer">See the answer</a>
          )}
        </>
      );
    }
    return `${job.done} of ${job.total} ${job.many} trained.`;
  }
}
