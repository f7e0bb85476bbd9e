'use client';

import { formatPercent } from '../../lib/format';
import { alongDomain } from '../../lib/regression/partial-dependence';
import { useSession, useStores } from '../explorer/stores';
import { parseShare } from '../optimum/token-text';
import { Slider } from '../ui/slider';
import { useYours } from './use-target';

/** The reader's mixture, one slider a domain: the others make room in proportion. */
export function MixtureSliders({ onMove }: { onMove?: () => void }) {
  const { study } = useSession();
  const { study: store } = useStores();
  const weights = useYours();
  return (
    <fieldset className="learn-sliders">
      <legend>Your mixture, % of tokens; ticks mark the prior</legend>
      {study.domains.map(({ id, name }, domain) => (
        <Slider
          key={id}
          label={name}
          value={weights[domain] * 100}
          min={0}
          max={100}
          step={0.1}
          bigStep={5}
          mark={study.prior.weights[domain] * 100}
          format={(points) => formatPercent(points / 100, 1)}
          parse={(text) => {
            const share = parseShare(text);
            return share === null ? null : share * 100;
          }}
          expected="a share from 0% to 100%"
          onStart={store.beginGesture}
          onChange={(points) => {
            store.editSettings({ yours: Array.from(alongDomain(weights, domain, points / 100)) });
            onMove?.();
          }}
          onCommit={store.endGesture}
        />
      ))}
    </fieldset>
  );
}
