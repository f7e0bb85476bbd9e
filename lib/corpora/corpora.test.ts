import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageError } from '../model/errors';
import { withoutNearDuplicates } from './duplicates';
import { createDomainsReader } from './text-files';
import { packText, storeOf, textOf, unpackText } from './tokens';

const documents = Array.from({ length: 400 }, (_, place) => ({
  id: `message ${place}`,
  text: `Nachricht ${place}: größer als ${place * 7}`,
}));

describe('tokens', () => {
  it('are the bytes of every document after its begin', () => {
    expect([
      ...storeOf([
        { id: 'a', text: 'é' },
        { id: 'b', text: '' },
      ]).tokens(),
    ]).toEqual([256, 0xc3, 0xa9, 256]);
  });

  it('give the text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(text === text.trimStart() && text.isWellFormed());
        expect(textOf(storeOf([{ id: 'a', text }]).tokens())).toBe(text);
      }),
    );
  });

  it('split by id, independent of the others, about as requested', () => {
    const { training, validation } = storeOf(documents).split(0.2);
    const share = validation.length / (training.length + validation.length);
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.26);
    for (const document of documents.slice(0, 40)) {
      const alone = storeOf([document]).split(0.2).validation.length > 0;
      const among = `${textOf(validation)}\n`.includes(`${document.text}\n`);
      expect(among, document.text).toBe(alone);
    }
  });
});

describe('a tenth of the documents', () => {
  it('is held out of few documents as of many, and at least one of two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.string(), (count, name) => {
        const few = Array.from({ length: count }, (_, at) => ({ id: `${name} ${at}`, text: 'x' }));
        const { training, validation } = storeOf(few).holdOut(0.1);
        expect(validation.length / 2).toBe(Math.max(1, Math.round(count / 10)));
        expect(training.length + validation.length).toBe(2 * count);
      }),
    );
  });
});

describe('near-duplicates', () => {
  it('are dropped where a text repeats an earlier one but for case, digits and a word', () => {
    const long = Array.from({ length: 60 }, (_, word) =>
      String.fromCharCode(97 + (word % 26), 97 + ((word * 7) % 26), 120),
    ).join(' ');
    const kept = withoutNearDuplicates([
      { id: 'a', text: `${long} end` },
      { id: 'b', text: `${long.toUpperCase()} END` },
      { id: 'c', text: `${long} other` },
      { id: 'd', text: [...long.split(' ')].reverse().join(' ') },
      { id: 'e', text: 'short one' },
      { id: 'f', text: 'short   one' },
      { id: 'g', text: 'short two' },
    ]);
    expect(kept.map(({ id }) => id)).toEqual(['a', 'd', 'e', 'g']);
  });
});

describe('packed text', () => {
  it('comes back as it was', () => {
    const text = storeOf(documents).split(0.2);
    expect(unpackText(packText(text), 'x')).toEqual(text);
  });

  it('is refused when it was cut or changed in length, and never hangs', () => {
    const packed = packText(storeOf(documents.slice(0, 5)).split(0.2));
    fc.assert(
      fc.property(
        fc.nat(packed.length + 3),
        fc.nat(7),
        fc.integer({ min: 0, max: 255 }),
        (length, place, byte) => {
          const changed = packed.slice(0, length);
          if (place < changed.length) changed[place] = byte;
          try {
            const { training, validation } = unpackText(changed, 'x');
            expect(training.length + validation.length).toBe(changed.length - 8);
          } catch (error) {
            expect(error).toBeInstanceOf(StageError);
          }
        },
      ),
    );
  });
});

