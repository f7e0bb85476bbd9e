import { describe, expect, test } from 'vitest';
import { selectRows } from '../model/matrix';
import { defaultSettings, type Settings } from '../model/settings';
import type { Study } from '../model/study';
import { boundsOf } from '../optimum/constraints';
import { leaveOut } from '../runs/left-out';
import { type OpenedStudy, openRuns } from '../study/from-runs';
import { publishedMixtures } from '../study/published';
import { smallSession } from '../study/session.fixture';
import { applyLink } from './apply';
import { baseView, describeChanges } from './changes';
import { goldenLinks } from './golden.fixture';
import { decodeLink, encodeLink } from './link';
import { linkFor } from './link-for';
import { openBuiltIn, pileRuns } from './studies.fixture';
import { inflateStudy, studyFingerprint } from './study-in-link';

describe('published links', () => {
  for (const [place, { hash, content }] of goldenLinks.entries()) {
    test(`open and say what they said: ${place + 1}`, () => {
      expect(decodeLink(hash)).toEqual(content);
      // Made anew they are the same, so that two links to one view can be told to be one.
      expect(encodeLink(content)).toBe(hash);
    });
  }
});

describe('the link of a study', () => {
  test('names the runs that are left out, of a study that all have and of one’s own', async () => {
    const { study, settings } = openBuiltIn('simulated');
    const { ids } = study.training;
    const session = { study: leaveOut(study, [ids[0], ids[5], ids[60]]), settings };
    const link = await linkFor(session, baseView, 'https://page.example/');
    const content = decodeLink(new URL(link).hash);
    expect(content.leftOut).toEqual([0, 5, 60]);
    expect(describeChanges(content)).toContain('3 runs left out');
    expect(applyLink(content, study).session).toEqual(session);
    // A page on which other runs are left out opens it alike.
    expect(applyLink(content, leaveOut(study, [ids[7]])).session).toEqual(session);
    expect(() => applyLink({ ...content, leftOut: [9_999] }, study)).toThrow('other runs');

    const { study: plain } = smallSession();
    const [web, code] = plain.domains;
    const domains = [{ ...web, column: 'train_web' }, code];
    const small: Study = { ...plain, id: 'linked', domains };
    const own = { study: leaveOut(small, ['run 8']), settings: smallSession().settings };
    const inline = await linkFor(own, baseView, 'https://page.example/', { inline: true });
    const inlined = decodeLink(new URL(inline).hash);
    expect(inlined.study.kind).toBe('inline');
    if (inlined.study.kind !== 'inline') return;
    const found = await inflateStudy(inlined.study.deflated);
    expect(found.training.ids).toEqual(small.training.ids);
    expect(found.domains).toEqual(domains);
    expect(applyLink(inlined, found).session.study.training.ids).toEqual(own.study.training.ids);
  });

  test('holds to what was tried only if it says so: older links open with that limit lifted', async () => {
    const { study, settings } = openBuiltIn('simulated');
    const reference = {
      kind: 'built-in',
      id: 'simulated',
      print: studyFingerprint(study),
    } as const;
    const [domains, targets] = [study.domains.length, study.targets.length];
    const before = { study: reference, domains, targets, mixtures: {}, settings: {}, view: {} };
    const opened = applyLink(decodeLink(encodeLink(before)), study).session.settings;
    expect(opened.constraints.beyondTried).toBe(true);
    for (const beyondTried of [true, false]) {
      const constraints = { ...settings.constraints, beyondTried };
      const session = { study, settings: { ...settings, constraints } };
      const link = await linkFor(session, baseView, 'https://page.example/');
      expect(applyLink(decodeLink(new URL(link).hash), study).session).toEqual(session);
    }
  });

  test('is of the lowest version that can say what was set', async () => {
    const { study, settings } = openBuiltIn('simulated');
    const versionOf = async (session: OpenedStudy) => {
      const { hash } = new URL(await linkFor(session, baseView, 'https://page.example/'));
      return Buffer.from(hash.slice('#s='.length), 'base64url')[0];
    };
    // As a study opens it is held to what was tried, which version 1 cannot say.
    expect(await versionOf({ study, settings })).toBe(2);
    const constraints = { ...settings.constraints, beyondTried: true };
    const lifted = { ...settings, constraints };
    expect(await versionOf({ study, settings: lifted })).toBe(1);
    const [first] = study.training.ids;
    expect(await versionOf({ study: leaveOut(study, [first]), settings: lifted })).toBe(2);
  });

  test('is refused by name where more runs are left out than it can hold', async () => {
    const { study, settings } = openBuiltIn('simulated');
    const { training } = study;
    const rows = 1_100;
    const repeated = Array.from({ length: rows }, (_, row) => row % training.ids.length);
    const whole: Study = {
      ...study,
      training: {
        name: training.name,
        ids: repeated.map((_, row) => `run ${row}`),
        mixtures: selectRows(training.mixtures, Int32Array.from(repeated)),
        losses: selectRows(training.losses, Int32Array.from(repeated)),
      },
    };
    const without = (count: number) =>
      linkFor(
        { study: leaveOut(whole, whole.training.ids.slice(0, count)), settings },
        baseView,
        'https://page.example/',
      );
    const most = decodeLink(new URL(await without(1_000)).hash);
    expect(most.leftOut).toHaveLength(1_000);
    expect(applyLink(most, whole).session.study.leftOut?.ids).toHaveLength(1_000);
    await expect(without(1_001)).rejects.toThrow(
      'A link can leave out 1,000 runs at most; this study leaves out 1,001.',
    );
  });

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
      source: { kind: 'published', detail: '', builtIn: 'published' },
    });
    const session = { study, settings: hardest(study, settings) };
    const link = await linkFor(session, baseView, 'https://page.example/');
    const { hash } = new URL(link);
    expect(hash.length).toBeLessThanOrEqual(300);
    const opened = applyLink(decodeLink(hash), study).session;
    expect(opened).toEqual(session);
    expect(boundsOf(opened.settings.constraints, study)).toEqual(
      boundsOf(session.settings.constraints, study),
    );
  });

  test('of one’s own runs is made only when they may stand in it', async () => {
    const { study } = openBuiltIn('simulated');
    const { builtIn: _, ...source } = study.source;
    const own = { ...study, source };
    const session = { study: own, settings: defaultSettings(own) };
    await expect(linkFor(session, baseView, 'https://page.example/')).rejects.toThrow(
      'in this tab only',
    );
    const link = await linkFor(session, baseView, 'https://page.example/', { inline: true });
    expect(decodeLink(new URL(link).hash).study.kind).toBe('inline');
  });

  test('names the public file of a whole study, and says its mixtures itself', async () => {
    const { study } = openBuiltIn('simulated');
    const file = { url: 'https://studies.example/mine.regmix.json', sha256: 'ab'.repeat(32) };
    const weights = study.prior.weights.map((_, at) => (at === 2 ? 1 : 0));
    const { builtIn: _, ...source } = study.source;
    const own: Study = {
      ...study,
      source: { ...source, file },
      prior: { kind: 'typed', weights },
      human: { name: 'mine', weights: study.prior.weights },
    };
    const session = { study: own, settings: { ...defaultSettings(own), seed: 7 } };
    const { hash } = new URL(await linkFor(session, baseView, 'https://page.example/'));
    expect(decodeLink(hash).study).toMatchObject({ kind: 'file', file, name: own.name });
    // What the file itself says of prior and human mixture does not count.
    const asInFile = { ...own, prior: study.prior, human: null };
    expect(applyLink(decodeLink(hash), asInFile).session).toEqual(session);
  });

  test('shows what is usual in place of a model from elsewhere, which is not in it', async () => {
    const { study } = openBuiltIn('simulated');
    const coefficients = new Float64Array(study.domains.length).fill(1);
    const model = { kind: 'linear', intercept: 2, coefficients, penalty: 0 } as const;
    const target = study.targets[0].id;
    const imported = [{ id: 'a', target, name: 'mine.onnx', model }];
    const settings: Settings = { ...defaultSettings(study), regressor: 'imported' };
    const { builtIn: _, ...source } = study.source;
    const small: Study = { ...study, source, imported };
    for (const each of [{ ...study, imported }, small]) {
      const session = { study: each, settings };
      const link = await linkFor(session, baseView, 'https://page.example/', { inline: true });
      const content = decodeLink(new URL(link).hash);
      const { study: named } = content;
      const found = named.kind === 'inline' ? await inflateStudy(named.deflated) : study;
      const opened = applyLink(content, found).session;
      expect(opened.settings.regressor).toBe(defaultSettings(study).regressor);
      expect(opened.study.imported).toBeUndefined();
    }
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
