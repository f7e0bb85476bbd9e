'use client';

import { useMemo } from 'react';
import { formatNumber } from '../../lib/format';
import { parseQuantity } from '../../lib/runs/quantity';
import { targetShares } from '../../lib/store/objective';
import { type ObjectiveSettings, olmixKl } from '../../lib/study/settings';
import { useSession, useStores } from '../explorer/stores';
import { MultiWeight } from '../ui/multi-weight';
import { Segmented } from '../ui/segmented';
import { Slider } from '../ui/slider';
import { Switch } from '../ui/switch';

const kinds = [
  { value: 'single', label: 'One target' },
  { value: 'weighted', label: 'Several, weighted' },
  { value: 'regret', label: 'Several, worst-off first' },
] as const;
/** Far beyond the pull at which the optimum is the prior itself, for losses in nats. */
const mostKl = 1;
const typedKl = 100;

/** What is optimised: one target or several, how strongly the prior pulls, and whether repeats count less. */
export function ObjectiveControls() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const { objective } = settings;
  const shares = useMemo(() => targetShares({ study, settings }), [study, settings]);
  const edit = (change: Partial<ObjectiveSettings>) =>
    store.edit((session) => ({
      ...session,
      settings: {
        ...session.settings,
        objective: { ...session.settings.objective, ...change },
      },
    }));
  /** Several targets begin with all of them, equally. */
  function chooseKind(value: string): void {
    const kind = kinds.find((each) => each.value === value)?.value ?? 'single';
    const isUnset = Object.values(objective.weights).every((weight) => weight === 0);
    const weights = isUnset
      ? Object.fromEntries(study.targets.map(({ id }) => [id, 1]))
      : objective.weights;
    edit(kind === 'single' ? { kind } : { kind, weights });
  }
  return (
    <div className="objective">
      {study.targets.length > 1 && (
        <Segmented label="Optimise" value={objective.kind} options={kinds} onChange={chooseKind} />
      )}
      {objective.kind !== 'single' && (
        <>
          <MultiWeight
            targets={study.targets}
            weights={objective.weights}
            families={objective.families}
            shares={new Map(shares.map(({ target, weight }) => [target, weight]))}
            onChange={edit}
          />
          <Switch
            label="In units of each target’s spread over the runs"
            checked={objective.normalised}
            onChange={(normalised) => edit({ normalised })}
          />
        </>
      )}
      <Slider
        label="Pull to the prior (KL)"
        value={objective.kl}
        min={0}
        max={mostKl}
        step={0.01}
        bigStep={0.1}
        mark={olmixKl}
        format={(value) => formatNumber(value, 2)}
        display={String(objective.kl)}
        parse={parseKl}
        expected={`a number from 0 to ${typedKl}; olmix takes ${olmixKl}, the mark`}
        onStart={store.beginGesture}
        onChange={(kl) => edit({ kl })}
        onCommit={store.endGesture}
      />
      <Switch
        label="Repeated tokens count less than fresh ones"
        hint="Effective data after Muennighoff et al. (2023): matters where a domain’s tokens are fewer than its weight asks for."
        checked={objective.discountRepeats}
        onChange={(discountRepeats) => edit({ discountRepeats })}
      />
      <Switch
        label="Show the worst mixture instead"
        checked={objective.seek === 'worst'}
        onChange={(worst) => edit({ seek: worst ? 'worst' : 'best' })}
      />
    </div>
  );
}

function parseKl(text: string): number | null {
  const value = parseQuantity(text);
  return value !== null && value >= 0 && value <= typedKl ? value : null;
}
