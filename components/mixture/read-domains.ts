import type { KnownSizes } from '../../lib/corpora/known-sizes';
import { StageError } from '../../lib/model/errors';
import { formatList, plural } from '../../lib/model/format';
import { cleanLabel } from '../../lib/model/labels';
import type { Domain } from '../../lib/model/study';
import { type DomainTable, isDomainTable, readDomainTable } from '../../lib/runs/domain-table';
import { type ByteFile, type OpenedFile, openFile } from '../../lib/runs/read-files';
import type { StudyStore } from '../../lib/session/study-store';
import { applyDomainTable } from '../../lib/study/apply-domain-table';

/** The result of reading a table, for the page. */
export interface ReadMessage {
  readonly text: string;
  readonly refused: boolean;
}

/**
 * Bytes of a table of domains at most, packed and unpacked: it is read on the page itself. Files of runs are
 * larger, and are not read for what they may be.
 */
const maxBytes = 1e6;

/**
 * Reads a table of domains, CSV or JSON, into the study as one step of the history.
 *
 * @param file a `File`, or anything with a name and bytes
 * @returns what was read, or why nothing was; never rejects
 */
export async function readDomains(store: StudyStore, file: ByteFile): Promise<ReadMessage> {
  try {
    return take(store, await openTable(file));
  } catch (error) {
    return { text: reasonOf(file.name, error), refused: true };
  }
}

/**
 * The same for a file of which nobody has said what it is.
 *
 * @returns null when it is no table of domains, and nothing was done
 */
export async function readIfDomains(
  store: StudyStore,
  file: ByteFile,
): Promise<ReadMessage | null> {
  // Whoever reads it as something else will say what is wrong with it.
  const opened = await openTable(file).catch(() => null);
  if (opened === null) return null;
  const { domains } = store.getState().session.study;
  if (!isDomainTable(opened, domains)) return null;
  try {
    return take(store, opened);
  } catch (error) {
    return { text: reasonOf(file.name, error), refused: true };
  }
}

/** @throws StageError when it is larger than a table of domains, or cannot be opened */
async function openTable(file: ByteFile): Promise<OpenedFile> {
  const opened = file.size <= maxBytes ? await openFile(file) : null;
  if (opened !== null && opened.text.length <= maxBytes) return opened;
  throw new StageError(
    'mixtures',
    `${cleanLabel(file.name)}: found more than 1 MB, expected a table of domains of 1 MB at most.`,
    'Keep a row for each domain, with its tokens.',
  );
}

/** Makes the sizes of a known corpus the tokens at hand, as one step of the history. */
export function applySizes(store: StudyStore, { corpus, tokens }: KnownSizes): ReadMessage {
  const { domains } = store.getState().session.study;
  store.edit((session) => {
    const { settings } = session;
    const { constraints } = settings;
    const availableTokens = constraints.availableTokens.map((old, index) => tokens[index] ?? old);
    return {
      ...session,
      settings: { ...settings, constraints: { ...constraints, availableTokens } },
    };
  });
  const missing = domains.filter((_, index) => tokens[index] === null);
  const count = plural(domains.length - missing.length, 'domain');
  const parts = [`Tokens at hand set for ${count} as in ${corpus.name}.`, unnamed('it', missing)];
  return { text: parts.filter(Boolean).join(' '), refused: false };
}

function take(store: StudyStore, file: OpenedFile): ReadMessage {
  // Another study may have been opened meanwhile.
  const { domains } = store.getState().session.study;
  const table = readDomainTable(file, domains);
  store.edit((session) => applyDomainTable(session, table));
  const { requestedTokens } = store.getState().session.settings.constraints;
  const said = [
    summaryOf(table, domains),
    table.available !== null && requestedTokens === null
      ? 'They have no effect until requested tokens are set.'
      : '',
    ...file.notes.map((note) => note.text),
  ];
  return { text: said.filter(Boolean).join(' '), refused: false };
}

/** What a table set, and whom it left out. */
function summaryOf(table: DomainTable, domains: readonly Domain[]): string {
  const set = [
    table.available && 'tokens at hand',
    table.epochs && 'epochs',
    table.max && 'largest weights',
    table.min && 'least weights',
    table.prior && 'prior',
    table.human && 'human mixture',
  ].filter((name) => name !== null);
  const what = formatList(set);
  const missing = domains.filter(({ id }) => table.missing.includes(id));
  const count = plural(domains.length - missing.length, 'domain');
  return [
    `${what.charAt(0).toUpperCase()}${what.slice(1)} set for ${count} from ${table.file}.`,
    unnamed('the table', missing),
    table.unknown.length > 0 ? `Not in the study: ${few(table.unknown)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function unnamed(where: string, missing: readonly Domain[]): string {
  return missing.length > 0 ? `Not in ${where}: ${few(missing.map(({ name }) => name))}.` : '';
}

function few(names: readonly string[]): string {
  if (names.length <= 5) return formatList(names);
  return `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

function reasonOf(fileName: string, error: unknown): string {
  if (error instanceof StageError) return `${error.message} ${error.advice}`.trim();
  // Browsers refuse to read a file that was moved or changed after it was chosen.
  const reason = error instanceof Error ? error.message : String(error);
  return `${fileName} could not be read: ${reason} Choose the file again.`;
}
