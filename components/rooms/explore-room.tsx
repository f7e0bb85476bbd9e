'use client';

import { useMemo, useRef } from 'react';
import { plural } from '../../lib/model/format';
import { whatTheBestRead } from '../charts/chosen-runs';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { InteractionsPanel, TargetsPanel } from '../regression/interactions-panel';
import { RunsPanel } from '../runs/runs-panel';
import { StageBoundary, WhenNear } from '../shell/stage';
import { useHidesAnswer, useSession, useView } from '../shell/stores';
import { Insights } from '../space/insights';
import { RunChooser } from '../space/run-chooser';
import { SpacePanel } from '../space/space-panel';
import { lazyPart } from '../ui/lazy-part';
import { RoomHead } from './room-head';
import { StageTabs } from './stage-tabs';
import { Stages } from './stages';

const ParallelView = lazyPart(() => import('../space/parallel-view'));
const ParetoView = lazyPart(() => import('../space/pareto-view'));

/**
 * What the runs say beyond the answer: pictures side by side with one brush over all, and the tables below. On a
 * phone the pictures stand under each other: tabs would hide what a brush changes in the others.
 */
export default function ExploreRoom() {
  const { study, settings } = useSession();
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const isHidden = useHidesAnswer();
  const lines = useRef<HTMLDivElement>(null);
  const finding = useMemo(() => {
    const target = study.targets.findIndex(({ id }) => id === settings.target);
    return whatTheBestRead(study, Math.max(0, target), isHidden);
  }, [study, settings.target, isHidden]);
  return (
    <>
      <RoomHead finding={finding ?? `What ${plural(study.training.ids.length, 'run')} say`}>
        <RunChooser lines={lines} canDraw={!hidden.includes('space')} />
        <Insights />
      </RoomHead>
      <div className="explore-pictures">
        <Stages panels={{ space: SpacePanel, interactions: InteractionsPanel }} />
        {!hidden.includes('space') && (
          <div ref={lines} className="explore-lines">
            <StageBoundary study={study.id} title="All runs">
              <WhenNear height={360}>
                <ParallelView />
              </WhenNear>
            </StageBoundary>
          </div>
        )}
      </div>
      <StageTabs
        label="More of Explore"
        isFolded
        panels={[
          // The ends of a front are the best mixtures for its targets.
          ...(study.targets.length >= 2 && !isHidden
            ? [
                {
                  id: 'pareto',
                  more: 'space' as const,
                  name: 'Two targets',
                  note: 'what one costs the other',
                  Panel: TwoTargets,
                },
              ]
            : []),
          {
            id: 'targets',
            more: 'interactions',
            name: 'Targets',
            note: 'which go together',
            Panel: TargetsPanel,
          },
          { id: 'runs', note: 'every measurement', Panel: RunsPanel },
          { id: 'mixtures', note: 'what was tried', Panel: MixturesPanel },
        ]}
      />
    </>
  );
}

function TwoTargets() {
  const { study } = useSession();
  return (
    <WhenNear height={420}>
      <ParetoView key={study.id} />
    </WhenNear>
  );
}
