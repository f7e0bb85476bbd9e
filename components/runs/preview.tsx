'use client';

import { plural } from '../../lib/format';
import {
  type ColumnRole,
  fileKind,
  type RecognisedFile,
  type Recognition,
  type SetRole,
  withColumnRole,
  withDirection,
  withSet,
} from '../../lib/runs/recognition';

const roles: readonly ColumnRole[] = ['id', 'domain', 'target', 'ignored'];
const roleNames: Record<ColumnRole, string> = {
  id: 'run id',
  domain: 'domain weight',
  target: 'target',
  ignored: 'ignored',
};
const setRoles: readonly SetRole[] = ['training', 'test', 'unused'];

/** What was understood, before anything is replaced: the sets of runs and every column's role. */
export function Preview({
  recognition,
  onChange,
}: {
  recognition: Recognition;
  onChange: (recognition: Recognition) => void;
}) {
  const adding = !recognition.sets.some(({ role }) => role === 'training');
  return (
    <div className="preview">
      <section>
        <h3>Sets of runs</h3>
        {recognition.sets.length === 0 && (
          <p className="refused">
            No file of weights was found to go with the target values. Mark the columns below, or
            open the other file with it.
          </p>
        )}
        {adding && recognition.sets.length > 0 && (
          <p className="quiet">
            No set trains, so these will be added to the study that is open, as test sets.
          </p>
        )}
        <div className="scroll-x">
          <table className="figures">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Used for</th>
                <th scope="col">Weights</th>
                <th scope="col">Target values</th>
              </tr>
            </thead>
            <tbody>
              {recognition.sets.map((set, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: sets are edited in place and never reordered
                <tr key={index}>
                  <td>
                    <input
                      className="field"
                      aria-label={`Name of set ${index + 1}`}
                      value={set.name}
                      maxLength={60}
                      onChange={(event) =>
                        onChange(withSet(recognition, index, { name: event.target.value }))
                      }
                    />
                  </td>
                  <td>
                    <select
                      className="field"
                      aria-label={`Use of ${set.name}`}
                      value={set.role}
                      onChange={(event) => {
                        const role = setRoles.find((id) => id === event.target.value);
                        if (role) onChange(withSet(recognition, index, { role }));
                      }}
                    >
                      {setRoles.map((role) => (
                        <option key={role}>{role}</option>
                      ))}
                    </select>
                  </td>
                  {(['mixtures', 'losses'] as const).map((part) => (
                    <td key={part}>
                      <select
                        className="field"
                        aria-label={`${part === 'mixtures' ? 'Weights' : 'Target values'} of ${set.name}`}
                        value={set[part]}
                        onChange={(event) =>
                          onChange(
                            withSet(recognition, index, { [part]: Number(event.target.value) }),
                          )
                        }
                      >
                        {recognition.files.map((file, place) => (
                          <option key={file.name} value={place}>
                            {file.name}
                          </option>
                        ))}
                      </select>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {recognition.files.map((file, index) => (
        <FilePreview
          key={file.name}
          file={file}
          onRole={(column, role) => onChange(withColumnRole(recognition, index, column, role))}
          onDirection={(column, direction) =>
            onChange(withDirection(recognition, index, column, direction))
          }
        />
      ))}
    </div>
  );
}

function FilePreview({
  file,
  onRole,
  onDirection,
}: {
  file: RecognisedFile;
  onRole: (column: number, role: ColumnRole) => void;
  onDirection: (column: number, direction: 'lower' | 'higher') => void;
}) {
  const count = (role: ColumnRole) => file.columns.filter((column) => column.role === role).length;
  return (
    <details open={fileKind(file) === 'unknown'}>
      <summary>
        <strong>{file.name}</strong>{' '}
        <span className="quiet">
          {plural(file.rows, 'run')}, {plural(count('domain'), 'domain')},{' '}
          {plural(count('target'), 'target')}, {plural(count('ignored'), 'column')} ignored
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
                  <select
                    className="field"
                    aria-label={`Role of ${column.header}`}
                    value={column.role}
                    onChange={(event) => {
                      const role = roles.find((id) => id === event.target.value);
                      if (role) onRole(index, role);
                    }}
                  >
                    {roles.map((role) => (
                      <option key={role} value={role}>
                        {roleNames[role]}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  {column.role === 'target' && (
                    <select
                      className="field"
                      aria-label={`Which way ${column.header} is better`}
                      value={column.direction}
                      onChange={(event) =>
                        onDirection(index, event.target.value === 'higher' ? 'higher' : 'lower')
                      }
                    >
                      <option value="lower">lower</option>
                      <option value="higher">higher</option>
                    </select>
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
