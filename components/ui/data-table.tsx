'use client';

/**
 * A table of any length with sorting, filter, pages and selection, and the functions that order its
 * rows.
 */
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';

export interface TableColumn {
  readonly key: string;
  readonly label: string;
  /** Aligned right in tabular figures, and not searched by the filter. */
  readonly numeric?: boolean;
  /** Whether rows cannot be sorted by it. */
  readonly isUnsorted?: boolean;
}

/** Rows per page: few enough to draw at once. */
const pageSize = 50;
/** Columns per page, the first of all always among them. */
const columnsPerPage = 61;

/**
 * A table of any length: sorted by any column, filtered by its text columns, paginated. Where rows
 * can be selected, arrow keys move through them and Enter selects.
 */
export function DataTable({
  caption,
  columns,
  rowCount,
  cell,
  format,
  selectedRow = null,
  onSelect,
}: {
  caption: string;
  columns: readonly TableColumn[];
  rowCount: number;
  cell: (row: number, column: number) => CellValue;
  /** Formats a number of a column. */
  format: (value: number, column: number) => string;
  selectedRow?: number | null;
  /** Called with the row, or with null when the selected row is pressed again. */
  onSelect?: (row: number | null) => void;
}) {
  const [order, setOrder] = useState<SortOrder | null>(null);
  const [filter, setFilter] = useState('');
  const [requestedPage, setRequestedPage] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const deferredFilter = useDeferredValue(filter);
  const matching = useMemo(() => {
    const searched = columns.flatMap((column, index) => (column.numeric ? [] : [index]));
    return filterRows(rowCount, searched, cell, deferredFilter);
  }, [rowCount, columns, cell, deferredFilter]);
  const isSorted = order !== null && !columns[order.column]?.isUnsorted;
  const inForce = isSorted ? order : null;
  const rows = useMemo(() => sortRows(matching, cell, inForce), [matching, cell, inForce]);
  const [columnPage, setColumnPage] = useState(0);
  const inPages = columns.length > columnsPerPage;
  const columnPages = Math.ceil((columns.length - 1) / (columnsPerPage - 1));
  const firstColumn = 1 + Math.min(columnPage, columnPages - 1) * (columnsPerPage - 1);
  const drawn = inPages
    ? [0, ...range(firstColumn, Math.min(columns.length, firstColumn + columnsPerPage - 1))]
    : range(0, columns.length);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(requestedPage, pages - 1);
  // A row that is chosen elsewhere is brought into view.
  const [seen, setSeen] = useState<number | null>(null);
  if (selectedRow !== seen) {
    setSeen(selectedRow);
    const place = selectedRow === null ? -1 : rows.indexOf(selectedRow);
    if (place >= 0) setRequestedPage(Math.floor(place / pageSize));
  }
  const shown = rows.slice(page * pageSize, (page + 1) * pageSize);
  // One row button is in the tab order: the selected one, else the first.
  const reachable = selectedRow !== null && shown.includes(selectedRow) ? selectedRow : shown[0];

  function move(event: KeyboardEvent<HTMLElement>): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(body.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    if (at < 0) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))].focus();
  }

  return (
    <div className="table-box">
      <div className="table-head">
        <span className="quiet">
          {rows.length === rowCount ? caption : `${rows.length.toLocaleString('en')} of ${caption}`}
        </span>
        <input
          type="search"
          className="field"
          aria-label={`Filter ${caption}`}
          placeholder="Filter"
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
            setRequestedPage(0);
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key */}
      <section className="table-scroll" aria-label={caption} tabIndex={0}>
        <table className="data-table">
          <thead>
            <tr>
              {drawn.map((index) => {
                const column = columns[index];
                return (
                  <th
                    key={column.key}
                    scope="col"
                    className={column.numeric ? 'numeric' : undefined}
                    aria-sort={column.isUnsorted ? undefined : ariaSort(order, index)}
                  >
                    {column.isUnsorted ? (
                      column.label
                    ) : (
                      <button
                        type="button"
                        onClick={() => {
                          setOrder(nextOrder(order, index, column.numeric ?? false));
                          setRequestedPage(0);
                        }}
                      >
                        {column.numeric && arrow(index)}
                        {column.label}
                        {!column.numeric && arrow(index)}
                      </button>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={move}>
            {shown.map((row) => (
              <tr key={row} className={row === selectedRow ? 'selected' : undefined}>
                {drawn.map((index) => (
                  <td
                    key={columns[index].key}
                    className={columns[index].numeric ? 'numeric' : undefined}
                  >
                    {index === 0 && onSelect ? (
                      <button
                        type="button"
                        className="link"
                        aria-pressed={row === selectedRow}
                        tabIndex={row === reachable ? 0 : -1}
                        onClick={() => onSelect(row === selectedRow ? null : row)}
                      >
                        {written(row, index)}
                      </button>
                    ) : (
                      written(row, index)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className="table-empty">No row contains “{filter}”.</p>}
      </section>
      <Pager
        page={page}
        pages={pages}
        size={pageSize}
        total={rows.length}
        onPage={setRequestedPage}
      />
      {inPages && (
        <Pager
          label="Columns"
          page={Math.min(columnPage, columnPages - 1)}
          pages={columnPages}
          size={columnsPerPage - 1}
          total={columns.length - 1}
          onPage={setColumnPage}
        />
      )}
    </div>
  );

  /**
   * Shown before the label of a numeric column, because numbers are aligned to the end of the
   * label.
   */
  function arrow(column: number) {
    const text = order?.column !== column ? '' : order.descending ? '↓' : '↑';
    return (
      <span aria-hidden="true" className="sort-arrow">
        {text}
      </span>
    );
  }

  function written(row: number, column: number): string {
    const value = cell(row, column);
    if (value === null) return '·';
    return typeof value === 'number' ? format(value, column) : value;
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, step) => from + step);
}

function ariaSort(order: SortOrder | null, column: number): 'ascending' | 'descending' | 'none' {
  if (order?.column !== column) return 'none';
  return order.descending ? 'descending' : 'ascending';
}

/** Which rows of a long table are shown, with buttons to the others. */
function Pager({
  label = 'Pages',
  page,
  pages,
  size,
  total,
  onPage,
}: {
  /** What it leads through, where that is not rows. */
  label?: string;
  /** From 0. */
  page: number;
  pages: number;
  /** Rows per page. */
  size: number;
  /** Total number of rows. */
  total: number;
  onPage: (page: number) => void;
}) {
  const one = label === 'Columns' ? 'columns' : 'page';
  const first = total === 0 ? 0 : page * size + 1;
  const last = Math.min(total, (page + 1) * size);
  const steps = [
    { name: `First ${one}`, text: '«', to: 0 },
    { name: `Previous ${one}`, text: '‹', to: page - 1 },
    { name: `Next ${one}`, text: '›', to: page + 1 },
    { name: `Last ${one}`, text: '»', to: pages - 1 },
  ];
  return (
    <nav className="pager" aria-label={label}>
      <span role="status">
        {label === 'Columns' && 'Columns '}
        {first.toLocaleString('en')}–{last.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      {pages > 1 &&
        steps.map(({ name, text, to }) => (
          <button
            key={name}
            type="button"
            className="icon-button"
            aria-label={name}
            disabled={to < 0 || to >= pages || to === page}
            onClick={() => onPage(to)}
          >
            {text}
          </button>
        ))}
    </nav>
  );
}

/** The value of a cell; null = not available. */
type CellValue = string | number | null;

interface SortOrder {
  readonly column: number;
  readonly descending: boolean;
}

/**
 * Rows 0..rowCount-1 in the order of one column: numbers by value, texts by name with natural
 * number order (`run 2` before `run 10`), missing values always last, stable for equal rows.
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

/**
 * Rows in which one of the columns contains the text, ignoring case; all rows for an empty text.
 */
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

/** The next order when a column's heading is pressed: numbers start with the largest. */
export function nextOrder(
  order: SortOrder | null,
  column: number,
  numeric: boolean,
): SortOrder | null {
  if (order?.column !== column) return { column, descending: numeric };
  return order.descending === numeric ? { column, descending: !numeric } : null;
}
