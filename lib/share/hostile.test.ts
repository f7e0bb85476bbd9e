import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { damageCases } from '../model/damage-cases.fixture';
import { wholeStudy } from '../runs/left-out';
import { parseSession, sessionToJson } from '../study/session-file';
import { applyLink } from './apply';
import { contentOf } from './changes';
import { BitWriter, text, whole } from './codec';
import type { StudyReference } from './content';
import { LinkError } from './errors';
import { checkedAddress } from './forms';
import { crc32, decodeLink, encodeLink, fromBase64url, toBase64url } from './link';
import { shared } from './studies.fixture';
import {
  deflateStudy,
  deflateText,
  inflateStudy,
  inflateText,
  studyFingerprint,
} from './study-in-link';

type Shared = typeof shared extends fc.Arbitrary<infer Given> ? Given : never;

const [given] = fc.sample(shared, { numRuns: 1, seed: 7 });

const untouched = structuredClone(given.study);
// Whatever the links below made of themselves, the study that they were read against is as it was.
afterAll(() => expect(given.study).toEqual(untouched));

const print = studyFingerprint(given.study);
const builtIn = { kind: 'built-in', id: 'simulated', print } as const;
const inFile = {
  kind: 'file',
  name: 'Somebody’s study',
  file: { url: 'https://studies.example/whole.regmix.json', sha256: '0f'.repeat(32) },
  print,
} as const;

function linkOf({ study, settings, view }: Shared, reference: StudyReference = builtIn): string {
  return encodeLink(contentOf({ study, settings }, view, reference));
}

/** What a broken copy, or a person who means harm, may make of some bytes or characters. */
function mutation(length: number) {
  const at = fc.nat(length - 1);
  return fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
    fc.record({
      kind: fc.constant('cut' as const),
      at,
      count: fc.integer({ min: 1, max: length }),
    }),
    fc.record({ kind: fc.constant('grow' as const), at, added: fc.uint8Array({ minLength: 1 }) }),
    fc.record({ kind: fc.constant('swap' as const), at, to: at }),
  );
}

type Mutation = ReturnType<typeof mutation> extends fc.Arbitrary<infer Kind> ? Kind : never;

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const all = Array.from(bytes);
  if (change.kind === 'flip') all[change.at] ^= 1 << change.bit;
  else if (change.kind === 'cut') all.splice(change.at, change.count);
  else if (change.kind === 'grow') all.splice(change.at, 0, ...change.added);
  else [all[change.at], all[change.to]] = [all[change.to], all[change.at]];
  return Uint8Array.from(all);
}

/** The link either opens or is refused by the typed error. */
function opensOrRefuses(hash: string): 'opened' | 'refused' {
  try {
    const content = decodeLink(hash);
    // No address is asked about that a page may not fetch from.
    if (content.study.kind === 'file') checkedAddress(content.study.file.url);
    const { session } = applyLink(content, given.study);
    // What opened is such as the page itself can make and save.
    expect(parseSession(sessionToJson(session))).toEqual(session);
    return 'opened';
  } catch (error) {
    expect(error).toBeInstanceOf(LinkError);
    return 'refused';
  }
}

