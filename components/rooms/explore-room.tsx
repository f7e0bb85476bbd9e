'use client';

import { MixturesPanel } from '../mixture/mixtures-panel';
import { InteractionsPanel } from '../regression/interactions-panel';
import { RunsPanel } from '../runs/runs-panel';
import { SpacePanel } from '../space/space-panel';
import { RoomHead } from './room-head';
import { StageTabs } from './stage-tabs';

/** What the runs say beyond the answer. */
export default function ExploreRoom() {
  return (
    <>
      <RoomHead finding="What the runs say" />
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
