import { StageError } from '../errors';

/** What the file of a model may hold: beyond any model of a table that can be read. */
export const modelLimits = {
  characters: 200_000_000,
  domains: 2_000,
  /** Numbers in one array. */
  entries: 10_000_000,
  parts: 16,
  /** Sums within sums. */
  depth: 3,
} as const;

/** Whether a number is one that a field may have; it is finite. */
type Check = (value: number) => boolean;

export const isAny: Check = () => true;
export const isAbove0: Check = (value) => value > 0;
export const isAtLeast0: Check = (value) => value >= 0;
export const isShare: Check = (value) => value >= 0 && value <= 1;
export const isSign: Check = (value) => value === 1 || value === -1;
export const isDomainCount: Check = (value) =>
  Number.isInteger(value) && value >= 1 && value <= modelLimits.domains;

/** The fields of an object that came from elsewhere, each checked as it is read. */
export interface Fields {
  readonly source: Readonly<Record<string, unknown>>;
  number(field: string, check: Check): number;
  /** @param length what it must be; any when left out */
  array(field: string, check: Check, length?: number): Float64Array;
  /** Numbers, one per domain: 1 to `modelLimits.domains` of them. */
  column(field: string, check: Check, domains?: number): Float64Array;
  /** Integers of 32 bits. */
  integers(field: string, length?: number): Int32Array;
}

/**
 * @param name how errors name the object
 * @throws StageError when the value is no object; the readers throw one when a field does not pass
 */
export function fieldsOf(value: unknown, name: string): Fields {
  if (!isRecord(value)) throw refusal(`${name} is ${describe(value)} instead of an object`);
  const list = (field: string, length?: number): readonly unknown[] => {
    const found = value[field];
    if (!Array.isArray(found)) throw refusal(`${name}.${field} is not a list`);
    if (found.length > modelLimits.entries) throw refusal(`${name}.${field} is too long`);
    if (length !== undefined && found.length !== length) {
      throw refusal(`${name}.${field} has ${found.length} numbers, not ${length}`);
    }
    return found;
  };
  const checked = (found: unknown, place: string, check: Check): number => {
    if (typeof found !== 'number' || !Number.isFinite(found) || !check(found)) {
      throw refusal(`${name}.${place} may not be ${describe(found)}`);
    }
    return found;
  };
  const array = (field: string, check: Check, length?: number) =>
    Float64Array.from(list(field, length), (entry, index) =>
      checked(entry, `${field}[${index}]`, check),
    );
  return {
    source: value,
    number: (field, check) => checked(value[field], field, check),
    array,
    column(field, check, domains) {
      const column = array(field, check, domains);
      if (isDomainCount(column.length)) return column;
      throw refusal(`${name}.${field} is not of 1 to ${modelLimits.domains} domains`);
    },
    integers: (field, length) =>
      Int32Array.from(list(field, length), (entry, index) =>
        checked(entry, `${field}[${index}]`, (number) => number === (number | 0)),
      ),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was found, short enough for a message whatever it is. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `“${value.slice(0, 40)}”`;
  if (typeof value === 'number') return String(value);
  if (value === undefined) return 'missing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** @param what half a sentence, without its full stop */
export function refusal(what: string): StageError {
  return new StageError(
    'regression',
    `This model cannot be read: ${what}.`,
    'Save the model again and open the new file.',
  );
}
