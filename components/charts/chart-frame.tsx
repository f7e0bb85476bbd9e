'use client';

/**
 * The frame of every chart: title, note, and a menu that offers the numbers as a table or CSV and
 * the drawing as SVG or PNG.
 */
import { createContext, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { download } from '../../lib/browser/files';
import { errorMessage } from '../../lib/model/errors';
import { formatNumber } from '../../lib/model/format';
import { loadCode } from '../../lib/model/load-code';
import { writeCsv } from '../../lib/runs/write-csv';
import { Dialog } from '../ui/dialog';
import { Hint } from '../ui/layout';
import { Menu } from '../ui/menu';
import type { Picture } from './picture';
import { axisTitle } from './plot-geometry';

/** Whether a picture is being taken: a chart that draws only what is in its window then draws everything. */
export const WholePicture = createContext(false);

/**
 * A chart with its title and one menu that offers the same numbers as a table, a picture and a CSV.
 * The picture holds everything that is drawn, always in the light theme.
 */
export function ChartFrame({
  title,
  note,
  help,
  how,
  fileName,
  data,
  children,
}: {
  title: string;
  /** One sentence under the title. */
  note?: string;
  /** How to use the chart: shown after the note, but not in pictures. */
  help?: string;
  /** How the numbers are computed. */
  how: string;
  /** Name of downloads, without an extension. */
  fileName: string;
  /** The numbers behind the chart. */
  data: ChartData;
  children: ReactNode;
}) {
  const titleId = useId();
  const body = useRef<HTMLDivElement>(null);
  const [showsTable, setShowsTable] = useState(false);
  const [problem, setProblem] = useState('');
  const [isWhole, setWhole] = useState(false);

  /** Drawn again for each file, because the chart may have changed since the last one. */
  async function picture(): Promise<Picture | null> {
    const [{ pictureOf }, { lightTheme }] = await Promise.all([
      loadCode(() => import('./picture')),
      loadCode(() => import('./picture')),
    ]);
    const texts = { title, lead: note ?? '', caption: how };
    flushSync(() => setWhole(true));
    const drawn = body.current ? pictureOf(body.current, texts, lightTheme()) : null;
    setWhole(false);
    setProblem(drawn ? '' : 'There is no picture yet: wait for the chart to be drawn.');
    return drawn;
  }

  async function saveSvg(): Promise<void> {
    const drawn = await picture();
    if (drawn) download(`${fileName}.svg`, 'image/svg+xml', drawn.text);
  }

  async function savePng(): Promise<void> {
    const drawn = await picture();
    if (!drawn) return;
    const { drawPng } = await loadCode(() => import('./picture'));
    const png = await drawPng(drawn.text, drawn.width, drawn.height, 2);
    if (png) download(`${fileName}.png`, 'image/png', png);
    else setProblem('The browser could not draw the PNG: save the SVG instead.');
  }

  function save(kind: () => Promise<void>): void {
    kind().catch((error: unknown) => setProblem(errorMessage(error)));
  }

  function saveCsv(): void {
    const text = writeCsv(data.columns.map(columnTitle), data.rows());
    download(`${fileName}.csv`, 'text/csv;charset=utf-8', text);
  }

  return (
    <figure className="chart-frame" aria-labelledby={titleId}>
      <div className="chart-head">
        <h3 id={titleId}>{title}</h3>
        <Menu
          label="Table · image · CSV"
          accessibleLabel={`${title}: table, image or CSV`}
          items={[
            { label: 'Table', onSelect: () => setShowsTable(true) },
            { label: 'Image, SVG', onSelect: () => save(saveSvg) },
            { label: 'Image, PNG', onSelect: () => save(savePng) },
            { label: 'CSV', onSelect: saveCsv },
          ]}
        />
      </div>
      {(note || help) && (
        <p className="chart-lead">
          {note}
          {help && <span data-not-in-picture=""> {help}</span>}
        </p>
      )}
      {problem !== '' && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
      <div ref={body}>
        <WholePicture value={isWhole}>{children}</WholePicture>
      </div>
      <Hint>{how}</Hint>
      {showsTable && (
        <Dialog title={title} wide onClose={() => setShowsTable(false)}>
          <ChartTable data={data} />
        </Dialog>
      )}
    </figure>
  );
}

/** The numbers behind a chart. */
interface ChartData {
  readonly columns: readonly ChartColumn[];
  /**
   * Makes one list per row with one entry per column; null = not available. Called only when the
   * table or the CSV is requested: a study may have 100,000 runs.
   */
  readonly rows: () => readonly (readonly (string | number | null)[])[];
}

interface ChartColumn {
  readonly key: string;
  readonly label: string;
  /** Unit of the column's numbers. */
  readonly unit?: string;
  /** Aligned right, in tabular figures. */
  readonly numeric?: boolean;
}

const maxRows = 500;
const maxColumns = 60;

/** A column's heading with its unit. */
function columnTitle({ label, unit = '' }: ChartColumn): string {
  return axisTitle(label, unit);
}

/** The first rows behind a chart; the CSV has them all. */
function ChartTable({ data }: { data: ChartData }) {
  const rows = useMemo(() => data.rows(), [data]);
  const total = rows.length;
  const columns = data.columns.slice(0, maxColumns);
  return (
    <>
      <p className="quiet">
        {total > maxRows
          ? `The first ${maxRows} of ${total.toLocaleString('en')} rows; the CSV has all.`
          : `${total} rows.`}
        {data.columns.length > maxColumns &&
          ` The first ${maxColumns} of ${data.columns.length.toLocaleString('en')} columns; the CSV has all.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key */}
      <section className="table-scroll" aria-label="Table" tabIndex={0}>
        <table className="data-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" className={column.numeric ? 'numeric' : undefined}>
                  {columnTitle(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, maxRows).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are never reordered here
              <tr key={index}>
                {columns.map((column, place) => (
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
