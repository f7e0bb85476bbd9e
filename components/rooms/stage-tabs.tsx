'use client';

import { type ComponentType, useState } from 'react';
import { StageBoundary, type StageId, stageList } from '../shell/stage';
import { useSession, useStores, useView } from '../shell/stores';

/** A stage, or more of a stage that is shown elsewhere in the room and hidden with it. */
type StagePanel = (
  | { readonly id: StageId }
  | { readonly id: string; readonly more: StageId; readonly name: string }
) & { readonly note?: string; readonly Panel: ComponentType };

const stageOf = (panel: StagePanel) => ('more' in panel ? panel.more : panel.id);
const nameOf = (panel: StagePanel) =>
  'more' in panel ? panel.name : (stageList.find(({ id }) => id === panel.id)?.name ?? panel.id);

/**
 * Stages of which one is on view. The others stay as they are: what is trained in one goes on, also while a lesson
 * hides it, and what was set in one is kept.
 */
export function StageTabs({
  label,
  isLine = false,
  isFolded = false,
  panels,
}: {
  label: string;
  /** Whether they follow one another, and are numbered. */
  isLine?: boolean;
  /** Whether none is on view before one is chosen; a second press then folds it again. */
  isFolded?: boolean;
  panels: readonly StagePanel[];
}) {
  const { study } = useSession();
  const { view } = useStores();
  const hidden = useView(({ lesson }) => lesson.hiddenStages);
  const arriving = useView((state) => state.arriving);
  const shown = panels.filter((panel) => !hidden.includes(stageOf(panel)));
  const [chosen, setChosen] = useState<string | undefined>(isFolded ? undefined : shown[0]?.id);
  const asked = shown.find(({ id }) => id === arriving)?.id;
  if (asked && asked !== chosen) setChosen(asked);
  const current =
    shown.find(({ id }) => id === chosen)?.id ?? (isFolded ? undefined : shown[0]?.id);
  return (
    <div className="stage-tabs">
      <nav aria-label={label}>
        <ol className={isLine ? 'steps' : 'steps steps-free'}>
          {shown.map((panel, place) => {
            const { id, note } = panel;
            return (
              <li key={id}>
                <button
                  type="button"
                  aria-current={id === current ? 'step' : undefined}
                  aria-expanded={isFolded ? id === current : undefined}
                  onClick={() => {
                    // Where it was led to cannot be shown, if it still waits for that.
                    if (arriving !== null) view.setState({ arriving: null });
                    setChosen(isFolded && id === current ? undefined : id);
                  }}
                >
                  <span className="step-name">
                    {isLine && `${place + 1} `}
                    {nameOf(panel)}
                  </span>
                  {note && <span className="step-note">{note}</span>}
                </button>
              </li>
            );
          })}
        </ol>
      </nav>
      {(isLine ? panels : shown).map((panel) => (
        <div key={panel.id} hidden={panel.id !== current}>
          <StageBoundary study={study.id} title={nameOf(panel)}>
            <panel.Panel />
          </StageBoundary>
        </div>
      ))}
    </div>
  );
}
