'use client';

import { type FormEvent, useState } from 'react';
import { longestName } from '../../lib/store/candidates-store';
import { readMixture } from '../../lib/verify/read-mixture';
import { useSession, useStores } from '../explorer/stores';
import { Disclosure } from '../ui/disclosure';
import { Select } from '../ui/select';
import { bestRun, runNamed } from './candidates';

const sources = [
  { value: 'best', label: 'the best run' },
  { value: 'run', label: 'a run by its id' },
  { value: 'pasted', label: 'weights to paste' },
] as const;
type Source = (typeof sources)[number]['value'];

/** A small form that adds any mixture to those that are verified. */
export function AddCandidate() {
  const { study, settings } = useSession();
  const { candidates } = useStores();
  const [source, setSource] = useState<Source>('best');
  const [name, setName] = useState('');
  const [run, setRun] = useState('');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [told, setTold] = useState('');
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
      setTold(`Added: ${called}.`);
      setName('');
    } catch (error) {
      setTold('');
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
            options={sources.map(({ value, label }) => ({
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
          {told}
        </p>
      </form>
    </Disclosure>
  );
}
