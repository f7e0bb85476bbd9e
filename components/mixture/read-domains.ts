import { StageError } from '../../lib/model/errors';
import { decodeText } from '../../lib/runs/decode';
import { readDomainTable } from '../../lib/runs/domain-table';
import type { StudyStore } from '../../lib/session/study-store';
import { applyDomainTable } from '../../lib/study/apply-domain-table';

/** The result of reading a file, for the page. */
export interface ReadMessage {
  readonly text: string;
  readonly refused: boolean;
}

/**
 * Reads a table of domains, CSV or JSON, into the study as one step of the history.
 *
 * @param file a `File`, or anything with a name and bytes
 * @returns what was read, or why nothing was; never rejects
 */
export async function readDomains(
  store: StudyStore,
  file: { readonly name: string; arrayBuffer(): Promise<ArrayBuffer> },
): Promise<ReadMessage> {
  try {
    const { text, notes } = decodeText(file.name, new Uint8Array(await file.arrayBuffer()));
    // Another study may have been opened meanwhile.
    const { domains } = store.getState().session.study;
    const table = readDomainTable({ name: file.name, text }, domains);
    store.edit((session) => applyDomainTable(session, table));
    const said = [`${file.name}: ${table.summary}`, ...notes.map((note) => note.text)];
    return { text: said.join(' '), refused: false };
  } catch (error) {
    return { text: reasonOf(file.name, error), refused: true };
  }
}

function reasonOf(fileName: string, error: unknown): string {
  if (error instanceof StageError) return `${error.message} ${error.advice}`.trim();
  // Browsers refuse to read a file that was moved or changed after it was chosen.
  const reason = error instanceof Error ? error.message : String(error);
  return `${fileName} could not be read: ${reason} Choose the file again.`;
}
