'use client';

import type { Study } from '../../lib/model/study';
import { ChallengePanel } from '../challenge/challenge-panel';
import { ExportPanel } from '../export/export-panel';
import { LimitsPanel } from '../limits/limits-panel';
import { Answer, Trust } from '../optimum/headline';
import { OptimumPanel } from '../optimum/optimum-panel';
import { useSession } from '../shell/stores';
import { RoomHead } from './room-head';
import { Stages } from './stages';

/** What must be known about the origin of the runs before reading any result. */
const labels: Readonly<Record<Study['source']['kind'], string | null>> = {
  simulated: 'Simulated runs',
  trained: 'Trained by this page',
  files: null,
  published: null,
};

/** The mixture to train on, the limits that hold it, and what else could be trained on. */
export default function AnswerRoom() {
  const { study } = useSession();
  const label = labels[study.source.kind];
  return (
    <>
      <RoomHead finding={<Answer />} isLive>
        <p>
          {label && <span className="label">{label}</span>}
          <Trust />
        </p>
      </RoomHead>
      <div className="stages stages-answer">
        <Stages
          panels={{
            optimum: OptimumPanel,
            limits: LimitsPanel,
            challenge: ChallengePanel,
            export: ExportPanel,
          }}
        />
      </div>
    </>
  );
}
