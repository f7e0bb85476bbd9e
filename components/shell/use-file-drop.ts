'use client';

import { useEffect, useState } from 'react';
import { sessionFileEnding } from '../../lib/model/text-kinds';
import type { NamedText } from '../../lib/runs/reader';
import { splitTables } from '../../lib/runs/split-tables';

/** The start of the text of a whole study. */
const studyLike = /^\s*\{\s*"format"/;
/** The start and the end of a list or an object of JSON. */
const jsonLike = [/^\s*(?:\[\s*[[{]|\{\s*")/, /[\]}]\s*$/];
/** Rows of at least two cells: what a spreadsheet or a CSV puts on the clipboard. */
const tableLike = /^[^\n]*[,;\t][^\n]*\n[^\n]*[,;\t]/;

/**
 * Accepts files dropped on the page or pasted outside a field, and tables pasted as text.
 *
 * @returns whether files are being dragged over the page now
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // The pointer leaves the window only when there is no related element.
      if (event.relatedTarget === null) setDragging(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDragging(false);
      const files = Array.from(event.dataTransfer?.files ?? []);
      if (files.length > 0) onFiles(files);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea')) return;
      const files = Array.from(event.clipboardData?.files ?? []);
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (files.length > 0) onFiles(files);
      else if (studyLike.test(text)) onFiles([new File([text], `pasted${sessionFileEnding}`)]);
      else if (jsonLike.every((end) => end.test(text))) onFiles([new File([text], 'pasted.json')]);
      else if (tableLike.test(text)) onFiles(splitTables(text).map(asFile));
      else return;
      event.preventDefault();
    };
    window.addEventListener('paste', onPaste);
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('paste', onPaste);
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [onFiles]);
  return dragging;
}

function asFile({ name, text }: NamedText): File {
  return new File([text], name, { type: 'text/csv' });
}
