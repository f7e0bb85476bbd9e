'use client';

import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { rovingIndex } from './roving';

export interface Tab {
  /** Unique among the tabs. */
  readonly id: string;
  readonly label: string;
}

/**
 * Views of which one is shown at a time. Tab moves to the selected tab and then its panel; arrow
 * keys select another.
 */
export function Tabs({
  label,
  tabs,
  selected,
  onSelect,
  children,
}: {
  /** Accessible name of the set of views. */
  label: string;
  tabs: readonly Tab[];
  /** Id of the tab whose panel is shown; the first one if none matches. */
  selected: string;
  onSelect: (id: string) => void;
  /** The panel of the selected tab. */
  children: ReactNode;
}) {
  const baseId = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(({ id }) => id === selected),
  );

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = rovingIndex(event.key, at, tabs.length, 'horizontal');
    if (next === null) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
    onSelect(tabs[next].id);
  }

  return (
    <div className="tabs">
      <div ref={list} role="tablist" aria-label={label} className="tab-list" onKeyDown={onKeyDown}>
        {tabs.map((tab, index) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${baseId}tab-${index}`}
            className="tab"
            aria-selected={index === at}
            aria-controls={index === at ? `${baseId}panel` : undefined}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${baseId}panel`}
        role="tabpanel"
        aria-labelledby={`${baseId}tab-${at}`}
        // A panel of text and pictures has nothing focusable in it, yet keys must scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as the tabs pattern asks for
        tabIndex={0}
        className="tab-panel"
      >
        {children}
      </div>
    </div>
  );
}
