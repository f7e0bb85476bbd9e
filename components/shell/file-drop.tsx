'use client';

import { useCallback, useEffect, useRef } from 'react';
import { TableLine, useDomainTables } from '../limits/domain-tables';
import { useFileDrop } from './use-file-drop';

/**
 * Takes what is dropped or pasted anywhere on the page: a table of domains is read into the study at once, and a
 * line says so; whatever else it is goes to `onRuns`.
 */
export function FileDrop({ onRuns }: { onRuns: (files: readonly File[]) => void }) {
  const tables = useDomainTables();
  const latest = useRef(tables);
  useEffect(() => {
    latest.current = tables;
  });
  const take = useCallback(
    async (files: readonly File[]) => {
      // Files that are dropped on an open dialog are about what it asks for.
      const isAlone = files.length === 1 && document.querySelector('dialog[open]') === null;
      if (isAlone && (await latest.current.readIfTable(files[0]))) return;
      onRuns(files);
    },
    [onRuns],
  );
  const dropping = useFileDrop(take);
  return (
    <>
      <div role="status">
        {tables.news && (
          <div
            className={
              tables.news.refused ? 'table-news notice notice-danger' : 'table-news notice'
            }
          >
            <TableLine news={tables.news} />
            <button
              type="button"
              className="icon-button"
              aria-label="Close"
              onClick={() => tables.show(null)}
            >
              ×
            </button>
          </div>
        )}
      </div>
      {dropping && (
        <div className="drop-target">
          Drop CSV files of runs, a table of tokens, or a study to read them here, in this tab
        </div>
      )}
    </>
  );
}
