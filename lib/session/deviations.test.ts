import { describe, expect, it } from 'vitest';
import { leaveOut } from '../runs/left-out';
import type { OpenedStudy } from '../study/from-runs';
import { sessionOfRuns } from '../study/session.fixture';
import { deviationsOf } from './deviations';

const plain = sessionOfRuns(10);
const texts = (session: OpenedStudy) => deviationsOf(session).map(({ text }) => text);
const constraints = (change: Partial<OpenedStudy['settings']['constraints']>): OpenedStudy => ({
  ...plain,
  settings: { ...plain.settings, constraints: { ...plain.settings.constraints, ...change } },
});
const objective = (change: Partial<OpenedStudy['settings']['objective']>): OpenedStudy => ({
  ...plain,
  settings: { ...plain.settings, objective: { ...plain.settings.objective, ...change } },
});
const usual = texts(plain);

describe('deviations', () => {
  it.each([
    ['pull to the prior 0.10', objective({ kl: 0.1 })],
    ['repeats count less', objective({ discountRepeats: true })],
    ['worst mixture', objective({ seek: 'worst' })],
    [
      `${plain.study.domains[0].name} pinned at 25.0%`,
      constraints({ locked: plain.study.domains.map((_, domain) => (domain === 0 ? 0.25 : null)) }),
    ],
    [
      `${plain.study.domains.length} domains pinned`,
      constraints({ locked: plain.study.domains.map(() => 1 / plain.study.domains.length) }),
    ],
    ['1 run left out', { ...plain, study: leaveOut(plain.study, [plain.study.training.ids[0]]) }],
    ['search method chosen', { ...plain, settings: { ...plain.settings, engine: 'search' } }],
  ] as const)('says %s, and takes it back', (text, session) => {
    expect(texts(session)).toEqual(expect.arrayContaining([text]));
    expect(usual).not.toContain(text);
    const found = deviationsOf(session).find((each) => each.text === text);
    expect(found && texts(found.without(session))).toEqual(usual);
  });

  it('names no pull to the prior where the worst mixture is sought, which knows none', () => {
    expect(texts(objective({ seek: 'worst', kl: 0.1 }))).toEqual(['worst mixture', ...usual]);
  });
});
