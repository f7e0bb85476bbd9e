import { useMemo } from 'react';
import { formatNumber } from '../../lib/format';

/** The numbers behind a chart. */
export interface ChartData {
  readonly columns: readonly ChartColumn[];
  /**
   * Makes one list per row with one entry per column; null = not available. Called only when the
   * table or the CSV is asked for: a study may have 100,000 runs.
   */
  readonly rows: () => readonly (readonly (string | number | null)[])[];
}

export interface ChartColumn {
  readonly key: string;
  readonly label: string;
  /** Unit of the column's numbers. */
  readonly unit?: string;
  /** Aligned right, in tabular figures. */
  readonly numeric?: boolean;
}

const mostRows = 500;

/** A column's heading with its unit. */
export function columnTitle({ label, unit }: ChartColumn): string {
  return unit ? `${label} (${unit})` : label;
}

/** The first rows behind a chart; the CSV has them all. */
export function ChartTable({ data }: { data: ChartData }) {
  const rows = useMemo(() => data.rows(), [data]);
  const total = rows.length;
  return (
    <>
      <p className="quiet">
        {total > mostRows
          ? `The first ${mostRows} of ${total.toLocaleString('en')} rows; the CSV has all.`
          : `${total} rows.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key */}
      <section className="table-scroll" aria-label="Table" tabIndex={0}>
        <table className="data-table">
          <thead>
            <tr>
              {data.columns.map((column) => (
                <th key={column.key} scope="col" className={column.numeric ? 'numeric' : undefined}>
                  {columnTitle(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are never reordered here
              <tr key={index}>
                {data.columns.map((column, place) => (
                  <td key={column.key} className={column.numeric ? 'numeric' : undefined}>
                    {cellText(row[place])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function cellText(value: string | number | null): string {
  if (value === null) return '·';
  return typeof value === 'number' ? formatNumber(value, 4) : value;
}
