import type { Domain, Target } from '../study/types';
import { type Form, matchNames } from './match-names';
import { guessUnit, splitMeasure } from './measures';
import { domainName, targetName } from './names';
import type { RecognisedColumn, Recognition, StudyColumns } from './recognition';

const domainPrefix =
  /^(?:train|training|weights?|mixture|mix|ratios?|proportions?|domains?|w)[_/.:]/i;
const targetPrefix =
  /^(?:metrics?|eval|evaluation|valid|validation|val|test|targets?|loss|losses|downstream)[_/.:]/i;
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
 * The training set names them: what its columns share at the beginning is taken off (`train_`, then
 * `the_pile_`), and so is the measure at the end of a loss on a domain, as long as no id becomes
 * empty or equal to another. Columns of other sets take the id of the training column that they
 * equal up to one such beginning, the same for the whole file. With `base`, the columns of all sets
 * are matched in this way to the study that is already there.
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
        return [header, { id, name: domainName(id) }];
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
