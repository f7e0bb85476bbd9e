/** A cell to write: numbers keep full precision, NaN and null become an empty cell. */
export type CsvCell = string | number | null;

/**
 * Spreadsheets evaluate text that begins like a formula. An apostrophe before it prevents that; text that
 * already begins with apostrophes gets one more, so that `cleanId` restores it by removing one.
 */
const formula = /^'*[=+\-@\t\r]/;
/** Line breaks before what begins like a formula; `cleanLabel` reads them as a blank anyway. */
const innerFormula = /[\r\n]+(?=\s*'*[=+\-@])/g;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function cellOf(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isNaN(cell) ? '' : String(cell);
  // Spreadsheets ignore blanks before a formula, and a careless reader takes a line break for a new row.
  const line = cell.replace(innerFormula, ' ').replace(/^\s+(?='*[=+\-@])/, '');
  const text = formula.test(line) && !number.test(line) ? `'${line}` : line;
  return /[",;\t|\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes a CSV file: comma, line feed, a line break at the end, quotes where a cell needs them.
 * @param rows each with one cell per entry of `header`
 */
export function writeCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [header.map(cellOf).join(',')];
  for (const row of rows) lines.push(row.map(cellOf).join(','));
  return `${lines.join('\n')}\n`;
}
