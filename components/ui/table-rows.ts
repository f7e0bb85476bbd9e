/** What a cell holds; null = not available. */
export type CellValue = string | number | null;

export interface SortOrder {
  readonly column: number;
  readonly descending: boolean;
}

/**
 * Rows 0..rowCount-1 in the order of one column: numbers by size, texts by name with numbers in them
 * by size (`run 2` before `run 10`), what is not available always last, equal rows as they were.
 */
export function sortRows(
  rows: readonly number[],
  cell: (row: number, column: number) => CellValue,
  order: SortOrder | null,
): readonly number[] {
  if (!order) return rows;
  const keyed = rows.map((row) => ({ row, value: cell(row, order.column) }));
  const sign = order.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return a.value === b.value ? a.row - b.row : a.value === null ? 1 : -1;
    }
    return sign * compare(a.value, b.value) || a.row - b.row;
  });
  return keyed.map(({ row }) => row);
}

const byName = new Intl.Collator('en', { numeric: true });

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return byName.compare(String(a), String(b));
}

/** Rows in which one of the columns contains the text, whatever its case; all rows for no text. */
export function filterRows(
  rowCount: number,
  columns: readonly number[],
  cell: (row: number, column: number) => CellValue,
  text: string,
): number[] {
  const wanted = text.trim().toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const found =
      wanted === '' ||
      columns.some((column) =>
        String(cell(row, column) ?? '')
          .toLowerCase()
          .includes(wanted),
      );
    if (found) rows.push(row);
  }
  return rows;
}

/** The next order when a column's heading is pressed: numbers show their largest first. */
export function nextOrder(
  order: SortOrder | null,
  column: number,
  numeric: boolean,
): SortOrder | null {
  if (order?.column !== column) return { column, descending: numeric };
  return order.descending === numeric ? { column, descending: !numeric } : null;
}
