import { damaged } from './errors';

/** Collects bits, the most significant of each value first. */
export class BitWriter {
  private readonly bytes: number[] = [];
  /** Bits of the last byte that are taken, 1 to 8. */
  private taken = 8;

  /** @param width 0 to 32; `value` lies below 2^width */
  bits(value: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      if (this.taken === 8) {
        this.bytes.push(0);
        this.taken = 0;
      }
      const one = (value >>> bit) & 1;
      this.bytes[this.bytes.length - 1] |= one << (7 - this.taken);
      this.taken++;
    }
  }

  /** What was written, its last byte filled up with zeros. */
  toBytes(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** Gives the bits of some bytes in order. */
export class BitReader {
  /** Bits that were read. */
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  /**
   * @param width 0 to 32
   * @throws LinkError when there are not so many left
   */
  bits(width: number): number {
    if (this.at + width > 8 * this.source.length) throw damaged('it ends too early');
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const byte = this.source[this.at >>> 3];
      value = value * 2 + ((byte >>> (7 - (this.at & 7))) & 1);
      this.at++;
    }
    return value;
  }

  /** @throws LinkError unless all was read but the zeros that fill up the last byte */
  end(): void {
    const left = 8 * this.source.length - this.at;
    if (left >= 8 || this.bits(left) !== 0) throw damaged('something follows its end');
  }
}
