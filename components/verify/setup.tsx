'use client';

/** The setup of a verification: candidates, added mixtures, model size, seeds and ranked runs. */
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { plural } from '../../lib/model/format';
import { fromRows } from '../../lib/model/matrix';
import { trainingFor, usualRates } from '../../lib/training/options';
import { layoutOf, sizes } from '../../lib/training/shape';
import { isActive } from '../../lib/training/state';
import { candidatesFor, longestName } from '../../lib/verify/candidates-store';
import type { Candidate } from '../../lib/verify/plan';
import { readMixture } from '../../lib/verify/read-mixture';
import { verifyProxies } from '../../lib/verify/verify-store';
import { useAdvisedOptimum } from '../shell/hooks';
import { useCandidates, useHidesAnswer, useSession, useStores } from '../shell/stores';
import { SizeSelect, TokensOption, TrainBy } from '../training/options';
import { whole } from '../training/parse';
import { useTraining, useTrainingControl } from '../training/session';
import { Select } from '../ui/controls';
import { Disclosure } from '../ui/layout';
import { TypedOption } from '../ui/typed-value';
import { availableCandidates, bestRun, rankedRuns, runNamed } from './candidates';
import { useVerifyStore } from './session';

const maxSeeds = 50;
const maxRanked = 64;

