import { plural } from '../format';
import type { Job } from '../job';
import { zeros } from '../matrix';
import type { RunTable } from '../study/types';
import { quoted, RunsError } from './errors';
import type { Identities } from './identify';
import type { JoinedSet } from './join-set';
import type { StudyColumns } from './recognition';
import { roundsOf } from './rounds';
import { numbersOf } from './study-columns';
import type { Note } from './study-runs';
import type { CsvColumn, CsvTable } from './table';
import { readWeights } from './weights';

const expectedValue = 'a number, or an empty cell for what was not measured';
const valueAdvice = 'Correct the cell, or empty it.';

/**
 * The domains and targets of a new study, in the file order of its training set. A target that was
 * measured on no run is left out.
 * @throws RunsError with fewer than two domains, or without a target that has values
 */
export function studyColumns(
  training: JoinedSet,
  identities: readonly Identities[],
  notes: Note[],
): StudyColumns {
  const { set, mixtures, losses, lossRows } = training;
  const domains = [...identities[set.mixtures].domains.values()];
  if (domains.length < 2) {
    throw new RunsError(
      {
        file: mixtures.name,
        found: plural(domains.length, 'domain column'),
        expected: 'at least 2',
      },
      'Say which columns hold the weights of the mixture.',
    );
  }
  const columns = byHeader(losses);
  const targets = [...identities[set.losses].targets].flatMap(([header, target]) => {
    const column = columns.get(header);
    const values = column && numbersOf(losses, column, expectedValue, valueAdvice, true);
    if (values && lossRows.some((row) => !Number.isNaN(values[row]))) return [target];
    const text = `${header} of ${losses.name} has no value for any run and is left out.`;
    notes.push({ kind: 'empty-target', subject: header, count: 1, text });
    return [];
  });
  if (targets.length === 0) {
    throw new RunsError(
      { file: losses.name, found: 'no target with values', expected: 'at least one' },
      'Say which column holds a validation loss or a score.',
    );
  }
  return { domains, targets };
}

/**
 * The runs of one set, with the domains and targets of the study in its order. Targets that the set
 * lacks are NaN; targets that only the set has are left out. A set that joins the training runs must
 * have the study's targets, no fewer and no more.
 * @throws RunsError when the set lacks a domain, has one that the study does not know, or holds a
 *   cell that is no weight, no value or no round
 */
export function* readSet(
  joined: JoinedSet,
  identities: readonly Identities[],
  { domains, targets }: StudyColumns,
  notes: Note[],
): Job<RunTable> {
  const { set, mixtures: table, losses: lossTable, ids, mixtureRows, lossRows } = joined;
  const domainColumns = columnsById(table, identities[set.mixtures].domains);
  const known = new Set(domains.map(({ id }) => id));
  for (const [id, { header }] of domainColumns) {
    if (known.has(id)) continue;
    throw new RunsError(
      {
        file: table.name,
        column: header,
        found: 'a domain that the training set does not have',
        expected: `its ${plural(domains.length, 'domain')} only`,
      },
      'Set the column to ignored if it is no domain.',
    );
  }
  const columns = domains.map(({ id }) => {
    const column = domainColumns.get(id);
    if (column !== undefined) return column;
    throw new RunsError(
      {
        file: table.name,
        found: `no column for the domain ${quoted(id)}`,
        expected: `all ${plural(domains.length, 'domain')} of the training set`,
      },
      'Add the column, with 0 where the domain was not used.',
    );
  });
  const weights = yield* readWeights(table, columns, mixtureRows);
  if (weights.renormalised > 0) {
    const { renormalised: count } = weights;
    const text = `${plural(count, 'row')} of ${table.name} summed to 0.99..1.01 and ${count === 1 ? 'was' : 'were'} renormalised to 1.`;
    notes.push({ kind: 'renormalised', subject: set.name, count, text });
  }

  const losses = zeros(ids.length, targets.length);
  const targetColumns = columnsById(lossTable, identities[set.losses].targets);
  let empty = 0;
  for (const [index, { id, name }] of targets.entries()) {
    const column = targetColumns.get(id);
    if (column === undefined) {
      if (set.role === 'round') refuseMissingTarget(lossTable, id);
      const text = `${set.name} does not measure ${name}.`;
      notes.push({ kind: 'missing-target', subject: set.name, count: 1, text });
    }
    const values = column && numbersOf(lossTable, column, expectedValue, valueAdvice, true);
    for (let run = 0; run < ids.length; run++) {
      const value = values ? values[lossRows[run]] : Number.NaN;
      if (values && Number.isNaN(value)) empty++;
      losses.values[run * targets.length + index] = value;
    }
    yield { done: index + 1, total: targets.length, unit: 'targets' };
  }
  if (empty > 0) {
    const text = `${plural(empty, 'cell')} of ${lossTable.name} ${empty === 1 ? 'is' : 'are'} empty, NaN or infinite: not measured.`;
    notes.push({ kind: 'unmeasured', subject: set.name, count: empty, text });
  }
  noteUnknownTargets(joined, targetColumns, targets, notes);
  const { mixtures, recorded } = weights;
  const rounds = roundsOf(joined);
  return {
    name: set.name,
    ids,
    mixtures,
    ...(recorded && { recorded }),
    losses,
    ...(rounds && { rounds }),
  };
}

function noteUnknownTargets(
  { set, losses }: JoinedSet,
  columns: ReadonlyMap<string, CsvColumn>,
  targets: StudyColumns['targets'],
  notes: Note[],
): void {
  if (set.role === 'training') return;
  const known = new Set(targets.map(({ id }) => id));
  const unknown = [...columns].filter(([id]) => !known.has(id)).map(([, { header }]) => header);
  if (unknown.length === 0) return;
  if (set.role === 'round') refuseUnknownTarget(losses, unknown[0], targets);
  const text = `${plural(unknown.length, 'column')} of ${losses.name} left out: the training set does not have ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ' and others' : ''}.`;
  notes.push({ kind: 'unknown-target', subject: set.name, count: unknown.length, text });
}

function refuseMissingTarget(table: CsvTable, id: string): never {
  throw new RunsError(
    {
      file: table.name,
      found: `no column for the target ${quoted(id)}`,
      expected: 'every target of the study, since its rounds are fitted together',
    },
    'Add the column, with empty cells where it was not measured.',
  );
}

function refuseUnknownTarget(
  table: CsvTable,
  header: string,
  targets: StudyColumns['targets'],
): never {
  throw new RunsError(
    {
      file: table.name,
      column: header,
      found: 'a target that the study does not have',
      expected: `its ${plural(targets.length, 'target')} only`,
    },
    'Set the column to ignored, or open the runs of all rounds as a new study.',
  );
}

function byHeader(table: CsvTable): Map<string, CsvColumn> {
  return new Map(table.columns.map((column) => [column.header, column]));
}

function columnsById(
  table: CsvTable,
  identified: ReadonlyMap<string, { readonly id: string }>,
): Map<string, CsvColumn> {
  const columns = byHeader(table);
  const found = new Map<string, CsvColumn>();
  for (const [header, { id }] of identified) {
    const column = columns.get(header);
    if (column === undefined) continue;
    const other = found.get(id);
    if (other !== undefined) {
      throw new RunsError(
        {
          file: table.name,
          column: header,
          found: `the same name as column ${quoted(other.header)}`,
          expected: 'one column for each domain and target',
        },
        'Set one of the two to ignored.',
      );
    }
    found.set(id, column);
  }
  return found;
}
