/**
 * Functions of WebAssembly written as expressions and statements: whole numbers (addresses in bytes and
 * counts), floats, and vectors of four floats.
 */

import {
  type Code,
  encodeModule,
  signed,
  unsigned,
  type ValueType,
  type WasmFunction,
} from './encoder';

const simdPrefix = 0xfd;
const bulkPrefix = 0xfc;
/** Bytes of a float, and of a vector of four. */
export const floatBytes = 4;
export const vectorBytes = 16;

const simd = (opcode: number): Code => [simdPrefix, ...unsigned(opcode)];
const bitsOf = (value: number): Code => [...new Uint8Array(Float32Array.of(value).buffer)];
/** Alignment and offset of an access to memory. */
const place = (offset: number): Code => [0, ...unsigned(offset)];

/** A whole number of 32 bits. */
export class Int {
  constructor(readonly code: Code) {}

  static of(value: Int | number): Int {
    return typeof value === 'number' ? new Int([0x41, ...signed(value)]) : value;
  }

  plus(other: Int | number): Int {
    return other === 0 ? this : new Int([...this.code, ...Int.of(other).code, 0x6a]);
  }

  times(other: Int | number): Int {
    return new Int([...this.code, ...Int.of(other).code, 0x6c]);
  }
}

/** A float of 32 bits. */
export class Float {
  constructor(readonly code: Code) {}

  static of(value: number): Float {
    return new Float([0x43, ...bitsOf(value)]);
  }

  private with(other: Float, opcode: number): Float {
    return new Float([...this.code, ...other.code, opcode]);
  }

  plus(other: Float): Float {
    return this.with(other, 0x92);
  }

  minus(other: Float): Float {
    return this.with(other, 0x93);
  }

  times(other: Float): Float {
    return this.with(other, 0x94);
  }

  over(other: Float): Float {
    return this.with(other, 0x95);
  }

  largest(other: Float): Float {
    return this.with(other, 0x97);
  }

  root(): Float {
    return new Float([...this.code, 0x91]);
  }

  /** It four times. */
  vector(): Vector {
    return new Vector([...this.code, ...simd(0x13)]);
  }
}

/** Four floats of 32 bits, or other contents of as many bits where it says so. */
export class Vector {
  constructor(readonly code: Code) {}

  /** One number four times, or four numbers. */
  static of(...values: readonly [number] | readonly [number, number, number, number]): Vector {
    const four = values.length === 1 ? [values[0], values[0], values[0], values[0]] : values;
    return new Vector([...simd(0x0c), ...four.flatMap(bitsOf)]);
  }

  /** All bits of a lane set where true: chooses lanes in {@link where}. */
  static mask(...lanes: readonly [boolean, boolean, boolean, boolean]): Vector {
    return new Vector([...simd(0x0c), ...lanes.flatMap((isSet) => Array(4).fill(isSet ? 255 : 0))]);
  }

  /** One whole number of 32 bits four times. */
  static ints(value: number): Vector {
    const bytes = [...new Uint8Array(Int32Array.of(value).buffer)];
    return new Vector([...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes]);
  }

  private with(other: Vector, opcode: number): Vector {
    return new Vector([...this.code, ...other.code, ...simd(opcode)]);
  }

  plus(other: Vector): Vector {
    return this.with(other, 0xe4);
  }

  minus(other: Vector): Vector {
    return this.with(other, 0xe5);
  }

  times(other: Vector): Vector {
    return this.with(other, 0xe6);
  }

  over(other: Vector): Vector {
    return this.with(other, 0xe7);
  }

  /** The larger of both in each lane, and NaN where this one is NaN. */
  largest(other: Vector): Vector {
    return this.with(other, 0xeb);
  }

  /** The smaller of both in each lane, and NaN where this one is NaN. */
  smallest(other: Vector): Vector {
    return this.with(other, 0xea);
  }

  root(): Vector {
    return new Vector([...this.code, ...simd(0xe3)]);
  }

  absolute(): Vector {
    return new Vector([...this.code, ...simd(0xe0)]);
  }

  /** A mask of the lanes in which this is less; NaN is not. */
  isBelow(other: Vector): Vector {
    return this.with(other, 0x43);
  }

  /** 0 in the lanes of the mask. */
  zeroWhere(mask: Vector): Vector {
    return this.with(mask, 0x4f);
  }

  /** This in the lanes of the mask, the other one elsewhere. */
  where(mask: Vector, other: Vector): Vector {
    return new Vector([...this.code, ...other.code, ...mask.code, ...simd(0x52)]);
  }

  /** Sum of contents as whole numbers. */
  plusInts(other: Vector): Vector {
    return this.with(other, 0xae);
  }

  /** Contents as whole numbers, so many bits to the left. */
  shifted(bits: number): Vector {
    return new Vector([...this.code, ...Int.of(bits).code, ...simd(0xab)]);
  }

  /** Lanes by their places among the eight of this and the other. */
  lanes(other: Vector, ...places: readonly [number, number, number, number]): Vector {
    const bytes = places.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * floatBytes + byte));
    return new Vector([...this.code, ...other.code, ...simd(0x0d), ...bytes]);
  }

  /** The first two floats as doubles of 64 bits. */
  doubles(): Vector {
    return new Vector([...this.code, ...simd(0x5f)]);
  }

  /** Sum of contents as two doubles. */
  plusDoubles(other: Vector): Vector {
    return this.with(other, 0xf0);
  }

  lane(at: 0 | 1 | 2 | 3): Float {
    return new Float([...this.code, ...simd(0x1f), at]);
  }
}

