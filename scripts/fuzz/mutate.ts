import type { RandomStream } from '../../lib/model/random';

/**
 * Fragments that break readers: syntax of both formats, extreme numbers, names of object
 * properties, odd characters.
 */
const nasty = [
  ...[
    ',',
    ';',
    '\t',
    '"',
    '""',
    "'",
    '\n',
    '\r\n',
    '\r',
    '{',
    '}',
    '[',
    ']',
    ':',
    '\\',
    '\0',
    '\ufeff',
  ],
  ...['NaN', 'Infinity', '-1', '-0', '1e999', '1e-999', '9007199254740993', '0x10', '1,5', '50%'],
  ...['null', 'true', '""', '[]', '{}', '"__proto__"', '__proto__', 'constructor', 'toString'],
  ...[
    'hasOwnProperty',
    '\ud800',
    '\u202e',
    '\u2028',
    '<img src=x onerror=alert(1)>',
    '=1+1',
    '%00',
  ],
];

/** A whole number from 0 to below `count`. */
function pick(stream: RandomStream, count: number): number {
  return Math.min(count - 1, Math.floor(stream.uniform() * count));
}

function damage(text: string, other: string, stream: RandomStream): string {
  const at = pick(stream, text.length + 1);
  const length = pick(stream, stream.uniform() < 0.8 ? 6 : text.length + 1);
  const before = text.slice(0, at);
  const cut = text.slice(at, at + length);
  const after = text.slice(at + length);
  switch (pick(stream, 7)) {
    case 0:
      return before + after;
    case 1:
      return before + nasty[pick(stream, nasty.length)] + cut + after;
    case 2:
      return before + nasty[pick(stream, nasty.length)] + after;
    case 3:
      return before + cut.repeat(1 + pick(stream, 40)) + after;
    case 4:
      return before + other.slice(pick(stream, other.length), pick(stream, other.length)) + after;
    case 5:
      return before;
    default:
      return before + String.fromCharCode(pick(stream, 65_536)) + after;
  }
}

/**
 * The text with one to five kinds of damage: truncated, duplicated, spliced with another text,
 * filled with breaking fragments. The same stream gives the same text.
 */
export function mutate(text: string, other: string, stream: RandomStream): string {
  let damaged = text;
  for (let times = 1 + pick(stream, 5); times > 0; times--)
    damaged = damage(damaged, other, stream);
  return damaged;
}

/** Replaces a value in a JSON by another one of the same file or by a breaking fragment. */
export function mutateJson(text: string, stream: RandomStream): string {
  const values: unknown[] = [...nasty, 1e308, -1, 0.5, 1e9, null, true, [], {}, nested(2_000)];
  const root: unknown = JSON.parse(text);
  const holders: object[] = [];
  const collect = (value: unknown): void => {
    values.push(value);
    if (typeof value !== 'object' || value === null) return;
    if (Object.keys(value).length > 0) holders.push(value);
    for (const each of Object.values(value)) collect(each);
  };
  collect(root);
  for (let times = 1 + pick(stream, 3); times > 0; times--) {
    const holder = holders[pick(stream, holders.length)];
    const keys = Object.keys(holder);
    const key = keys[pick(stream, keys.length)] ?? '';
    if (stream.uniform() < 0.15) Reflect.deleteProperty(holder, key);
    // Serialised, so that a value holds no part of itself.
    else Reflect.set(holder, key, structuredClone(values[pick(stream, values.length)]));
  }
  return JSON.stringify(root);
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
