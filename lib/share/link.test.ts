import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLink } from '../model/text-kinds';
import { applyLink } from './apply';
import { contentOf } from './changes';
import type { LinkContent, StudyReference } from './content';
import { decodeLink, encodeLink } from './link';
import { shared } from './studies.fixture';
import { studyFingerprint } from './study-in-link';

type Shared = typeof shared extends fc.Arbitrary<infer Given> ? Given : never;

const publicFile = fc.record({
  url: fc.webUrl({ validSchemes: ['https'] }),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
});

/** Every way to name runs that are not in the link itself. */
const references = (print: number): fc.Arbitrary<StudyReference> =>
  fc.oneof(
    fc.constant({ kind: 'built-in' as const, id: 'simulated' as const, print }),
    fc.record({
      kind: fc.constant('addresses' as const),
      name: fc.string({ maxLength: 50 }),
      files: fc.array(publicFile, { minLength: 1, maxLength: 3 }),
      print: fc.constant(print),
    }),
    fc.record({
      kind: fc.constant('file' as const),
      name: fc.string({ maxLength: 50 }),
      file: publicFile,
      print: fc.constant(print),
    }),
  );

function throughLink({ study, settings, view }: Shared, reference: StudyReference) {
  return decodeLink(encodeLink(contentOf({ study, settings }, view, reference)));
}

const linked = shared.chain((given) =>
  fc.record({ given: fc.constant(given), reference: references(studyFingerprint(given.study)) }),
);

describe('a link', () => {
  test('says again everything that was on the page, to the last bit', () => {
    fc.assert(
      fc.property(linked, ({ given, reference }) => {
        const { study, settings, view } = given;
        const content = throughLink(given, reference);
        expect(content.study).toEqual(reference);
        const runs = {
          ...study,
          prior: { kind: 'uniform', weights: study.prior.weights } as const,
        };
        const opened = applyLink(content, { ...runs, human: null });
        expect(opened.session.study).toEqual(study);
        expect(opened.session.settings).toEqual(settings);
        expect(opened.view).toEqual(view);
      }),
      { numRuns: 300 },
    );
  });

  test('takes any number as it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e18, noNaN: true }), (tokens) => {
        const content: LinkContent = {
          study: { kind: 'built-in', id: 'published', print: 2 ** 32 - 1 },
          domains: 2,
          targets: 1,
          mixtures: {},
          settings: {
            constraints: {
              requestedTokens: tokens,
              availableTokens: [null, tokens],
              max: [undefined, 1],
            },
          },
          view: {},
        };
        expect(decodeLink(encodeLink(content))).toEqual(content);
      }),
      { numRuns: 2000 },
    );
  });

  test('holds short decimals in fewer characters than other numbers', () => {
    const length = (tokens: number) =>
      encodeLink({
        study: { kind: 'built-in', id: 'published', print: 1 },
        domains: 17,
        targets: 13,
        mixtures: {},
        settings: { constraints: { availableTokens: new Array(17).fill(tokens) } },
        view: {},
      }).length;
    expect(length(2.5e9)).toBeLessThan(length(1e9 / 3) / 2);
  });

  test('is distinguished from an anchor of the page', () => {
    expect(isLink('#optimum')).toBe(false);
    expect(isLink('')).toBe(false);
    expect(isLink('#s=AQ')).toBe(true);
  });
});
