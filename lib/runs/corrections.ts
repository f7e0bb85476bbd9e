/** Corrections of a recognition by the names of columns and targets, as the command line gives them. */
import type { Target } from '../model/study';
import { quoted, RunsError } from './errors';
import { identify } from './identify';
import {
  namingFile,
  type RecognisedFile,
  type Recognition,
  withColumnRole,
  withDirection,
  withGroup,
} from './recognition';

/**
 * What the user says of columns. Each text is a header, several with commas between, or patterns in which `*`
 * stands for any characters and `?` for one; case does not matter where no header has it as written.
 */
export interface Corrections {
  /** The columns of weights; the file has no others. */
  readonly weights?: readonly string[];
  /** The columns of targets; the file has no others. */
  readonly targets?: readonly string[];
  /** Columns that are ignored, in every file that has them. */
  readonly drop?: readonly string[];
  /** The column of run ids. */
  readonly id?: string;
  /** Which way is better, by a target's header, id or name. */
  readonly directions?: readonly {
    readonly target: string;
    readonly direction: Target['direction'];
  }[];
}

/**
 * The recognition with corrections.
 * @throws RunsError, with the option that was given, where no column has the name or a target is given both ways
 */
export function corrected(recognition: Recognition, corrections: Corrections): Recognition {
  const { weights, targets, drop, id, directions } = corrections;
  const { sets } = recognition;
  const filesOf = (role: 'mixtures' | 'losses') =>
    sets.length === 0 ? null : new Set(sets.map((set) => set[role]));
  const [ofMixtures, ofLosses] = [filesOf('mixtures'), filesOf('losses')];
  let result = recognition;
  if (weights && weights.length > 0) {
    for (const [file, columns] of columnsOf(result, weights, '--weights-columns', ofMixtures)) {
      result = withGroup(result, file, { columns });
    }
  }
  if (targets && targets.length > 0) {
    for (const [file, columns] of columnsOf(result, targets, '--targets', ofLosses)) {
      result.files[file].columns.forEach(({ role }, column) => {
        if (columns.includes(column)) result = withColumnRole(result, file, column, 'target');
        else if (role === 'target') result = withColumnRole(result, file, column, 'ignored');
      });
    }
  }
  if (id !== undefined) {
    const used = ofMixtures && ofLosses && new Set([...ofMixtures, ...ofLosses]);
    for (const [file, [column]] of columnsOf(result, [id], '--id', used)) {
      result = withColumnRole(result, file, column, 'id');
    }
  }
  if (drop && drop.length > 0) {
    for (const [file, columns] of columnsOf(result, drop, '--drop')) {
      for (const column of columns) result = withColumnRole(result, file, column, 'ignored');
    }
  }
  return directions && directions.length > 0 ? turned(result, directions) : result;
}

function turned(
  recognition: Recognition,
  directions: NonNullable<Corrections['directions']>,
): Recognition {
  const file = namingFile(recognition);
  if (file === null) return recognition;
  const { name, columns } = recognition.files[file];
  const { targets } = identify(recognition)[file];
  const named = columns.flatMap(({ header }, column) => {
    const target = targets.get(header);
    return target ? [{ column, names: [header, target.id, target.name] }] : [];
  });
  const said = new Map<number, Target['direction']>();
  let result = recognition;
  for (const { target, direction } of directions) {
    const found = matching(
      named.map(({ names }) => names),
      target,
    );
    if (found.length === 0) {
      throw new RunsError(
        { file: name, problem: `there is no target ${quoted(target)}`, option: `--${direction}` },
        `Its targets are ${listed(named.map(({ names }) => names[0]))}.`,
      );
    }
    for (const place of found) {
      const { column, names } = named[place];
      if ((said.get(column) ?? direction) !== direction) {
        throw new RunsError(
          {
            file: name,
            column: names[0],
            found: 'both lower and higher as better',
            expected: 'one of them',
            option: `--${direction}`,
          },
          'Give one direction only.',
        );
      }
      said.set(column, direction);
      result = withDirection(result, file, column, direction);
    }
  }
  return result;
}

/**
 * The columns that texts name, by file. Files that have none of them are left out.
 * @param among the files to look in; all without it
 */
function columnsOf(
  { files }: Recognition,
  texts: readonly string[],
  option: string,
  among: ReadonlySet<number> | null = null,
): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const searched = [...files.entries()].filter(([file]) => among === null || among.has(file));
  const headers = searched.map(([file, { columns }]) => ({
    file,
    names: columns.map(({ header }) => [header]),
  }));
  for (const text of texts) {
    for (const name of namesIn(text, (each) =>
      headers.some(({ names }) => matching(names, each).length > 0),
    )) {
      const places = headers.map(({ file, names }) => [file, matching(names, name)] as const);
      if (places.every(([, columns]) => columns.length === 0)) {
        throw noColumn(
          searched.map(([, file]) => file),
          name,
          option,
        );
      }
      for (const [file, columns] of places) {
        if (columns.length > 0) found.set(file, [...(found.get(file) ?? []), ...columns]);
      }
    }
  }
  return found;
}

function noColumn(files: readonly RecognisedFile[], name: string, option: string): RunsError {
  const headers = files.flatMap(({ columns }) => columns.map(({ header }) => header));
  return new RunsError(
    {
      file: files.map((file) => file.name).join(' and '),
      problem: `there is no column ${quoted(name)}`,
      option,
    },
    `The columns are ${listed([...new Set(headers)])}.`,
  );
}

const mostListed = 30;

function listed(names: readonly string[]): string {
  const rest = names.length - mostListed;
  return `${names.slice(0, mostListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The names in a list with commas between; a name that has commas itself is found where it is known. */
function namesIn(text: string, isKnown: (name: string) => boolean): string[] {
  const parts = text.split(',');
  const names: string[] = [];
  for (let start = 0; start < parts.length; ) {
    let end = parts.length;
    while (end > start + 1 && !isKnown(parts.slice(start, end).join(',').trim())) end--;
    names.push(parts.slice(start, end).join(',').trim());
    start = end;
  }
  return names.filter((name) => name !== '');
}

/** Places of the entries that have a name: as written, else in any case, else by a pattern. */
function matching(entries: readonly (readonly string[])[], name: string): number[] {
  const lower = name.toLowerCase();
  const tests: ((text: string) => boolean)[] = [
    (text) => text === name,
    (text) => text.trim().toLowerCase() === lower,
    ...(/[*?]/.test(name) ? [(text: string) => fits(text.toLowerCase(), lower)] : []),
  ];
  for (const test of tests) {
    const found = entries.flatMap((names, place) => (names.some(test) ? [place] : []));
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether a text fits a pattern of `*` and `?`; in time of the product of their lengths at most. */
function fits(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resumed = 0;
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      resumed = at;
    } else if (pattern[place] === '?' || pattern[place] === text[at]) {
      at++;
      place++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resumed;
    } else return false;
  }
  return [...pattern.slice(place)].every((rest) => rest === '*');
}
