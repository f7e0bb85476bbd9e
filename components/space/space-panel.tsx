'use client';

import { Stage, WhenNear } from '../shell/stage';
import { useSession } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const TernaryView = lazyPart(() => import('./ternary-view'));
const DependenceView = lazyPart(() => import('./dependence-view'));

/** The prediction over the space of mixtures: over three domains, and over one at a time. */
export function SpacePanel() {
  const { study } = useSession();
  return (
    <Stage id="space" title="Mixture space" finding="What the fit predicts between the runs.">
      <div className="space-pictures">
        {study.domains.length >= 3 && (
          <div>
            <WhenNear height={560}>
              <TernaryView key={study.id} />
            </WhenNear>
          </div>
        )}
        <div>
          <WhenNear height={560}>
            <DependenceView />
          </WhenNear>
        </div>
      </div>
    </Stage>
  );
}
