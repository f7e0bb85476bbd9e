'use client';

import type { ComponentType } from 'react';
import { StageBoundary, type StageId, stageList } from '../shell/stage';
import { useSession, useView } from '../shell/stores';

/** Stages one after the other, without those that a lesson hides. */
export function Stages({ panels }: { panels: Readonly<Partial<Record<StageId, ComponentType>>> }) {
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const { study } = useSession();
  return stageList.map(({ id, name }) => {
    const Panel = panels[id];
    if (!Panel || hidden.includes(id)) return null;
    return (
      <StageBoundary key={id} study={study.id} title={name}>
        <Panel />
      </StageBoundary>
    );
  });
}
