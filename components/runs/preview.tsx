'use client';

/**
 * The preview of recognised files: purpose, sets of runs, which way each target is better, and the
 * roles of columns, all correctable.
 */
import { useState } from 'react';
import { betterText, plural } from '../../lib/model/format';
import type { Target } from '../../lib/model/study';
import {
  type ColumnRole,
  chosenGroup,
  decidedBy,
  fileKind,
  type Note,
  namingFile,
  type Purpose,
  purposeOf,
  type RecognisedColumn,
  type RecognisedFile,
  type Recognition,
  type RunSet,
  type SetRole,
  summaryOf,
  type WeightGroup,
  withColumnRole,
  withDirection,
  withGroup,
  withPurpose,
  withSet,
} from '../../lib/runs/recognition';
import { Segmented } from '../ui/controls';

const purposes: readonly { readonly value: Purpose; readonly label: string }[] = [
  { value: 'study', label: 'Replace the study' },
  { value: 'tests', label: 'Add as test sets' },
  { value: 'round', label: 'Add as the next round of training runs' },
];
const explanations: Record<Purpose, string> = {
  study: 'A new study replaces the open one; undo brings it back.',
  tests: 'The open study keeps its training runs and is also tested on these.',
  round: 'These join the training runs of the open study. Domains and targets must be the same.',
};

/**
 * Shows what was recognised before anything is replaced: its purpose, the sets of runs and every
 * column's role.
 */
export function Preview({
  recognition,
  foreseen,
  onChange,
  pile,
}: {
  recognition: Recognition;
  /** Notes that using the runs will add to those of the recognition. */
  foreseen: readonly Note[];
  onChange: (recognition: Recognition) => void;
  /** Set where the domains are named like those of the Pile. */
  pile: {
    /** Number of domains. */
    readonly count: number;
    readonly isTaken: boolean;
    readonly onTake: (take: boolean) => void;
  } | null;
}) {
  const notes = [...recognition.notes, ...foreseen];
  const purpose = purposeOf(recognition);
  const summary = summaryOf(recognition);
  const isPhone = usePhone();
  const [isOpen] = useState(recognition.sets.length === 0);
  const naming = namingFile(recognition);
  const asks =
    naming !== null && targetsOf(recognition.files[naming]).some((target) => isAsked(target));
  const targets = naming !== null && (
    <Directions
      key={recognition.files[naming].name}
      file={recognition.files[naming]}
      onDirection={(columns, direction) =>
        onChange(
          columns.reduce(
            (changed, column) => withDirection(changed, naming, column, direction),
            recognition,
          ),
        )
      }
    />
  );
  const use = (
    <div>
      <Segmented
        label="Use of these files"
        value={purpose}
        options={purposes}
        onChange={(value) => {
          const chosen = purposes.find((option) => option.value === value);
          if (chosen) onChange(withPurpose(recognition, chosen.value));
        }}
      />
      <p className="quiet small">{explanations[purpose]}</p>
    </div>
  );
  return (
    <div className="preview">
      {summary !== '' && (
        <p role="status">
          <strong>{summary}</strong>
        </p>
      )}
      {notes.length > 0 && <Notes notes={notes} />}
      {recognition.files.map(
        (file, index) =>
          file.groups.length > 1 && (
            <ChooseWeights
              key={file.name}
              file={file}
              onChoose={(group) => onChange(withGroup(recognition, index, group))}
            />
          ),
      )}
      {asks && targets}
      {recognition.sets.length > 0 &&
        (isPhone ? (
          <details>
            <summary>Use of these files: {nameOf(purpose)}</summary>
            {use}
          </details>
        ) : (
          use
        ))}
      {pile && (
        <label className="check">
          <input
            type="checkbox"
            checked={pile.isTaken}
            onChange={({ currentTarget }) => pile.onTake(currentTarget.checked)}
          />
          <span>
            Recognised by the names of its {pile.count} domains: The Pile. Prior: its published
            token shares; human mixture: the RegMix paper’s.{' '}
            <span className="quiet">Without it the prior is the mean of the runs.</span>
          </span>
        </label>
      )}
      {/* Folded where all was recognised; what is not is corrected in it. */}
      <details className="preview-details" open={isOpen}>
        <summary>Details: sets of runs, targets, columns</summary>
        <div className="preview">
          {recognition.sets.length > 0 && (
            <section className="controls" aria-label="Sets of runs">
              <h3>Sets of runs</h3>
              {recognition.sets.map((set, index) => (
                <SetRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: sets are edited in place and never reordered
                  key={index}
                  set={set}
                  place={index + 1}
                  files={recognition.files}
                  onChange={(change) => onChange(withSet(recognition, index, change))}
                />
              ))}
            </section>
          )}
          {!asks && targets}
          {recognition.files.map((file, index) => (
            <FilePreview
              key={file.name}
              file={file}
              onRole={(column, role) => onChange(withColumnRole(recognition, index, column, role))}
            />
          ))}
        </div>
      </details>
    </div>
  );
}

