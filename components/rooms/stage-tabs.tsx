'use client';

import { type ComponentType, useState } from 'react';
import { StageBoundary, type StageId, stageList } from '../shell/stage';
import { useSession, useStores, useView } from '../shell/stores';

/**
 * Stages of which one is on view. The others stay as they are: what is trained in one goes on, also while a lesson
 * hides it, and what was set in one is kept.
 */
export function StageTabs({
  label,
  isLine = false,
  panels,
}: {
  label: string;
  /** Whether they follow one another, and are numbered. */
  isLine?: boolean;
  panels: readonly {
    readonly id: StageId;
    readonly note?: string;
    readonly Panel: ComponentType;
  }[];
}) {
  const { study } = useSession();
  const { view } = useStores();
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const arriving = useView((state) => state.arriving);
  const shown = panels.filter(({ id }) => !hidden.includes(id));
  const [chosen, setChosen] = useState<StageId | undefined>(shown[0]?.id);
  const asked = shown.find(({ id }) => id === arriving)?.id;
  if (asked && asked !== chosen) setChosen(asked);
  const current = shown.find(({ id }) => id === chosen)?.id ?? shown[0]?.id;
  const nameOf = (stage: StageId) => stageList.find(({ id }) => id === stage)?.name ?? stage;
  return (
    <div className="stage-tabs">
      <nav aria-label={label}>
        <ol className={isLine ? 'steps' : 'steps steps-free'}>
          {shown.map(({ id, note }, place) => (
            <li key={id}>
              <button
                type="button"
                aria-current={id === current ? 'step' : undefined}
                onClick={() => {
                  // Where it was led to cannot be shown, if it still waits for that.
                  if (arriving !== null) view.setState({ arriving: null });
                  setChosen(id);
                }}
              >
                <span className="step-name">
                  {isLine && `${place + 1} `}
                  {nameOf(id)}
                </span>
                {note && <span className="step-note">{note}</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {(isLine ? panels : shown).map(({ id, Panel }) => (
        <div key={id} hidden={id !== current}>
          <StageBoundary study={study.id} title={nameOf(id)}>
            <Panel />
          </StageBoundary>
        </div>
      ))}
    </div>
  );
}
