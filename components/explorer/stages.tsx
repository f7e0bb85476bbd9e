'use client';

import type { ComponentType } from 'react';
import { ChallengePanel } from '../challenge/challenge-panel';
import { ExportPanel } from '../export/export-panel';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { NextPanel } from '../next/next-panel';
import { LimitsPanel } from '../optimum/limits-panel';
import { OptimumPanel } from '../optimum/optimum-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RegressionPanel } from '../regression/regression-panel';
import { RunsPanel } from '../runs/runs-panel';
import { SchedulePanel } from '../schedule/schedule-panel';
import { SpacePanel } from '../space/space-panel';
import { TrainingPanel } from '../training/training-panel';
import { TrustPanel } from '../trust/trust-panel';
import { VerifyPanel } from '../verify/verify-panel';
import { StageBoundary } from './stage-boundary';
import { type StageId, stageList } from './stage-list';
import { useSession, useView } from './stores';

const panels: Readonly<Record<StageId, ComponentType<{ onOpen: () => void }>>> = {
  regression: RegressionPanel,
  optimum: OptimumPanel,
  limits: LimitsPanel,
  challenge: ChallengePanel,
  trust: TrustPanel,
  space: SpacePanel,
  runs: RunsPanel,
  mixtures: MixturesPanel,
  interactions: InteractionsPanel,
  next: NextPanel,
  proxies: TrainingPanel,
  schedule: SchedulePanel,
  verify: VerifyPanel,
  export: ExportPanel,
};

/** The stages one after the other, without those that a lesson hides. */
export function Stages({ onOpen }: { onOpen: () => void }) {
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const { study } = useSession();
  return (
    <main className="stages" aria-labelledby="finding">
      {stageList.map(({ id, name }) => {
        const Panel = panels[id];
        return hidden.includes(id) ? null : (
          <StageBoundary key={id} study={study.id} title={name}>
            <Panel onOpen={onOpen} />
          </StageBoundary>
        );
      })}
    </main>
  );
}
