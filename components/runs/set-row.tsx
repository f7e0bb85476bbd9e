'use client';

import type { RecognisedFile, RunSet, SetRole } from '../../lib/runs/recognition';
import { RoleSelect } from './role-select';

const roles: readonly { readonly value: SetRole; readonly label: string }[] = [
  { value: 'training', label: 'training' },
  { value: 'round', label: 'next round' },
  { value: 'test', label: 'test' },
  { value: 'unused', label: 'unused' },
];

/** One set of runs: its name, its use, and its files. The fields stand one below the other where it is narrow. */
export function SetRow({
  set,
  place,
  files,
  onChange,
}: {
  set: RunSet;
  /** Which of the sets it is, from 1. */
  place: number;
  files: readonly RecognisedFile[];
  onChange: (change: Partial<RunSet>) => void;
}) {
  const options = files.map(({ name }, index) => ({ value: String(index), label: name }));
  return (
    <div className="button-row">
      <div className="select">
        <span aria-hidden="true">Name</span>
        <input
          className="field"
          aria-label={`Name of set ${place}`}
          value={set.name}
          maxLength={60}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </div>
      <RoleSelect
        label={`Use of ${set.name}`}
        caption="Use"
        value={set.role}
        options={roles}
        onChange={(role) => onChange({ role })}
      />
      <RoleSelect
        label={`Weights of ${set.name}`}
        caption="Weights"
        value={String(set.mixtures)}
        options={options}
        onChange={(index) => onChange({ mixtures: Number(index) })}
      />
      <RoleSelect
        label={`Target values of ${set.name}`}
        caption="Target values"
        value={String(set.losses)}
        options={options}
        onChange={(index) => onChange({ losses: Number(index) })}
      />
    </div>
  );
}
