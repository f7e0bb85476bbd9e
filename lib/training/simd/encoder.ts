/**
 * The binary format of WebAssembly (W3C core specification, chapter 5), as far as modules need it that hold
 * functions of whole numbers over one imported memory.
 */

/** Bytes of an instruction or of several. */
export type Code = readonly number[];

/** Types of values. */
const valueTypes = { int: 0x7f, float: 0x7d, vector: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** A function without a result, whose parameters are whole numbers. */
export interface WasmFunction {
  readonly name: string;
  readonly isExported: boolean;
  readonly parameters: number;
  /** Types of its local variables, which follow its parameters. */
  readonly locals: readonly ValueType[];
  /** Its instructions, without the last `end`. */
  readonly code: Code;
}

/** A whole number >= 0 as LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** A 32-bit whole number as signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    // The last byte's second bit is the sign.
    if (rest === (low & 0x40 ? -1 : 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** Identifiers of sections. */
const sections = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;
const functionType = 0x60;
const exportedFunction = 0x00;
const importedMemory = 0x02;
const end = 0x0b;

/** A module of these functions over the memory `env.memory`. */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const arities = [...new Set(functions.map(({ parameters }) => parameters))];
  const types = arities.map((count) => [
    functionType,
    ...list(Array.from({ length: count }, () => [valueTypes.int])),
    ...list([]),
  ]);
  const exported = functions.flatMap(({ name, isExported }, place) =>
    isExported ? [[...text(name), exportedFunction, ...unsigned(place)]] : [],
  );
  const memory = [...text('env'), ...text('memory'), importedMemory, 0, 1];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d],
    ...[1, 0, 0, 0],
    ...section('types', list(types)),
    ...section('imports', list([memory])),
    ...section(
      'functions',
      list(functions.map(({ parameters }) => unsigned(arities.indexOf(parameters)))),
    ),
    ...section('exports', list(exported)),
    ...section('code', list(functions.map(bodyOf))),
  ]);
}

function bodyOf({ locals, code }: WasmFunction): Code {
  const body = [...list(locals.map((type) => [1, valueTypes[type]])), ...code, end];
  return [...unsigned(body.length), ...body];
}

function section(name: keyof typeof sections, content: Code): Code {
  return [sections[name], ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

/** ASCII. */
function text(value: string): Code {
  return [...unsigned(value.length), ...Array.from(value, (letter) => letter.charCodeAt(0))];
}
