'use client';

import { useState } from 'react';
import { Stage, WhenNear } from '../shell/stage';
import { useHidesAnswer, useSession } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';
import { Tabs } from '../ui/tabs';

const TernaryView = lazyPart(() => import('./ternary-view'));
const DependenceView = lazyPart(() => import('./dependence-view'));
const ParetoView = lazyPart(() => import('./pareto-view'));
const ParallelView = lazyPart(() => import('./parallel-view'));

const views = [
  { id: 'ternary', label: 'Three domains' },
  { id: 'dependence', label: 'One domain at a time' },
  { id: 'pareto', label: 'Two targets' },
  { id: 'parallel', label: 'All runs' },
];

/** The prediction over the space of mixtures, in several views. */
export function SpacePanel() {
  const { study } = useSession();
  const isHidden = useHidesAnswer();
  const [selected, setSelected] = useState(views[0].id);
  const shown = views.filter(
    ({ id }) =>
      (id !== 'ternary' || study.domains.length >= 3) &&
      // The ends of a front are the best mixtures for its targets.
      (id !== 'pareto' || (study.targets.length >= 2 && !isHidden)),
  );
  const current = shown.find(({ id }) => id === selected)?.id ?? shown[0].id;
  return (
    <Stage
      id="space"
      title="Mixture space"
      below
      finding="What the fit predicts between the runs: over three domains, one domain or two targets, or every run as a line."
    >
      <WhenNear height={520}>
        <Tabs label="Views" tabs={shown} selected={current} onSelect={setSelected}>
          {current === 'ternary' && <TernaryView key={study.id} />}
          {current === 'dependence' && <DependenceView />}
          {current === 'pareto' && <ParetoView key={study.id} />}
          {current === 'parallel' && <ParallelView />}
        </Tabs>
      </WhenNear>
    </Stage>
  );
}