class IntVariable extends Int {
  constructor(readonly index: number) {
    super([0x20, ...unsigned(index)]);
  }
}
class FloatVariable extends Float {
  constructor(readonly index: number) {
    super([0x20, ...unsigned(index)]);
  }
}
export class VectorVariable extends Vector {
  constructor(readonly index: number) {
    super([0x20, ...unsigned(index)]);
  }

  /** The sum of the four lanes. */
  sum(): Float {
    return this.lane(0)
      .plus(this.lane(1))
      .plus(this.lane(2).plus(this.lane(3)));
  }

  /** The largest of the four lanes. */
  top(): Float {
    return this.lane(0)
      .largest(this.lane(1))
      .largest(this.lane(2).largest(this.lane(3)));
  }
}

export const loadInt = (at: Int, offset = 0) => new Int([...at.code, 0x28, ...place(offset)]);
export const loadFloat = (at: Int, offset = 0) => new Float([...at.code, 0x2a, ...place(offset)]);
export const loadVector = (at: Int, offset = 0) =>
  new Vector([...at.code, ...simd(0x00), ...place(offset)]);
/** One float, four times. */
export const loadRepeated = (at: Int, offset = 0) =>
  new Vector([...at.code, ...simd(0x09), ...place(offset)]);

/** A function to call: its place in the module. */
export interface Callable {
  readonly index: number;
  readonly parameters: number;
}

/** The statements of a function. */
export class Body {
  readonly code: number[] = [];
  readonly locals: ValueType[] = [];

  constructor(private readonly parameters: number) {}

  private declare(type: ValueType): number {
    this.locals.push(type);
    return this.parameters + this.locals.length - 1;
  }

  /** A new variable with a value. */
  int(value: Int | number): IntVariable {
    const variable = new IntVariable(this.declare('int'));
    this.set(variable, Int.of(value));
    return variable;
  }

  float(value: Float): FloatVariable {
    const variable = new FloatVariable(this.declare('float'));
    this.set(variable, value);
    return variable;
  }

  vector(value: Vector): VectorVariable {
    const variable = new VectorVariable(this.declare('vector'));
    this.set(variable, value);
    return variable;
  }

  set(variable: IntVariable, value: Int): void;
  set(variable: FloatVariable, value: Float): void;
  set(variable: VectorVariable, value: Vector): void;
  set({ index }: { readonly index: number }, { code }: Int | Float | Vector): void {
    this.code.push(...code, 0x21, ...unsigned(index));
  }

  store(at: Int, value: Float | Vector, offset = 0): void {
    const opcode = value instanceof Float ? [0x38] : simd(0x0b);
    this.code.push(...at.code, ...value.code, ...opcode, ...place(offset));
  }

  /** Copies bytes, or fills them with zeros. */
  copy(to: Int, from: Int, bytes: number): void {
    this.code.push(...to.code, ...from.code, ...Int.of(bytes).code, bulkPrefix, 0x0a, 0, 0);
  }

  clear(at: Int, bytes: number): void {
    this.code.push(...at.code, ...Int.of(0).code, ...Int.of(bytes).code, bulkPrefix, 0x0b, 0);
  }

  call({ index, parameters }: Callable, ...values: readonly (Int | number)[]): void {
    if (values.length !== parameters) {
      throw new RangeError(`${values.length} values for ${parameters} parameters`);
    }
    this.code.push(...values.flatMap((value) => Int.of(value).code), 0x10, ...unsigned(index));
  }

  /**
   * A loop.
   *
   * @param times how often; a variable must be 1 at least
   * @param steps numbers that start and, after each turn, grow as told: pointers and counts
   * @param body gets them, and how many turns are left, this one included
   */
  repeat<Steps extends readonly (readonly [start: Int | number, step: number])[]>(
    times: Int | number,
    steps: readonly [...Steps],
    body: (values: { [Place in keyof Steps]: Int }, left: Int) => void,
  ): void {
    if (times === 0) return;
    const values = steps.map(([start]) => this.int(start));
    const left = this.int(times);
    if (times !== 1) this.code.push(0x03, 0x40);
    body(values as { [Place in keyof Steps]: Int }, left);
    if (times === 1) return;
    values.forEach((value, at) => {
      this.set(value, value.plus(steps[at][1]));
    });
    const less = left.plus(-1);
    this.code.push(...less.code, 0x22, ...unsigned(left.index), 0x0d, 0, 0x0b);
  }
}

/** The functions of a module, each defined after those that it calls. */
export class ModuleBuilder {
  private readonly functions: WasmFunction[] = [];

  /** @param write the statements, from the parameters: whole numbers */
  define(
    name: string,
    parameters: number,
    write: (body: Body, ...parameters: Int[]) => void,
    isExported = false,
  ): Callable {
    const body = new Body(parameters);
    write(body, ...Array.from({ length: parameters }, (_, index) => new IntVariable(index)));
    const { code, locals } = body;
    this.functions.push({ name, isExported, parameters, locals, code });
    return { index: this.functions.length - 1, parameters };
  }

  encode(): Uint8Array<ArrayBuffer> {
    return encodeModule(this.functions);
  }
}
