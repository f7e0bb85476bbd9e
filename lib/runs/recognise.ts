import { cleanLabel } from './labels';
import { guessDirection } from './measures';
import { type PairingFile, pairIntoSets } from './pairing';
import type { ColumnRole, RecognisedFile, Recognition } from './recognition';
import { fileKind } from './recognition';
import { guessRoles, idCandidates, idsOf } from './roles';
import { type CsvTable, cellText } from './table';

const sampleCells = 3;
const longestSample = 40;

/**
 * Guesses what files of proxy runs hold: RegMix's pair (`index`, `train_<domain>` and
 * `metric/<domain>_val_loss`), olmix's pair (`ratios.csv` and `metrics.csv` with `run` or `run_id`),
 * and wide files with weights and results side by side. Nothing is refused here; what is wrong with
 * the files comes out when the study is built.
 * @param joinsStudy whether the files are test sets for a study that is already there
 */
export function recognise(tables: readonly CsvTable[], joinsStudy = false): Recognition {
  const roles = rolesOf(tables);
  const files = tables.flatMap((table, index): PairingFile[] => {
    const kind = fileKind(described(table, roles[index]));
    if (kind === 'unknown') return [];
    const id = roles[index].indexOf('id');
    const ids = id < 0 ? new Set<string>() : idsOf(table.columns[id], table.rows);
    return [{ index, name: table.name, kind, rows: table.rows, ids }];
  });
  const sets = pairIntoSets(files, joinsStudy);
  for (const { mixtures, losses } of sets) {
    if (mixtures !== losses) agreeOnIds(tables, roles, mixtures, losses);
  }
  return { files: tables.map((table, index) => described(table, roles[index])), sets };
}

function rolesOf(tables: readonly CsvTable[]): ColumnRole[][] {
  const careful = tables.map((table) => guessRoles(table, false));
  const found = careful.some(({ roles }) => roles.includes('domain'));
  const guesses = found ? careful : tables.map((table) => guessRoles(table, true));
  const results = guesses.some(
    ({ roles }) => roles.includes('target') && !roles.includes('domain'),
  );
  // Numbers beside the weights pass for results only where no file of results came with them.
  return guesses.map(({ roles, weakTargets }) =>
    results && weakTargets ? roles.map((role) => (role === 'target' ? 'ignored' : role)) : roles,
  );
}

function described(table: CsvTable, roles: readonly ColumnRole[]): RecognisedFile {
  const rows = Math.min(table.rows, sampleCells);
  const columns = table.columns.map((column, index) => ({
    header: column.header,
    role: roles[index],
    direction: guessDirection(column.header),
    samples: Array.from({ length: rows }, (_, row) =>
      cleanLabel(cellText(column, row)).slice(0, longestSample),
    ),
  }));
  return { name: table.name, rows: table.rows, columns };
}

/** Where the id columns of a pair share no id, takes the pair of columns that share the most. */
function agreeOnIds(
  tables: readonly CsvTable[],
  roles: ColumnRole[][],
  mixtures: number,
  losses: number,
): void {
  const candidates = [mixtures, losses].map((file) =>
    idCandidates(tables[file]).map((column) => ({
      column,
      ids: idsOf(tables[file].columns[column], tables[file].rows),
    })),
  );
  const current = [mixtures, losses].map((file) => roles[file].indexOf('id'));
  let best = { shared: 0, columns: current };
  for (const a of candidates[0]) {
    for (const b of candidates[1]) {
      let shared = 0;
      for (const id of a.ids) if (b.ids.has(id)) shared++;
      if (a.column === current[0] && b.column === current[1] && shared > 0) return;
      if (shared > best.shared) best = { shared, columns: [a.column, b.column] };
    }
  }
  [mixtures, losses].forEach((file, side) => {
    if (best.columns[side] === current[side]) return;
    if (current[side] >= 0) roles[file][current[side]] = 'ignored';
    roles[file][best.columns[side]] = 'id';
  });
}
