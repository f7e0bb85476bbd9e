import type { Job } from '../job';
import { ColumnBuilder, idForm, idHeaders } from './column-builder';
import { detectDialect, isBlank, readRecords } from './csv-records';
import { quoted, RunsError } from './errors';
import { cleanLabel } from './labels';
import { type Dialect, parseNumber } from './numbers';
import { type CsvColumn, type CsvTable, limits } from './table';

/** A file as the browser or Node hands it over. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads one CSV file into columns. Understood: a byte order mark; CRLF, CR and LF; `,` `;` tab and
 * `|` as delimiters; a decimal comma where the delimiter is another character; quoted cells; a
 * missing last line break; blank rows, which are left out.
 * @throws RunsError when the file is empty, no text, beyond {@link limits}, has no header, two
 *   columns of the same name, a broken quote, or a row with more or fewer cells than the header
 */
export function* readTable(source: TextFile): Job<CsvTable> {
  const file = cleanLabel(source.name) || 'file';
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  refuseWhatIsNoCsv(file, text);
  const dialect = detectDialect(text);

  let columns: ColumnBuilder[] | null = null;
  let rows = 0;
  let record = 0;
  let reserved = false;
  const rowNumbers: number[] = [];
  for (const { records, read } of readRecords(file, text, dialect.delimiter)) {
    for (const cells of records) {
      record++;
      if (isBlank(cells)) continue;
      if (columns === null) {
        columns = startColumns(file, cells, record);
        continue;
      }
      if (cells.length !== columns.length) refuseRagged(file, record, cells, columns, dialect);
      if (rows === limits.rows || (rows + 1) * columns.length > limits.cells) {
        throw tooLarge(file, `${rows.toLocaleString('en')} rows of ${columns.length} columns`);
      }
      if (record !== rows + 2 || rowNumbers.length > 0) {
        while (rowNumbers.length < rows) rowNumbers.push(rowNumbers.length + 2);
        rowNumbers.push(record);
      }
      for (let column = 0; column < columns.length; column++) {
        columns[column].push(rows, cells[column], dialect);
      }
      rows++;
    }
    if (columns !== null && rows > 0 && !reserved) {
      const expected = Math.ceil(Math.min(limits.rows, (rows / read) * text.length * 1.05));
      for (const column of columns) {
        column.reserve(expected);
        yield { done: read, total: text.length, unit: 'characters' };
      }
      reserved = true;
    }
    yield { done: read, total: text.length, unit: 'characters' };
  }
  if (columns === null || rows === 0) {
    const problem = columns === null ? 'the file is empty' : 'there are no rows below the header';
    throw new RunsError({ file, problem }, 'Choose a CSV file with a header and one row per run.');
  }
  const finished: CsvColumn[] = [];
  for (const column of columns) {
    const read = column.finish(rows);
    // A delimiter at the end of every row makes a last column without anything in it.
    if (read.header === '' && read.filled === 0) continue;
    finished.push(read.header === '' ? { ...read, header: `column ${finished.length + 1}` } : read);
    yield { done: text.length, total: text.length, unit: 'characters' };
  }
  return {
    name: file,
    rows,
    columns: finished,
    rowNumbers: rowNumbers.length === 0 ? null : Int32Array.from(rowNumbers),
    decimal: dialect.decimal ?? '.',
  };
}

function refuseWhatIsNoCsv(file: string, text: string): void {
  if (text.length > limits.characters) {
    throw tooLarge(file, `${text.length.toLocaleString('en')} characters`);
  }
  const start = text.slice(0, 1000);
  if (start.includes('\u0000') || start.startsWith('PK\u0003\u0004')) {
    throw new RunsError(
      { file, problem: 'this is no text file' },
      'Export the table as CSV (UTF-8) and choose that file.',
    );
  }
}

function tooLarge(file: string, found: string): RunsError {
  const { characters, rows, columns, cells } = limits;
  const [most, mostRows, mostColumns, mostCells] = [characters, rows, columns, cells].map((value) =>
    value.toLocaleString('en'),
  );
  return new RunsError(
    {
      file,
      problem: 'the file is too large',
      found,
      expected: `at most ${most} characters, ${mostRows} rows, ${mostColumns} columns and ${mostCells} cells`,
    },
    'Keep only the id, the domains and the targets you need.',
  );
}

function startColumns(file: string, header: readonly string[], row: number): ColumnBuilder[] {
  if (header.length > limits.columns) {
    throw tooLarge(file, `${header.length.toLocaleString('en')} columns`);
  }
  const names = header.map(cleanLabel);
  if (names.every((name) => name === '' || !Number.isNaN(parseNumber(name)))) {
    throw new RunsError(
      {
        file,
        row,
        problem: 'the first row is no header',
        found: quoted(names.join(', ')),
        expected: 'column names',
      },
      'Add a row with the names of the columns at the top.',
    );
  }
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const earlier = seen.get(name);
    if (name !== '' && earlier !== undefined) {
      throw new RunsError(
        {
          file,
          row,
          column: name,
          found: `this name over columns ${earlier + 1} and ${index + 1}`,
          expected: 'a name of its own for each column',
        },
        'Rename or remove one of them.',
      );
    }
    seen.set(name, index);
  });
  return names.map((name, index) => {
    const mayBeId = index === 0 || name === '' || idHeaders.includes(idForm(name));
    return new ColumnBuilder(name, mayBeId);
  });
}

function refuseRagged(
  file: string,
  row: number,
  cells: readonly string[],
  columns: readonly ColumnBuilder[],
  { delimiter }: Dialect,
): never {
  throw new RunsError(
    {
      file,
      row,
      found: `${cells.length} cells`,
      expected: `${columns.length} as in the header`,
    },
    cells.length > columns.length && delimiter === ','
      ? 'A cell that holds a comma must stand in quotes; a decimal comma needs another delimiter, such as ;.'
      : 'Look for a missing or an extra delimiter in this row.',
  );
}
