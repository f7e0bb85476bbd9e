'use client';

import { plural } from '../../lib/format';
import { type ColumnRole, fileKind, type RecognisedFile } from '../../lib/runs/recognition';
import type { Target } from '../../lib/study/types';
import { RoleSelect } from './role-select';

const roles: readonly { readonly value: ColumnRole; readonly label: string }[] = [
  { value: 'id', label: 'run id' },
  { value: 'domain', label: 'domain weight' },
  { value: 'target', label: 'target' },
  { value: 'round', label: 'round' },
  { value: 'ignored', label: 'ignored' },
];
const directions: readonly { readonly value: Target['direction']; readonly label: string }[] = [
  { value: 'lower', label: 'lower' },
  { value: 'higher', label: 'higher' },
];

/** What every column of a file was taken for, to be corrected. */
export function FilePreview({
  file,
  onRole,
  onDirection,
}: {
  file: RecognisedFile;
  onRole: (column: number, role: ColumnRole) => void;
  onDirection: (column: number, direction: Target['direction']) => void;
}) {
  const count = (role: ColumnRole) => file.columns.filter((column) => column.role === role).length;
  const kind = fileKind(file);
  return (
    <details open={kind === 'unknown'}>
      <summary>
        <strong>{file.name}</strong>{' '}
        <span className="quiet">
          {plural(file.rows, 'run')}, {plural(count('domain'), 'domain')},{' '}
          {plural(count('target'), 'target')}, {plural(count('ignored'), 'column')} ignored
          {count('round') > 0 && ', rounds'}
        </span>
      </summary>
      <section className="preview-scroll" aria-label={`Columns of ${file.name}`}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Taken as</th>
              <th scope="col">Better</th>
              <th scope="col">First values</th>
            </tr>
          </thead>
          <tbody>
            {file.columns.map((column, index) => (
              <tr key={column.header}>
                <th scope="row">{column.header}</th>
                <td>
                  <RoleSelect
                    label={`Role of ${column.header}`}
                    value={column.role}
                    // Rounds are read beside the weights only.
                    options={roles.filter(({ value }) => value !== 'round' || kind !== 'losses')}
                    onChange={(role) => onRole(index, role)}
                  />
                </td>
                <td>
                  {column.role === 'target' && (
                    <RoleSelect
                      label={`Which way ${column.header} is better`}
                      value={column.direction}
                      options={directions}
                      onChange={(direction) => onDirection(index, direction)}
                    />
                  )}
                </td>
                <td className="quiet">{column.samples.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