describe('a link that is not what it was', () => {
  const hash = linkOf(given);
  const bytesOfHash = fromBase64url(hash.slice(3));

  test('is refused whatever happens to its bytes', () => {
    fc.assert(
      fc.property(mutation(bytesOfHash.length), (change) => {
        const changed = mutate(bytesOfHash, change);
        const isSame = toBase64url(changed) === toBase64url(bytesOfHash);
        const result = opensOrRefuses(`#s=${toBase64url(changed)}`);
        expect(result).toBe(isSame ? 'opened' : 'refused');
      }),
      { numRuns: damageCases, seed: 1 },
    );
  });

  test.each([builtIn, inFile])(
    'opens validly or is refused when its checksum was made to fit, $kind',
    (reference) => {
      const seen = { opened: 0, refused: 0 };
      const unsigned = fromBase64url(linkOf(given, reference).slice(3)).subarray(0, -4);
      fc.assert(
        fc.property(mutation(unsigned.length), (change) => {
          const bytes = mutate(unsigned, change);
          const signed = new Uint8Array(bytes.length + 4);
          signed.set(bytes);
          new DataView(signed.buffer).setUint32(bytes.length, crc32(bytes));
          seen[opensOrRefuses(`#s=${toBase64url(signed)}`)]++;
        }),
        { numRuns: damageCases, seed: 1 },
      );
      // Both happen, or this test would look at nothing.
      expect(seen.opened).toBeGreaterThan(damageCases / 100);
      expect(seen.refused).toBeGreaterThan(damageCases / 100);
    },
  );

  test('is refused whatever text stands there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
        expect(() => decodeLink(`#s=${text}`)).toThrow(LinkError);
      }),
      { numRuns: damageCases, seed: 1 },
    );
  });

  test('says what is wrong', () => {
    expect(() => decodeLink(hash.slice(0, -3))).toThrow(/damaged/);
    expect(() => decodeLink(`${hash}é`)).toThrow('it contains “é”');
    expect(() => decodeLink(`#s=${'A'.repeat(200_000)}`)).toThrow('longer than');
    const newer = Uint8Array.from(bytesOfHash);
    newer[0] = 3;
    expect(() => decodeLink(`#s=${toBase64url(newer)}`)).toThrow('has version 3');
  });

  test.each([
    'http://studies.example/a.regmix.json',
    'https://name:word@studies.example/a.regmix.json',
    'javascript:alert(1)',
    'data:application/json,{}',
    '//studies.example/a.regmix.json',
    `https://studies.example/${'a'.repeat(1_000)}`,
  ])('names no file that a page may not fetch: %s', (url) => {
    const file = { ...inFile.file, url };
    expect(() => linkOf(given, { ...inFile, file })).toThrow(LinkError);
    // Written past the check, it is refused where it is read.
    const bits = new BitWriter();
    bits.bits(1, 8);
    whole(255).write(bits, 3);
    text(800).write(bits, 'Somebody’s study');
    text(2_000).write(bits, url);
    const bytes = bits.toBytes();
    const signed = new Uint8Array(bytes.length + 4);
    signed.set(bytes);
    new DataView(signed.buffer).setUint32(bytes.length, crc32(bytes));
    expect(() => decodeLink(`#s=${toBase64url(signed)}`)).toThrow(/address|above 1000/);
  });

  test('is refused when the runs are other ones', () => {
    const { study } = given;
    const whole = wholeStudy(study);
    const [first, ...rest] = whole.training.mixtures.values;
    const values = Float64Array.of(first + 1e-9, ...rest);
    const mixtures = { ...whole.training.mixtures, values };
    const other = { ...whole, training: { ...whole.training, mixtures } };
    expect(() => applyLink(decodeLink(hash), other)).toThrow('made for other runs');
  });
});

describe('a study in a link', () => {
  test('comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(shared, async ({ study }) => {
        const { id, source, ...found } = await inflateStudy(await deflateStudy(study));
        const { id: _id, source: _source, ...kept } = wholeStudy(study);
        expect(found).toEqual(kept);
        expect(id).toBe(`linked-${studyFingerprint(study).toString(16)}`);
        expect(source.kind).toBe('files');
      }),
      { numRuns: 100 },
    );
  });

  test('opens validly or is refused, whatever happens to its bytes', async () => {
    const deflated = await deflateStudy(given.study);
    const mutations = fc.sample(mutation(deflated.length), { numRuns: damageCases, seed: 3 });
    let refused = 0;
    for (const change of mutations) {
      try {
        const { training, domains } = await inflateStudy(mutate(deflated, change));
        expect(training.mixtures.columns).toBe(domains.length);
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(damageCases / 2);
  });

  test('opens validly or is refused, whatever its JSON says', async () => {
    const text = await inflateText(await deflateStudy(given.study));
    const values = ['null', '-1', '1e999', '[]', '{}', '"x"', '{"__proto__":{"length":3}}'];
    const places = [...text.matchAll(/(?<=[:[,])("[^"]*"|-?[\d.e+-]+|null)/g)];
    for (const [place, value] of places.entries()) {
      const at = value.index;
      const changed =
        text.slice(0, at) + values[place % values.length] + text.slice(at + value[0].length);
      await inflateStudy(await deflateText(changed)).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LinkError);
      });
    }
    expect(places.length).toBeGreaterThan(50);
    expect(Object.hasOwn(Object.prototype, 'length')).toBe(false);
  });

  test('is given up at the ceiling: 1 MB that would unfold to 1 GB', async () => {
    // One layer of deflate makes at most 1,032 bytes of one: 1 kB ends at 1 MB.
    const bomb = deflatedZeros(1_000);
    const before = process.memoryUsage().arrayBuffers;
    await expect(inflateText(bomb)).rejects.toThrow('decompresses to more than 4,000,000 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  });

  test('is given up at the ceiling: the most that a link can hold', async () => {
    const bomb = deflatedZeros(30);
    expect(bomb.length).toBeLessThan(32_768);
    const hash = encodeLink({
      study: { kind: 'inline', deflated: bomb },
      domains: 2,
      targets: 1,
      mixtures: {},
      settings: {},
      view: {},
    });
    const { study } = decodeLink(hash);
    await expect(
      study.kind === 'inline' ? inflateStudy(study.deflated) : study.kind,
    ).rejects.toThrow(LinkError);
  });
});

/** So many millions of zeros, deflated: one piece, repeated. */
function deflatedZeros(millions: number): Uint8Array {
  const piece = deflateRawSync(new Uint8Array(1_000_000), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  });
  const end = Uint8Array.of(3, 0);
  return Uint8Array.from(Buffer.concat([...new Array<Buffer>(millions).fill(piece), end]));
}
