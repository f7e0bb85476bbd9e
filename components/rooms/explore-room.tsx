'use client';

import { plural } from '../../lib/model/format';
import { MixturesPanel } from '../mixture/mixtures-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RunsPanel } from '../runs/runs-panel';
import { useSession } from '../shell/stores';
import { Insights } from '../space/insights';
import { SpacePanel } from '../space/space-panel';
import { RoomHead } from './room-head';
import { StageTabs } from './stage-tabs';

/** What the runs say beyond the answer. */
export default function ExploreRoom() {
  const { study } = useSession();
  return (
    <>
      <RoomHead finding={`What ${plural(study.training.ids.length, 'run')} say`}>
        <Insights />
      </RoomHead>
      <StageTabs
        label="Parts of Explore"
        panels={[
          { id: 'space', note: 'what is predicted between them', Panel: SpacePanel },
          { id: 'interactions', note: 'which text helps which loss', Panel: InteractionsPanel },
          { id: 'runs', note: 'every measurement', Panel: RunsPanel },
          { id: 'mixtures', note: 'what was tried', Panel: MixturesPanel },
        ]}
      />
    </>
  );
}
