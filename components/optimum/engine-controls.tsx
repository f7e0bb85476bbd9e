'use client';

import { mostWeights } from '../../lib/optimum/pool';
import type { EngineId } from '../../lib/optimum/types';
import { useActiveFit, useOptimum, useSession, useStores } from '../explorer/stores';
import { ProgressLine } from '../ui/progress';
import { Select } from '../ui/select';
import { TypedOption } from '../ui/typed-option';

const names: Record<EngineId, string> = {
  search: 'Direct search',
  simulation: 'Simulation, as in RegMix',
  exact: 'Exact',
  gradient: 'Gradient descent',
  paper: 'The paper’s notebook, no limits',
};

const sampleCounts = [10_000, 100_000, 300_000, 1_000_000];
const topCounts = [1, 16, 128, 1_000];

/** Which engine looks for the optimum, and how hard. */
export function EngineControls() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const optimum = useOptimum((state) => state);
  // Which engines can be used hangs on the models, which the report names by the engine it came from.
  const used = optimum.report?.optimum.engine;
  const automatic = settings.engine === null && used ? names[used] : 'by the regressor';
  const counts = sampleCounts.filter((count) => count * study.domains.length <= mostWeights);
  const { regressor } = useActiveFit();
  const isTrees = regressor === 'gbdt' || regressor === 'gbdt-paper';
  const engines: EngineId[] = isTrees
    ? ['search', 'simulation', 'paper']
    : ['exact', 'gradient', 'search', 'simulation', 'paper'];
  return (
    <div className="engine">
      <Select
        label="Engine"
        value={engines.find((id) => id === settings.engine) ?? 'automatic'}
        options={[
          { value: 'automatic', label: `Automatic: ${automatic}` },
          ...engines.map((id) => ({ value: id, label: names[id] })),
        ]}
        onChange={(value) =>
          store.editSettings({ engine: engines.find((id) => id === value) ?? null })
        }
      />
      <Select
        label="Mixtures drawn"
        value={String(settings.samples)}
        options={counts.map((count) => ({
          value: String(count),
          label: count.toLocaleString('en'),
        }))}
        onChange={(value) => store.editSettings({ samples: Number(value) })}
      />
      <Select
        label="Mean of the best"
        value={String(settings.topK)}
        options={topCounts.map((count) => ({
          value: String(count),
          label: count.toLocaleString('en'),
        }))}
        onChange={(value) => store.editSettings({ topK: Number(value) })}
      />
      <TypedOption
        key={study.id}
        label="Seed"
        name="folds, bootstrap and simulation"
        value={settings.seed}
        format={String}
        parse={wholeNumber}
        expected="a whole number from 0 to 2147483647"
        onChange={(seed) => seed !== null && store.editSettings({ seed })}
      />
      {optimum.progress && <ProgressLine progress={optimum.progress} />}
    </div>
  );
}

function wholeNumber(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value < 2 ** 31 ? value : null;
}
