/** Which domain or target a column's name means, and whether it measures a loss or a score. */
import type { Domain, Target } from '../model/study';
import { guessUnit, splitMeasure } from './measures';
import type { RecognisedColumn, Recognition, StudyColumns } from './recognition';

const domainPrefix =
  /^(?:train|training|weights?|mixture|mix|ratios?|proportions?|domains?|w)[_/.:]/i;
const targetPrefix =
  /^(?:metrics?|eval|evaluation|valid|validation|val|test|targets?|loss|losses|downstream)[_/.:]/i;
/** What stands before the names of a dictionary, in a cell or in a configuration, and of a long table. */
const container =
  /^(?:[^/]*\.)?(?:weights?|mixtures?|mix|ratios?|proportions?|domains?)\.|^weight\//i;
const boundary = /[_/.:]/;

/** Domains and targets of one file, by column header, in file order. */
export interface Identities {
  readonly domains: ReadonlyMap<string, Domain>;
  readonly targets: ReadonlyMap<string, Target>;
}

/** Whether a header begins as domain columns do: `train_pile_cc`. */
export function hasDomainPrefix(header: string): boolean {
  return domainPrefix.test(header);
}

/** Whether a header begins as target columns do: `metric/pile_cc`. */
export function hasTargetPrefix(header: string): boolean {
  return targetPrefix.test(header);
}

/**
 * Names the domains and targets of every file of a recognition.
 *
 * The training set names them: the common prefix of its columns is removed (`train_`, then `the_pile_`), and
 * so is the measure at the end of a loss on a domain, as long as no id becomes empty or equal to another.
 * Columns of other sets take the id of the training column that they equal up to one such beginning, the same
 * for the whole file. With `base`, the columns of all sets are matched in this way to the existing study.
 * @returns one entry per file; a column that matches nothing has its header for an id
 */
export function identify(recognition: Recognition, base: StudyColumns | null = null): Identities[] {
  const { files, sets } = recognition;
  const naming =
    sets.find(({ role }) => role === 'training') ?? sets.find(({ role }) => role === 'test');
  const columns = (file: number | undefined, role: 'domain' | 'target') =>
    file === undefined ? [] : files[file].columns.filter((column) => column.role === role);
  const named =
    base === null
      ? nameStudy(columns(naming?.mixtures, 'domain'), columns(naming?.losses, 'target'))
      : { domains: keyed(base.domains), targets: keyed(base.targets) };

  return files.map((_, file) => ({
    domains: labelled(columns(file, 'domain'), named.domains, domainForms, ({ header }) => ({
      id: header,
      name: domainName(header),
    })),
    targets: labelled(columns(file, 'target'), named.targets, targetForms, (column) =>
      targetOf(column, column.header),
    ),
  }));
}

function labelled<Entry extends Domain & Partial<Target>>(
  columns: readonly RecognisedColumn[],
  named: ReadonlyMap<string, Entry>,
  forms: (header: string) => Form[],
  unmatched: (column: RecognisedColumn) => Entry,
): Map<string, Entry> {
  const headers = columns.map(({ header }) => header);
  const open = headers.filter((header) => !named.has(header));
  const taken = new Set(headers.map((header) => named.get(header)));
  const free = [...named.values()].filter((entry) => !taken.has(entry));
  const matches = matchNames(open.map(forms), free);
  const byHeader = new Map(open.map((header, index) => [header, matches[index]]));
  return new Map(
    columns.map((column) => {
      const { header } = column;
      return [header, named.get(header) ?? byHeader.get(header) ?? unmatched(column)];
    }),
  );
}

/** Finds the domain that each name of a list means, whatever its case, prefix, `-` or blanks. */
export function matchDomains(
  names: readonly string[],
  domains: readonly Domain[],
): (Domain | undefined)[] {
  return matchNames(names.map(domainForms), domains);
}

/** Finds the target that each header of a list means, whatever its case, beginning and the measure at its end. */
export function matchTargets(
  headers: readonly string[],
  targets: readonly Target[],
): (Target | undefined)[] {
  return matchNames(headers.map(targetForms), targets);
}

