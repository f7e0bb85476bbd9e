'use client';

import { useEffect, useMemo, useState } from 'react';
import { formatTokens, plural } from '../../lib/format';
import { fromRows } from '../../lib/matrix';
import { layoutOf, sizeIds, sizes } from '../../lib/proxy/shape';
import { parseQuantity } from '../../lib/runs/quantity';
import { backendNames } from '../../lib/store/backend-names';
import { isUnderWay, type TrainingSettings } from '../../lib/store/training-store';
import { verifyProxies } from '../../lib/store/verify-store';
import { useAnalysis, useSession } from '../explorer/stores';
import { whole } from '../training/parse';
import { useTraining, useTrainingControl } from '../training/session';
import { Select } from '../ui/select';
import { TypedOption } from '../ui/typed-option';
import { availableCandidates, rankedRuns } from './candidates';
import { useVerifyStore } from './session';

const engines = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'] as const;
const mostSeeds = 50;
const mostRanked = 64;

/** What is compared, how large the models are, and how often each trains. */
export function Setup() {
  const { study, settings: about } = useSession();
  const report = useAnalysis((state) => state.optimum.report);
  const control = useTrainingControl();
  const store = useVerifyStore();
  const settings = useTraining((state) => state.settings);
  const corpora = useTraining((state) => state.corpora);
  const chosen = useTraining((state) => state.chosen);
  const underWay = useTraining((state) => isUnderWay(state.status));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [seeds, setSeeds] = useState(3);
  const [ranked, setRanked] = useState(0);
  const weights =
    report?.optimum.weights.length === study.domains.length ? report.optimum.weights : null;
  const available = useMemo(
    () => availableCandidates(study, about, weights),
    [study, about, weights],
  );
  const candidates = useMemo(() => available.filter(({ id }) => !left.has(id)), [available, left]);

  useEffect(() => {
    if (underWay || corpora.status !== 'ready') return;
    // Mixtures are in the study's order of domains, trained models in that of the text.
    const ids = study.domains.map(({ id }) => id);
    const order = corpora.loaded.domains
      .map(({ about: domain }) => ids.indexOf(domain.id))
      .filter((place) => place >= 0);
    const turned = <Item extends { readonly mixture: Float64Array }>(item: Item): Item => ({
      ...item,
      mixture: Float64Array.from(order, (place) => item.mixture[place]),
    });
    for (const { about: domain } of corpora.loaded.domains) {
      const isIn = ids.includes(domain.id);
      if (chosen.includes(domain.id) !== isIn) control.choose(domain.id, isIn);
    }
    store.setState({
      candidates: candidates.map(turned),
      seeds,
      ranked: rankedRuns(study, ranked).map(turned),
    });
    if (candidates.length < 2) return;
    const planned = verifyProxies(store.getState(), settings);
    control.setMixtures(fromRows(planned.map(({ mixture }) => mixture)));
  }, [control, store, study, corpora, chosen, candidates, seeds, ranked, settings, underWay]);

  const change = (next: Partial<TrainingSettings>) => control.change(next);
  return (
    <fieldset className="plain" disabled={underWay}>
      <fieldset className="plain verify-candidates">
        <legend>Train on</legend>
        {available.map(({ id, name }) => (
          <label key={id} className="check">
            <input
              type="checkbox"
              checked={!left.has(id)}
              onChange={(event) => {
                const next = new Set(left);
                if (event.currentTarget.checked) next.delete(id);
                else next.add(id);
                setLeft(next);
              }}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {candidates.length < 2 && <p className="refused">Choose two mixtures at least.</p>}
      <div className="row-controls">
        <Select
          label="Parameters"
          value={settings.size}
          options={sizeIds.map((size) => ({
            value: size,
            label: `${size} (${layoutOf(sizes[size]).count.toLocaleString('en')})`,
          }))}
          onChange={(next) => {
            const size = sizeIds.find((each) => each === next);
            if (size) change({ size });
          }}
        />
        <TypedOption
          label="Tokens per model"
          name="bytes that each model reads"
          value={settings.tokens}
          format={formatTokens}
          parse={(text) => {
            const value = parseQuantity(text);
            return value !== null && value >= 1000 && value <= 1e9 ? Math.round(value) : null;
          }}
          expected="an amount from 1K to 1B"
          onChange={(tokens) => change({ tokens: tokens ?? 300_000 })}
        />
        <TypedOption
          label="Seeds"
          name="how often each mixture trains"
          value={seeds}
          format={String}
          parse={whole(1, mostSeeds)}
          expected={`a whole number from 1 to ${mostSeeds}`}
          onChange={(next) => setSeeds(next ?? 3)}
        />
        <TypedOption
          label="Runs for ranks"
          name="runs of the study that train once at this size, too, to see whether both sizes rank alike"
          value={ranked === 0 ? null : ranked}
          format={String}
          parse={whole(0, mostRanked)}
          expected={`a whole number from 0 to ${mostRanked}`}
          onChange={(next) => setRanked(next ?? 0)}
        />
        <Select
          label="Train by"
          value={settings.engine}
          options={engines.map((engine) => ({
            value: engine,
            label: engine === 'auto' ? 'the fastest here' : backendNames[engine],
          }))}
          onChange={(next) => {
            const engine = engines.find((each) => each === next);
            if (engine) change({ engine });
          }}
        />
      </div>
      <p className="quiet small measure">
        {plural(candidates.length, 'mixture')} × {plural(seeds, 'seed')}
        {ranked > 1 ? ` and ${ranked} runs of the study once` : ''}. Models of one seed start from
        the same parameters and read the same text wherever their mixtures agree, so their
        difference is the mixtures’.
      </p>
    </fieldset>
  );
}
