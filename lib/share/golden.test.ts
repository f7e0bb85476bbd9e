import { describe, expect, test } from 'vitest';
import { boundsOf } from '../optimum/constraints';
import { openRuns } from '../study/from-runs';
import { publishedMixtures } from '../study/published';
import { defaultSettings, type Settings } from '../study/settings';
import type { Study } from '../study/types';
import { applyLink } from './apply';
import { baseView } from './base';
import { goldenLinks } from './golden.fixture';
import { decodeLink, encodeLink } from './link';
import { linkFor } from './link-for';
import { openBuiltIn, pileRuns } from './studies.fixture';

describe('links of version 1', () => {
  for (const [place, { hash, content }] of goldenLinks.entries()) {
    test(`open and say what they said: ${place + 1}`, () => {
      expect(decodeLink(hash)).toEqual(content);
      // Made anew they are the same, so that two links to one view can be told to be one.
      expect(encodeLink(content)).toBe(hash);
    });
  }
});

describe('the link of a study', () => {
  test('gives back what each built-in study opens with', async () => {
    for (const id of ['languages', 'simulated']) {
      const session = openBuiltIn(id);
      const link = await linkFor(session, baseView, 'https://page.example/#optimum');
      expect(link).toMatch(/^https:\/\/page\.example\/#s=/);
      const { session: opened } = applyLink(decodeLink(new URL(link).hash), session.study);
      expect(opened).toEqual(session);
    }
  });

  test('has at most 300 characters for 17 domains, a cap for each and a mixture', async () => {
    const { study, settings } = openRuns(pileRuns(), {
      id: 'published',
      name: 'The Pile',
      source: { kind: 'published', detail: '' },
    });
    const session = { study, settings: hardest(study, settings) };
    const link = await linkFor(session, baseView, 'https://page.example/');
    const { hash } = new URL(link);
    expect(hash.length).toBeLessThanOrEqual(300);
    const opened = applyLink(decodeLink(hash), study).session;
    expect(opened).toEqual(session);
    expect(boundsOf(opened.settings.constraints)).toEqual(boundsOf(session.settings.constraints));
  });

  test('of one’s own runs is made only when they may stand in it', async () => {
    const { study } = openBuiltIn('simulated');
    const own = { ...study, id: 'opened-1', training: { ...study.training } };
    const session = { study: own, settings: defaultSettings(own) };
    await expect(linkFor(session, baseView, 'https://page.example/')).rejects.toThrow(
      'in this tab only',
    );
    const link = await linkFor(session, baseView, 'https://page.example/', { inline: true });
    expect(decodeLink(new URL(link).hash).study.kind).toBe('inline');
  });
});

/** Amounts of five digits for every domain, as a slider gives them, and weights with all their digits. */
function hardest(study: Study, settings: Settings): Settings {
  const human = publishedMixtures(study.domains.map(({ id }) => id))?.human ?? [];
  const yours = Array.from(human, (weight, place) => (weight + study.prior.weights[place]) / 2);
  return {
    ...settings,
    target: study.targets[3].id,
    yours,
    constraints: {
      ...settings.constraints,
      availableTokens: study.domains.map((_, place) => (12_347 + 971 * place) * 10 ** 5),
    },
  };
}