/** The purpose within a line. */
function nameOf(purpose: Purpose): string {
  const label = purposes.find(({ value }) => value === purpose)?.label ?? '';
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** Whether the dialog was opened on a phone, where it is to be one line and what it asks. */
function usePhone(): boolean {
  const [isPhone] = useState(() => matchMedia('(max-width: 599px)').matches);
  return isPhone;
}

/** Notes shown before the rest is folded. */
const shownNotes = 2;

/** What was done to the files, and will be done to their runs. */
function Notes({ notes }: { notes: readonly Note[] }) {
  const shown = usePhone() ? 0 : shownNotes;
  const rest = notes.slice(shown);
  return (
    <section className="notice" aria-label="How the files were read">
      {shown > 0 && (
        <ul>
          {notes.slice(0, shown).map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <details>
          <summary>
            {shown > 0
              ? `${rest.length} more`
              : `${plural(rest.length, 'note')} on how it was read`}
          </summary>
          <ul>
            {rest.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const roles: readonly { readonly value: ColumnRole; readonly label: string }[] = [
  { value: 'id', label: 'run id' },
  { value: 'domain', label: 'domain weight' },
  { value: 'target', label: 'target' },
  { value: 'round', label: 'round' },
  { value: 'step', label: 'training step' },
  { value: 'ignored', label: 'ignored' },
];
const directions: readonly { readonly value: Target['direction']; readonly label: string }[] = [
  { value: 'lower', label: betterText('lower') },
  { value: 'higher', label: betterText('higher') },
];

/** Which of several groups of columns holds the weights, as in training by phases. */
function ChooseWeights({
  file,
  onChoose,
}: {
  file: RecognisedFile;
  onChoose: (group: WeightGroup) => void;
}) {
  const chosen = chosenGroup(file);
  const { groups } = file;
  return (
    <div className="notice">
      <p>
        <strong>Which columns of {file.name} are the weights?</strong>{' '}
        {plural(groups.length, 'group')} columns could be, as in training by phases. A study has one
        mixture per run.
      </p>
      <Segmented
        label={`Weights of ${file.name}`}
        value={chosen === null ? '' : String(chosen)}
        options={groups.map(({ name, columns }, index) => ({
          value: String(index),
          label: `${name} (${plural(columns.length, 'column')})`,
        }))}
        onChange={(value) => onChoose(groups[Number(value)])}
      />
    </div>
  );
}

interface PlacedColumn {
  readonly index: number;
  readonly column: RecognisedColumn;
}

function targetsOf(file: RecognisedFile): PlacedColumn[] {
  return file.columns.flatMap((column, index) =>
    column.role === 'target' ? [{ index, column }] : [],
  );
}

/** Whether the user is, or was, asked which way it is better. */
function isAsked({ column }: PlacedColumn): boolean {
  return column.directionBy === 'nothing' || column.directionBy === 'user';
}

/**
 * Which way each target of a new study is better and what that was decided by; first what nothing says it of,
 * as questions. An answered one stays where it is, so that the answer can be changed.
 */
function Directions({
  file,
  onDirection,
}: {
  file: RecognisedFile;
  onDirection: (columns: readonly number[], direction: Target['direction']) => void;
}) {
  const targets = targetsOf(file);
  const asked = targets.filter(isAsked);
  const open = asked.filter(({ column }) => column.directionBy === 'nothing');
  const decided = targets.filter((target) => !isAsked(target));
  if (targets.length === 0) return null;
  return (
    <section className="controls" aria-label="Targets">
      <h3>Targets</h3>
      {asked.length > 0 && (
        <div className="notice">
          <p role="status">
            {open.length > 0 ? (
              <>
                <strong>
                  Which way {open.length === 1 ? 'is this target' : 'are these targets'} better?
                </strong>{' '}
                Neither name nor values show it. The wrong way reverses the answer.
              </>
            ) : (
              'Direction set by you:'
            )}
          </p>
          {open.length > 1 && (
            <div className="button-row">
              {directions.map(({ value, label }) => (
                <button
                  key={value}
                  type="button"
                  className="button"
                  onClick={() =>
                    onDirection(
                      open.map(({ index }) => index),
                      value,
                    )
                  }
                >
                  {label} for all {open.length}
                </button>
              ))}
            </div>
          )}
          <ul className="directions">
            {asked.map(({ index, column }) => (
              <li key={column.header}>
                <Segmented
                  label={column.header}
                  // An assumption is not yet an answer: neither is chosen.
                  value={column.directionBy === 'nothing' ? '' : column.direction}
                  options={directions}
                  onChange={(value) =>
                    onDirection([index], value === 'higher' ? 'higher' : 'lower')
                  }
                />
                <span className="quiet small">
                  {column.samples.join(', ')}
                  {column.directionBy === 'nothing' &&
                    `; without an answer ${betterText(column.direction)}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {decided.length > 0 && (
        <ul className="directions directions-decided">
          {decided.map(({ index, column }) => (
            <li key={column.header}>
              <span>{column.header}</span>
              <RoleSelect
                label={`Which way ${column.header} is better`}
                value={column.direction}
                options={directions}
                onChange={(direction) => onDirection([index], direction)}
              />
              <span className="quiet small">{decidedBy[column.directionBy]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Columns listed at first; thousands would freeze the dialog. */
const columnsAtOnce = 100;

/** The recognised role of every column of a file, which can be corrected. */
function FilePreview({
  file,
  onRole,
}: {
  file: RecognisedFile;
  onRole: (column: number, role: ColumnRole) => void;
}) {
  const count = (role: ColumnRole) => file.columns.filter((column) => column.role === role).length;
  const kind = fileKind(file);
  // A table that nothing was recognised in is open to be marked, and stays so while it is.
  const [isOpen] = useState(kind === 'unknown');
  const [shown, setShown] = useState(columnsAtOnce);
  return (
    <details open={isOpen}>
      <summary>
        <strong>{file.name}</strong>{' '}
        <span className="quiet">
          {plural(file.rows, 'run')}: {plural(count('domain'), 'domain')},{' '}
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
              <th scope="col">First values</th>
            </tr>
          </thead>
          <tbody>
            {file.columns.slice(0, shown).map((column, index) => (
              <tr key={column.header}>
                <th scope="row">{column.header}</th>
                <td>
                  <RoleSelect
                    label={`Role of ${column.header}`}
                    value={column.role}
                    // Rounds are only read with the weights.
                    options={roles.filter(({ value }) => value !== 'round' || kind !== 'losses')}
                    onChange={(role) => onRole(index, role)}
                  />
                </td>
                <td className="quiet">{column.samples.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown < file.columns.length && (
        <button
          type="button"
          className="link"
          onClick={() => setShown((before) => before + columnsAtOnce)}
        >
          Show {Math.min(columnsAtOnce, file.columns.length - shown)} more of{' '}
          {plural(file.columns.length, 'column')}
        </button>
      )}
    </details>
  );
}

const setRoles: readonly { readonly value: SetRole; readonly label: string }[] = [
  { value: 'training', label: 'training' },
  { value: 'round', label: 'next round' },
  { value: 'test', label: 'test' },
  { value: 'unused', label: 'unused' },
];

/** One set of runs: its name, its use, and its files. The fields are stacked on narrow screens. */
function SetRow({
  set,
  place,
  files,
  onChange,
}: {
  set: RunSet;
  /** Number of the set, from 1. */
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
        options={setRoles}
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

/** A selection inside a table or a row of fields, whose label is elsewhere. */
function RoleSelect<Value extends string>({
  label,
  caption,
  value,
  options,
  onChange,
}: {
  /** The accessible name; begins with the caption where there is one. */
  label: string;
  /** Shown above; absent in tables, whose header has it. */
  caption?: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
}) {
  const select = (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  if (caption === undefined) return select;
  return (
    <div className="select">
      <span aria-hidden="true">{caption}</span>
      {select}
    </div>
  );
}