describe('text files', () => {
  /** @param size bytes of a piece; null = all at once */
  function domainsOfFiles(
    files: readonly { readonly path: string; readonly text: string | Uint8Array }[],
    size: number | null = null,
  ) {
    const reader = createDomainsReader();
    for (const { path, text } of files) {
      const file = reader.open(path);
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
      const step = size ?? Math.max(1, bytes.length);
      for (let at = 0; at < bytes.length; at += step) file.push(bytes.subarray(at, at + step));
      file.close();
    }
    return reader.domains();
  }

  const lines = (texts: readonly string[]) =>
    texts.map((text) => JSON.stringify({ text })).join('\n');
  const many = lines(documents.map(({ text }) => text));

  it('name their domain before the number, and keep validation text apart', () => {
    const domains = domainsOfFiles([
      { path: 'train/wiki-1.jsonl', text: lines(['one', 'two']) },
      { path: 'train/wiki-2.jsonl', text: lines(['three']) },
      { path: 'valid/wiki-1.jsonl', text: lines(['four']) },
      { path: 'pile-cc-7.jsonl', text: many },
    ]);
    expect(domains.map(({ id }) => id)).toEqual(['pile-cc', 'wiki']);
    const [, wiki] = domains;
    expect(textOf(wiki.training)).toBe('one\ntwo\nthree');
    expect(textOf(wiki.validation)).toBe('four');
    expect(domains[0].validation.length).toBeGreaterThan(100);
  });

  it('cut a long text into documents, so that a part can validate', () => {
    const book = Array.from({ length: 900 }, (_, place) => `Paragraph ${place} of a book.`).join(
      '\n\n',
    );
    const [{ training, validation }] = domainsOfFiles([{ path: 'book.txt', text: book }]);
    expect(training.length).toBeGreaterThan(validation.length);
    expect(validation.length).toBeGreaterThan(500);
  });

  it('name their domain before the number, whether it follows a hyphen or an underscore', () => {
    const domains = domainsOfFiles([
      { path: 'law_0.jsonl', text: many },
      { path: 'law_1.jsonl', text: many },
      { path: 'valid_law_2.jsonl', text: lines(['kept back']) },
      { path: 'pile_cc.jsonl', text: many },
    ]);
    expect(domains.map(({ id }) => id)).toEqual(['law', 'pile_cc']);
    expect(textOf(domains[0].validation)).toBe('kept back');
  });

  it('are cut into documents at line ends where there are no paragraphs, or in a line without end', () => {
    const poem = Array.from({ length: 1_000 }, (_, place) => `This is line ${place} of a poem.`);
    // A pair of surrogates never parts: every cut would fall into one otherwise.
    const line = `.${'🌲'.repeat(20_000)}`;
    for (const text of [poem.join('\n'), line]) {
      const [{ training, validation }] = domainsOfFiles([{ path: 'a.txt', text }]);
      const share = validation.length / (training.length + validation.length);
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.15);
      const all = `${textOf(training)}\n${textOf(validation)}`;
      expect(all).not.toContain('\ufffd');
      expect(all.replaceAll('\n', '')).toHaveLength(text.replaceAll('\n', '').length);
      for (const read of all.split('\n')) expect(text === line || poem.includes(read)).toBe(true);
    }
  });

  it('are read the same in pieces of any size', () => {
    const paragraph = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', 'é', '本') });
    fc.assert(
      fc.property(
        fc.array(paragraph, { maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (parts, size) => {
          const text = [...parts, 'x'.repeat(2_100), 'y'.repeat(2_100)].join('\n \n');
          const files = [
            { path: 'book.md', text },
            { path: 'wiki-1.jsonl', text: many },
          ];
          expect(domainsOfFiles(files, size)).toEqual(domainsOfFiles(files));
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each([
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9, 0x20], 'bytes that are not UTF-8'],
    ['a character cut off at the end', [0xe6, 0x9c], 'bytes that are not UTF-8'],
    ['a NUL', [0x61, 0x00, 0x62], 'a NUL character'],
  ])(
    'are refused with file and line where they hold %s, in pieces of any size',
    (_, bad, found) => {
      const sound = new TextEncoder().encode('A line of text, and another é 本.\n'.repeat(200));
      for (const size of [null, 1, 7, 4096]) {
        expect(() =>
          domainsOfFiles([{ path: 'a/web-1.txt', text: Uint8Array.of(...sound, ...bad) }], size),
        ).toThrow(`a/web-1.txt, line 201: found ${found}, expected UTF-8 text.`);
      }
    },
  );

  it('may begin with a byte order mark', () => {
    const [{ training }] = domainsOfFiles([{ path: 'web-1.jsonl', text: `\ufeff${many}` }]);
    expect(textOf(training)).not.toContain('\ufeff');
  });

  it('are refused with file and line', () => {
    const bad = `${lines(['fine'])}\n{"tekst": "no"}`;
    expect(() => domainsOfFiles([{ path: 'a-1.jsonl', text: bad }])).toThrow(/a-1\.jsonl, line 2/);
    expect(() => domainsOfFiles([{ path: 'a-1.jsonl', text: 'null' }])).toThrow(StageError);
    expect(() => domainsOfFiles([{ path: 'a.txt', text: 'tiny' }])).toThrow(
      'Domain “a” has 1 document of training and 0 of validation text: too few',
    );
  });
});
