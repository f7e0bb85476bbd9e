import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeText, refuseLarge, unpacked } from './decode';
import { RunsError } from './errors';
import { refusal } from './runs.fixture';
import { limits } from './table';

const plain = 'run,web,code\nr1,0.25,0.75\nr2,1,0\n';
const decode = (bytes: ArrayLike<number>) => decodeText('runs.csv', Uint8Array.from(bytes));
const utf8 = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return new Uint8Array(view.buffer);
}

describe('decodeText', () => {
  test.each<[string, Uint8Array]>([
    ['UTF-8', utf8(plain)],
    ['UTF-8 with a mark', utf8(`\ufeff${plain}`)],
    ['UTF-16 LE with a mark', utf16(`\ufeff${plain}`, true)],
    ['UTF-16 BE with a mark', utf16(`\ufeff${plain}`, false)],
    ['UTF-16 LE', utf16(plain, true)],
    ['UTF-16 BE', utf16(plain, false)],
  ])('%s', (_, bytes) => {
    expect(decode(bytes)).toEqual({ text: plain, notes: [] });
  });

  test('Windows-1252 comes with a note that shows a word of it', () => {
    const { text, notes } = decode(latin(`run,math,fran\u00e7ais\nr1,0.5,\u0080 5\n`));
    expect(text).toBe('run,math,français\nr1,0.5,€ 5\n');
    expect(notes[0]).toMatchObject({ kind: 'reading', subject: 'runs.csv', count: 2 });
    expect(notes[0].text).toContain('"français" in row 1');
  });

  test.each([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x00, 0x01, 0x7f])(
    'the byte %i beside letters that are no UTF-8 is refused with its row',
    (byte) => {
      const bytes = [...latin(`run,fran\u00e7ais\n1,`), byte, ...latin('\n')];
      expect(refusal(() => decode(bytes))).toMatchObject({ file: 'runs.csv', row: 2 });
    },
  );

  test('Cyrillic and Chinese of other encodings are refused', () => {
    // "код,веб-сайты" in Windows-1251, and four characters of GBK
    const cyrillic = [0xea, 0xee, 0xe4, 0x2c, 0xf1, 0xe0, 0xe9, 0xf2, 0xfb, 0x0a];
    const chinese = [0xc4, 0xe3, 0xba, 0xc3, 0xca, 0xc0, 0xbd, 0xe7, 0x2c, 0x61, 0x0a];
    expect(refusal(() => decode(cyrillic)).message).toContain('UTF-8');
    expect(refusal(() => decode(chinese)).message).toContain('UTF-8');
  });

  test('UTF-8 with a broken character is refused with its row, not read as another encoding', () => {
    const bytes = [...utf8('run,français,español\nr1,'), 0xe9, ...utf8(',ü\n')];
    expect(refusal(() => decode(bytes))).toMatchObject({ row: 2 });
  });

  test.each<[string, number[], RegExp]>([
    ['a workbook', [0x50, 0x4b, 3, 4, 20, 0], /Excel/],
    ['an old workbook', [0xd0, 0xcf, 0x11, 0xe0, 1, 2], /Excel/],
    ['UTF-32', [0xff, 0xfe, 0, 0, 97, 0, 0, 0], /UTF-32/],
    ['a NUL', [...utf8('a,b\n1,2\n\u00003')], /NUL/],
    ['UTF-16 that is cut off', [0xff, 0xfe, 97, 0, 98], /UTF-16/],
    ['half a surrogate pair', [0xff, 0xfe, 0x3d, 0xd8, 44, 0], /UTF-16/],
  ])('%s is refused', (_, bytes, expected) => {
    expect(refusal(() => decode(bytes)).message).toMatch(expected);
  });

  test('what is too large is refused before it is read', () => {
    expect(refusal(() => refuseLarge('a.csv', 2 * limits.characters + 1)).message).toContain(
      'too large',
    );
  });

  test('any text comes back from UTF-8 and, with a mark, from UTF-16', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .map((value) => value.replaceAll(/[\0\ufeff]/g, ''))
      .filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, (value) => {
        expect(decode(utf8(value)).text).toBe(value);
        expect(decode(utf16(`\ufeff${value}`, true)).text).toBe(value);
        expect(decode(utf16(`\ufeff${value}`, false)).text).toBe(value);
      }),
    );
  });

  test('any bytes are text without NULs, or refused by the typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(decode(bytes).text).not.toContain('\0');
        } catch (error) {
          expect(error).toBeInstanceOf(RunsError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('unpacked', () => {
  const packed = Uint8Array.from(gzipSync(utf8(plain)));

  test('gives back what gzip has packed, and other bytes as they are', async () => {
    expect(await unpacked('runs.csv.gz', packed)).toEqual(utf8(plain));
    expect(await unpacked('runs.csv', utf8(plain))).toEqual(utf8(plain));
  });

  test.each([12, packed.length - 1, packed.length - 5])(
    'refuses the first %i bytes',
    async (end) => {
      await expect(unpacked('runs.csv.gz', packed.slice(0, end))).rejects.toThrow(RunsError);
    },
  );

  test('refuses damage', async () => {
    const bytes = packed.map((byte, at) => (at === packed.length - 6 ? byte ^ 1 : byte));
    await expect(unpacked('runs.csv.gz', bytes)).rejects.toThrow(/damaged/);
  });
});
