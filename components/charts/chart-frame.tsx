'use client';

import { type ReactNode, useId, useRef, useState } from 'react';
import { download } from '../../lib/browser/files';
import { inWords } from '../../lib/errors';
import { loadCode } from '../../lib/load-code';
import { writeCsv } from '../../lib/runs/write-csv';
import { Dialog } from '../ui/dialog';
import { Hint } from '../ui/hint';
import { Menu } from '../ui/menu';
import { type ChartData, ChartTable, columnTitle } from './chart-table';
import type { Picture } from './picture';

/**
 * A chart with its title, and behind one menu the same numbers as a table, a picture and a CSV.
 * The picture holds all that is drawn, in the light theme, whatever theme is on screen.
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
  /** How to use the chart: stands after the note, but not in pictures. */
  help?: string;
  /** How the numbers are computed. */
  how: string;
  /** Name of downloads, without an ending. */
  fileName: string;
  /** The numbers behind the chart. */
  data: ChartData;
  children: ReactNode;
}) {
  const titleId = useId();
  const body = useRef<HTMLDivElement>(null);
  const [showsTable, setShowsTable] = useState(false);
  const [problem, setProblem] = useState('');

  /** Drawn anew for each file: what is on view changes. */
  async function picture(): Promise<Picture | null> {
    const [{ pictureOf }, { lightTheme }] = await Promise.all([
      loadCode(() => import('./picture')),
      loadCode(() => import('./theme-colors')),
    ]);
    const texts = { title, lead: note ?? '', caption: how };
    const drawn = body.current ? pictureOf(body.current, texts, lightTheme()) : null;
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
    const { drawPng } = await loadCode(() => import('./draw-png'));
    const png = await drawPng(drawn.text, drawn.width, drawn.height, 2);
    if (png) download(`${fileName}.png`, 'image/png', png);
    else setProblem('The browser could not draw the PNG: save the SVG instead.');
  }

  function save(kind: () => Promise<void>): void {
    kind().catch((error: unknown) => setProblem(inWords(error)));
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
      <div ref={body}>{children}</div>
      <Hint>{how}</Hint>
      {showsTable && (
        <Dialog title={title} wide onClose={() => setShowsTable(false)}>
          <ChartTable data={data} />
        </Dialog>
      )}
    </figure>
  );
}
