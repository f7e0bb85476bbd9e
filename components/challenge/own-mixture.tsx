'use client';

import { memo, useState } from 'react';
import { withWeight } from '../../lib/challenge/adjust';
import { formatPercent } from '../../lib/format';
import type { Bounds } from '../../lib/optimum/types';
import { useSession, useStores } from '../explorer/stores';
import { useOrderedDomains } from '../explorer/use-ordered-domains';
import { MixtureEditor } from '../mixture/mixture-editor';
import { parseShare } from '../optimum/token-text';
import { Slider } from '../ui/slider';
import { useStateAbout } from '../ui/use-state-about';

const none: ReadonlySet<number> = new Set();

/**
 * The reader's mixture on a slider a domain: the others make room in proportion, held ones apart. Hundreds of
 * sliders are not drawn again for each step of a fit.
 */
export const OwnMixture = memo(function OwnMixture({ bounds }: { bounds: Bounds }) {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const ordered = useOrderedDomains();
  const [own, setHeld] = useStateAbout<ReadonlySet<number>>([study.id]);
  const [isTyping, setTyping] = useState(false);
  const held = own ?? none;
  const mixture = settings.yours ?? study.prior.weights;

  function set(domain: number, weight: number): void {
    // A drag to 100% and back must not flatten the others: all of it starts where the gesture did.
    const { gesture } = store.getState();
    const from = gesture ? (gesture.settings.yours ?? study.prior.weights) : mixture;
    store.editSettings({ yours: withWeight(from, domain, weight, held) });
  }

  function hold(domain: number, is: boolean): void {
    const next = new Set(held);
    if (is) next.add(domain);
    else next.delete(domain);
    setHeld(next);
  }

  return (
    <section className="own-mixture" aria-labelledby="own-mixture">
      <div className="limits-head">
        <h3 id="own-mixture">Your mixture</h3>
        <button type="button" className="link" onClick={() => setTyping(true)}>
          Type all weights
        </button>
      </div>
      <p className="quiet small">
        {settings.yours
          ? 'As you move one weight the others keep their proportions; those that you hold stay.'
          : 'It starts as the prior. As you move one weight the others keep their proportions.'}
        {bounds.upper.some((cap) => cap < 1) && ' The tick on a track is the domain’s cap.'}
      </p>
      <div className="own-mixture-list">
        {ordered.map((domain) => {
          const { id, name } = study.domains[domain];
          const cap = bounds.upper[domain];
          return (
            <div key={id} className="own-weight">
              <Slider
                label={name}
                ariaLabel={`Your weight of ${name}`}
                value={mixture[domain] * 100}
                min={0}
                max={100}
                step={0.1}
                bigStep={1}
                mark={cap < 1 ? cap * 100 : undefined}
                format={(points) => formatPercent(points / 100, 1)}
                parse={(text) => {
                  const share = parseShare(text);
                  return share === null ? null : share * 100;
                }}
                expected="a share from 0% to 100%"
                onStart={store.beginGesture}
                onChange={(points) => set(domain, points / 100)}
                onCommit={store.endGesture}
              />
              <label className="check small">
                <input
                  type="checkbox"
                  aria-label={`Hold the weight of ${name}`}
                  checked={held.has(domain)}
                  onChange={(event) => hold(domain, event.currentTarget.checked)}
                />
                <span>hold</span>
              </label>
            </div>
          );
        })}
      </div>
      {isTyping && <MixtureEditor which="yours" onClose={() => setTyping(false)} />}
    </section>
  );
});
