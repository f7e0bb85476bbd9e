'use client';

import type { RefObject } from 'react';
import { plural } from '../../lib/model/format';
import { choiceText } from '../charts/chosen-runs';
import { useRunChoice } from '../shell/hooks';
import { useSession, useStores } from '../shell/stores';
import { Segmented } from '../ui/controls';

/** Which runs stand out in every picture: the best tenth, all, or what the reader brushes. */
export function RunChooser({
  lines,
  canDraw,
}: {
  /** What holds the lines, on whose axes runs are brushed. */
  lines: RefObject<HTMLElement | null>;
  /** Whether they are on view: a lesson may hide them. */
  canDraw: boolean;
}) {
  const { study, settings } = useSession();
  const { view } = useStores();
  const choice = useRunChoice();
  const { kind, count, total, best, ranges } = choice;
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const clear = () => view.setState({ brushes: new Map() });
  return (
    <section className="run-chooser" aria-label="Runs in all pictures">
      <div className="run-chooser-line">
        <Segmented
          label="One brush over all pictures"
          value={kind}
          options={[
            ...(best === null
              ? []
              : [{ value: 'best', label: `Best tenth, ${best.toLocaleString('en')}` }]),
            { value: 'all', label: `All ${total.toLocaleString('en')}` },
            ...(kind === 'drawn'
              ? [{ value: 'drawn', label: `Brushed, ${count.toLocaleString('en')}` }]
              : []),
          ]}
          onChange={(value) => {
            if (value === 'drawn') return;
            view.setState({ marked: value === 'best' ? 'best' : 'all', brushes: new Map() });
          }}
        />
        {kind === 'drawn' ? (
          <button type="button" className="button" onClick={clear}>
            Clear
          </button>
        ) : canDraw ? (
          <button
            type="button"
            className="button"
            title="Drag along an axis of the lines, or use the arrow keys on its handles"
            onClick={() => {
              lines.current?.scrollIntoView({ block: 'center' });
              lines.current
                ?.querySelector<SVGGElement>('.parallel-handle[tabindex="0"]')
                ?.focus({ preventScroll: true });
            }}
          >
            Draw…
          </button>
        ) : null}
      </div>
      <p role="status">{said()}</p>
    </section>
  );

  function said(): string {
    const text = choiceText(choice);
    switch (kind) {
      case 'drawn':
        return `${text}: ${ranges.join('; ')}. Headline and cards: all ${plural(total, 'run')}.`;
      case 'best':
        return `${text} by ${target.name}, stands out. Correlations use all runs.`;
      case 'all':
        return `${text} alike.`;
    }
  }
}
