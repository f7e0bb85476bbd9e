import type { Target } from '../study/types';

/** One way to read a name from a file: what it may mean, and what this reading takes for granted. */
export interface Form {
  readonly text: string;
  /** The measure that the reading took off the name; only a target measured like that fits. */
  readonly measure?: Pick<Target, 'unit' | 'direction'>;
}

interface Nameable {
  readonly id: string;
  readonly name: string;
  readonly unit?: string;
  readonly direction?: string;
}

interface Reading<Entry> {
  /** What stands before the id. */
  readonly before: string;
  readonly entry: Entry;
}

const boundary = /[_/.:]/;

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
export function matchNames<Entry extends Nameable>(
  names: readonly (readonly Form[])[],
  entries: readonly Entry[],
): (Entry | undefined)[] {
  const byText = new Map<string, Entry>();
  for (const entry of entries) byText.set(loose(entry.name), entry);
  for (const entry of entries) byText.set(loose(entry.id), entry);
  const readings = names.map((forms) => forms.flatMap((form) => readingsOf(form, byText)));
  const before = commonest(readings.map((found) => found.map((reading) => reading.before)));
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
    if (start > 0 && !boundary.test(name[start - 1])) continue;
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
function commonest(lists: readonly (readonly string[])[]): string {
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
