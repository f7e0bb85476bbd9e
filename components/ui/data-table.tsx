'use client';

import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { Pager } from './pager';
import { type CellValue, filterRows, nextOrder, type SortOrder, sortRows } from './table-rows';

export interface TableColumn {
  readonly key: string;
  readonly label: string;
  /** Aligned right in tabular figures, and not searched by the filter. */
  readonly numeric?: boolean;
}

/** Few enough rows to draw at once, however many the table has. */
const pageSize = 50;

/**
 * A table of any length: sorted by any column, filtered by its text columns, a page at a time.
 * Where rows can be selected, arrow keys go through them and Enter selects.
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
  /** Writes a number of a column. */
  format: (value: number, column: number) => string;
  selectedRow?: number | null;
  /** Called with the row, or with null when the selected row is pressed again. */
  onSelect?: (row: number | null) => void;
}) {
  const [order, setOrder] = useState<SortOrder | null>(null);
  const [filter, setFilter] = useState('');
  const [wantedPage, setWantedPage] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = useDeferredValue(filter);
  const matching = useMemo(() => {
    const searched = columns.flatMap((column, index) => (column.numeric ? [] : [index]));
    return filterRows(rowCount, searched, cell, wanted);
  }, [rowCount, columns, cell, wanted]);
  const rows = useMemo(() => sortRows(matching, cell, order), [matching, cell, order]);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(wantedPage, pages - 1);
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
            setWantedPage(0);
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key */}
      <section className="table-scroll" aria-label={caption} tabIndex={0}>
        <table className="data-table">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th
                  key={column.key}
                  scope="col"
                  className={column.numeric ? 'numeric' : undefined}
                  aria-sort={ariaSort(order, index)}
                >
                  <button
                    type="button"
                    onClick={() => {
                      setOrder(nextOrder(order, index, column.numeric ?? false));
                      setWantedPage(0);
                    }}
                  >
                    {column.numeric && arrow(index)}
                    {column.label}
                    {!column.numeric && arrow(index)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={move}>
            {shown.map((row) => (
              <tr key={row} className={row === selectedRow ? 'selected' : undefined}>
                {columns.map((column, index) => (
                  <td key={column.key} className={column.numeric ? 'numeric' : undefined}>
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
      <Pager page={page} pages={pages} size={pageSize} total={rows.length} onPage={setWantedPage} />
    </div>
  );

  /** Before the label of a numeric column, whose numbers end where the label does. */
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

function ariaSort(order: SortOrder | null, column: number): 'ascending' | 'descending' | 'none' {
  if (order?.column !== column) return 'none';
  return order.descending ? 'descending' : 'ascending';
}