/** The options of a verification: candidates, model size, and repetitions. */
export function Setup() {
  const { study, settings: about } = useSession();
  const control = useTrainingControl();
  const verify = useVerifyStore();
  const settings = useTraining((state) => state.settings);
  const corpora = useTraining((state) => state.corpora);
  const chosen = useTraining((state) => state.chosen);
  const underWay = useTraining((state) => isActive(state.status));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [seeds, setSeeds] = useState(3);
  const [ranked, setRanked] = useState(0);
  const weights = useAdvisedOptimum();
  const { candidates: store } = useStores();
  const allAdded = useCandidates((state) => state.added);
  const added = useMemo(() => candidatesFor({ added: allAdded }, study), [allAdded, study]);
  const { size, tokens } = settings;
  const { steps } = trainingFor(tokens, sizes[size].context, usualRates[size]);
  const available = useMemo(
    () => availableCandidates(study, about, weights, added, steps),
    [study, about, weights, added, steps],
  );
  // Added candidates follow the study's own.
  const own = available.length - added.length;
  const candidates = useMemo(() => available.filter(({ id }) => !left.has(id)), [available, left]);

  useEffect(() => {
    if (underWay || corpora.status !== 'ready') return;
    // Mixtures are in the study's order of domains, trained models in that of the text.
    const ids = study.domains.map(({ id }) => id);
    const order = corpora.loaded.domains
      .map(({ about: domain }) => ids.indexOf(domain.id))
      .filter((place) => place >= 0);
    const inOrder = (mixture: Float64Array) => Float64Array.from(order, (place) => mixture[place]);
    const turned = ({ schedule, ...item }: Candidate): Candidate => ({
      ...item,
      mixture: inOrder(item.mixture),
      ...(schedule && {
        schedule: schedule.map(({ from, mixture }) => ({ from, mixture: inOrder(mixture) })),
      }),
    });
    for (const { about: domain } of corpora.loaded.domains) {
      const isIn = ids.includes(domain.id);
      if (chosen.includes(domain.id) !== isIn) control.choose(domain.id, isIn);
    }
    verify.setState({
      candidates: candidates.map(turned),
      seeds,
      ranked: rankedRuns(study, ranked).map(turned),
    });
    if (candidates.length < 2) return;
    const planned = verifyProxies(verify.getState(), settings);
    control.setMixtures(fromRows(planned.map(({ mixture }) => mixture)));
  }, [control, verify, study, corpora, chosen, candidates, seeds, ranked, settings, underWay]);

  return (
    <fieldset className="plain" disabled={underWay}>
      <fieldset className="plain verify-candidates">
        <legend>Train on</legend>
        {available.map(({ id, name }, place) => (
          <span key={id} className="verify-candidate">
            <label className="check">
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
            {place >= own && (
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${name}`}
                onClick={() => store.removeCandidate(added[place - own].name)}
              >
                ×
              </button>
            )}
          </span>
        ))}
      </fieldset>
      <AddCandidate />
      {candidates.length < 2 && <p className="refused">Choose two mixtures at least.</p>}
      <div className="row-controls">
        <SizeSelect
          note={(size) => `${size} (${layoutOf(sizes[size]).count.toLocaleString('en')})`}
        />
        <TokensOption usual={300_000} />
        <TypedOption
          label="Seeds"
          name="how often each mixture trains"
          value={seeds}
          format={String}
          parse={whole(1, maxSeeds)}
          expected={`a whole number from 1 to ${maxSeeds}`}
          onChange={(next) => setSeeds(next ?? 3)}
        />
        <TypedOption
          label="Runs for ranks"
          name="runs of the study also trained once at this size, to compare the ranks of both sizes"
          value={ranked === 0 ? null : ranked}
          format={String}
          parse={whole(0, maxRanked)}
          expected={`a whole number from 0 to ${maxRanked}`}
          onChange={(next) => setRanked(next ?? 0)}
        />
        <TrainBy />
      </div>
      <p className="quiet small measure">
        {plural(candidates.length, 'mixture')} × {plural(seeds, 'seed')}
        {ranked > 1 ? ` and ${ranked} runs of the study once` : ''}. Models of one seed share their initial parameters and, where mixtures agree, their text. So their difference comes from the mixtures.
      </p>
    </fieldset>
  );
}

const sources = [
  { value: 'best', label: 'the best run' },
  { value: 'run', label: 'a run by its id' },
  { value: 'pasted', label: 'weights to paste' },
] as const;
type Source = (typeof sources)[number]['value'];

/** A small form that adds any mixture to those that are verified. */
function AddCandidate() {
  const { study, settings } = useSession();
  const { candidates } = useStores();
  // The best run's weights are near the answer.
  const isHidden = useHidesAnswer();
  const offered = isHidden ? sources.filter(({ value }) => value !== 'best') : sources;
  const [chosen, setSource] = useState<Source>('best');
  const source = offered.some(({ value }) => value === chosen) ? chosen : offered[0].value;
  const [name, setName] = useState('');
  const [run, setRun] = useState('');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [message, setMessage] = useState('');
  const target = study.targets.find(({ id }) => id === settings.target)?.name ?? '';

  function found(): { readonly usual: string; readonly mixture: Float64Array } {
    if (source === 'pasted') {
      return { usual: 'pasted mixture', mixture: readMixture(text, study.domains) };
    }
    const row = source === 'best' ? bestRun(study, settings.target) : runNamed(study, run.trim());
    if (!row) {
      throw new Error(
        source === 'best'
          ? `No run has a ${target}.`
          : `There is no training run “${run.trim().slice(0, 40)}”, expected an id such as “${study.training.ids[0]}”.`,
      );
    }
    return {
      usual: source === 'best' ? `the best run (${row.id})` : `the mixture of run ${row.id}`,
      mixture: row.mixture,
    };
  }

  function add(event: FormEvent): void {
    event.preventDefault();
    try {
      const { usual, mixture } = found();
      const called = name.trim() === '' ? usual : name;
      candidates.addCandidate(study, { name: called, mixture });
      setProblem('');
      setMessage(`Added: ${called}.`);
      setName('');
    } catch (error) {
      setMessage('');
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Disclosure label="Add a mixture">
      <form className="verify-add" onSubmit={add}>
        <div className="row-controls">
          <Select
            label="Weights from"
            value={source}
            options={offered.map(({ value, label }) => ({
              value,
              label: value === 'best' ? `${label} on ${target}` : label,
            }))}
            onChange={(next) => {
              const chosen = sources.find(({ value }) => value === next);
              if (chosen) setSource(chosen.value);
            }}
          />
          {source === 'run' && (
            <label className="select">
              <span>Run</span>
              <input
                className="field"
                value={run}
                placeholder={study.training.ids[0]}
                onChange={(event) => setRun(event.currentTarget.value)}
              />
            </label>
          )}
          <label className="select">
            <span>Name (optional)</span>
            <input
              className="field"
              value={name}
              maxLength={longestName}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </label>
        </div>
        {source === 'pasted' && (
          <label className="verify-paste">
            <span>
              Weights: <code>{study.domains[0].id}: 40%</code> and so on, or one amount per domain
              in the order of the study
            </span>
            <textarea
              className="field"
              rows={4}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </label>
        )}
        <div className="button-row">
          <button type="submit" className="button">
            Add
          </button>
        </div>
        {problem !== '' && (
          <p role="alert" className="refused">
            {problem}
          </p>
        )}
        <p className="quiet" role="status">
          {message}
        </p>
      </form>
    </Disclosure>
  );
}