function keyed<Entry extends { readonly id: string }>(entries: readonly Entry[]) {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function targetOf({ header, direction }: RecognisedColumn, id: string): Target {
  return { id, name: targetName(id, header), unit: guessUnit(header), direction };
}

function nameStudy(
  domainColumns: readonly RecognisedColumn[],
  targetColumns: readonly RecognisedColumn[],
): Identities {
  const domainHeaders = domainColumns.map(({ header }) => header);
  const bare = shorten(domainHeaders, (id) => id.replace(domainPrefix, ''));
  const shared = sharedPrefix(bare);
  const domainIds = shorten(bare, (id) => id.slice(shared.length));

  const targetHeaders = targetColumns.map(({ header }) => header);
  const withoutRole = shorten(targetHeaders, (id) => id.replace(targetPrefix, ''));
  const subjects = shorten(withoutRole, (id) => {
    const { subject, measure } = splitMeasure(id);
    return measure?.onDomain ? subject : id;
  });
  const aligned = shorten(subjects, (id) => (id.startsWith(shared) ? id.slice(shared.length) : id));
  const known = new Set(domainIds.map((id) => id.toLowerCase()));
  const own = aligned.some((id) => known.has(id.toLowerCase()))
    ? ''
    : sharedPrefix(aligned.map((id) => splitMeasure(id).subject || id));
  const targetIds = shorten(aligned, (id) => id.slice(own.length));

  return {
    domains: new Map(
      domainHeaders.map((header, index) => {
        const id = domainIds[index];
        const column = header.replace(container, '');
        return [header, { id, name: domainName(id), ...(column !== id && { column }) }];
      }),
    ),
    targets: new Map(
      targetColumns.map((column, index) => [column.header, targetOf(column, targetIds[index])]),
    ),
  };
}

/** Applies `cut` to each id, but not where it would leave nothing or make two ids equal. */
function shorten(ids: readonly string[], cut: (id: string) => string): readonly string[] {
  const shorter = ids.map(cut);
  const count = new Map<string, number>();
  for (const id of shorter) count.set(id, (count.get(id) ?? 0) + 1);
  const kept = shorter.map((id, index) => (id === '' || count.get(id) !== 1 ? ids[index] : id));
  return new Set(kept).size === kept.length ? kept : ids;
}

/** The longest beginning that all ids share, up to a `_` `/` `.` or `:`; empty for a single id. */
function sharedPrefix(ids: readonly string[]): string {
  if (ids.length < 2) return '';
  let length = ids[0].length;
  for (const id of ids) {
    while (!id.startsWith(ids[0].slice(0, length))) length--;
  }
  while (length > 0 && !boundary.test(ids[0][length - 1])) length--;
  return ids[0].slice(0, length);
}

function domainForms(header: string): Form[] {
  return [header, header.replace(domainPrefix, '')].map((text) => ({ text }));
}

function targetForms(header: string): Form[] {
  return [header, header.replace(targetPrefix, '')].flatMap((text): Form[] => {
    const { subject, measure } = splitMeasure(text);
    return measure ? [{ text }, { text: subject, measure }] : [{ text }];
  });
}

/** One way to read a name from a file, and what this reading assumes. */
interface Form {
  readonly text: string;
  /** The measure that the reading removed from the name; only a target with that measure fits. */
  readonly measure?: Pick<Target, 'unit' | 'direction'>;
}

interface Nameable {
  readonly id: string;
  readonly name: string;
  readonly unit?: string;
  readonly direction?: string;
}

interface Reading<Entry> {
  /** The text before the id. */
  readonly before: string;
  readonly entry: Entry;
}

const wordBoundary = /[_/.:]/;

function loose(text: string): string {
  return text.toLowerCase().replace(/[\s-]+/g, '_');
}

/**
 * Finds what each name of a file means: the entry whose id or name it equals, apart from case, `-`
 * and blanks, and apart from one beginning (`the_pile_`) that is the same for the whole file. So
 * `dark_web` is not taken for `web` because `train_code` is `code`.
 * @param names the readings of each name, the preferred first
 * @returns one entry per name, undefined where none fits; no entry is given twice
 */
function matchNames<Entry extends Nameable>(
  names: readonly (readonly Form[])[],
  entries: readonly Entry[],
): (Entry | undefined)[] {
  const byText = new Map<string, Entry>();
  for (const entry of entries) byText.set(loose(entry.name), entry);
  for (const entry of entries) byText.set(loose(entry.id), entry);
  const readings = names.map((forms) => forms.flatMap((form) => readingsOf(form, byText)));
  const before = mostCommon(readings.map((found) => found.map((reading) => reading.before)));
  const taken = new Set<Entry>();
  return readings.map((found) => {
    const entry = found.find((reading) => reading.before === before)?.entry;
    if (entry === undefined || taken.has(entry)) return undefined;
    taken.add(entry);
    return entry;
  });
}

function readingsOf<Entry extends Nameable>(
  { text, measure }: Form,
  byText: ReadonlyMap<string, Entry>,
): Reading<Entry>[] {
  const name = loose(text);
  const found: Reading<Entry>[] = [];
  for (let start = 0; start < name.length; start++) {
    if (start > 0 && !wordBoundary.test(name[start - 1])) continue;
    const entry = byText.get(name.slice(start));
    if (entry && fits(entry, measure)) found.push({ before: name.slice(0, start), entry });
  }
  return found;
}

function fits({ unit, direction }: Nameable, measure: Form['measure']): boolean {
  if (measure === undefined) return true;
  return direction === measure.direction && (!unit || !measure.unit || unit === measure.unit);
}

/** The text that most of the lists contain; the shortest among equals. */
function mostCommon(lists: readonly (readonly string[])[]): string {
  const count = new Map<string, number>();
  for (const list of lists) {
    for (const text of new Set(list)) count.set(text, (count.get(text) ?? 0) + 1);
  }
  let best = '';
  for (const [text, times] of count) {
    const most = count.get(best) ?? 0;
    if (times > most || (times === most && text.length < best.length)) best = text;
  }
  return best;
}

/** Names whose spelling follows no rule: the Pile's domains and common evaluation words. */
const known: ReadonlyMap<string, string> = new Map([
  ['arxiv', 'arXiv'],
  ['dm_mathematics', 'DM Mathematics'],
  ['enron_emails', 'Enron Emails'],
  ['europarl', 'EuroParl'],
  ['freelaw', 'FreeLaw'],
  ['github', 'GitHub'],
  ['gutenberg_pg_19', 'Gutenberg (PG-19)'],
  ['hackernews', 'Hacker News'],
  ['nih_exporter', 'NIH ExPorter'],
  ['philpapers', 'PhilPapers'],
  ['pile_cc', 'Pile CC'],
  ['pubmed_abstracts', 'PubMed Abstracts'],
  ['pubmed_central', 'PubMed Central'],
  ['stackexchange', 'StackExchange'],
  ['ubuntu_irc', 'Ubuntu IRC'],
  ['uspto_backgrounds', 'USPTO Backgrounds'],
  ['wikipedia_en', 'Wikipedia (en)'],
]);

/** The display name of a domain's id: `pile_cc` is `Pile CC`; by default its words in title case. */
export function domainName(id: string): string {
  const name = known.get(id.toLowerCase());
  if (name !== undefined) return name;
  return words(id).map(capital).join(' ') || id;
}

/**
 * The display name of a target.
 * @param id its id, `pile_cc`
 * @param header its column, whose ending says what is measured: `pile_cc_val_loss` gives `Pile CC loss`
 */
export function targetName(id: string, header: string): string {
  const { measure } = splitMeasure(header);
  const subject = splitMeasure(id).subject;
  if (measure === null) return sentenceName(id);
  return subject === '' ? capital(measure.word) : `${sentenceName(subject)} ${measure.word}`;
}

function sentenceName(id: string): string {
  const name = known.get(id.toLowerCase());
  if (name !== undefined) return name;
  const [first, ...rest] = words(id);
  return first === undefined ? id : [capital(first), ...rest].join(' ');
}

function words(id: string): string[] {
  return id.split(/[\s_/.:-]+/).filter((word) => word !== '');
}

function capital(word: string): string {
  return word === word.toLowerCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
