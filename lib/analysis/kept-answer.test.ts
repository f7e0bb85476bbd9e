import { describe, expect, it } from 'vitest';
import { fromRows } from '../model/matrix';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import type { Session } from '../session/study-store';
import { answerKey, createAnswerMemory } from './kept-answer';
import { prepareAnalysis } from './prepare';

const weights = Array.from({ length: 24 }, (_, run) => ((run * 7) % 24) / 23);
const study: Study = {
  version: 1,
  id: 'kept',
  name: 'kept',
  source: { kind: 'files', detail: 'made for a test' },
  domains: [
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B' },
  ],
  targets: [{ id: 'loss', name: 'Loss', unit: '', direction: 'lower' }],
  training: {
    name: 'training',
    ids: weights.map((_, run) => String(run)),
    mixtures: fromRows(weights.map((a) => [a, 1 - a])),
    losses: fromRows(weights.map((a) => [3 - a])),
  },
  testSets: [],
  prior: { kind: 'uniform', weights: Float64Array.of(0.5, 0.5) },
  human: null,
};
const session: Session = {
  study,
  settings: { ...defaultSettings(study), regressor: 'law', samples: 200, topK: 8 },
};

function memory(text: string | null = null) {
  let stored = text;
  const answers = createAnswerMemory({
    get: () => stored,
    set: (next) => {
      stored = next;
    },
  });
  return { answers, text: () => stored };
}

function kept(): { text: string; answer: NonNullable<ReturnType<typeof answerOf>> } {
  const answer = answerOf();
  if (!answer) throw new Error('the study of this test has an answer');
  const { answers, text } = memory();
  answers.keep(session, answer);
  return { text: text() ?? '', answer };
}

function answerOf() {
  const { report, solved, advice, correction } = prepareAnalysis(session).optimum;
  return report && solved ? { report, solved, advice, correction } : null;
}

describe('the memory of the last answer', () => {
  it('gives back what was kept, to the last digit', () => {
    const { text, answer } = kept();
    expect(answer.correction).not.toBeNull();
    expect(memory(text).answers.recall(session)).toEqual(answer);
  });

  it('gives nothing back for other runs, settings, limits or priors', () => {
    const { text } = kept();
    const { settings } = session;
    const moved = fromRows(weights.map((a) => [a, 1 - a]));
    moved.values[0] += 1e-9;
    const others: Session[] = [
      { ...session, study: { ...study, training: { ...study.training, mixtures: moved } } },
      {
        ...session,
        study: { ...study, prior: { kind: 'file', weights: Float64Array.of(0.4, 0.6) } },
      },
      { ...session, settings: { ...settings, regressor: 'ridge' } },
      { ...session, settings: { ...settings, yours: [0.2, 0.8] } },
      { ...session, settings: { ...settings, objective: { ...settings.objective, kl: 0.1 } } },
      {
        ...session,
        settings: { ...settings, constraints: { ...settings.constraints, max: [0.3, null] } },
      },
    ];
    for (const other of others) expect(memory(text).answers.recall(other)).toBeNull();
    const { seek, kl, ...rest } = settings.objective;
    const reordered = { ...session, settings: { ...settings, objective: { kl, seek, ...rest } } };
    expect(memory(text).answers.recall(reordered)).not.toBeNull();
    const renamed = { ...session, study: { ...study, name: 'Renamed', id: 'again' } };
    expect(memory(text).answers.recall(renamed)).not.toBeNull();
  });

  it('tells imported models of every target of the objective apart', () => {
    const both: Study = {
      ...study,
      targets: [...study.targets, { id: 'other', name: 'Other', unit: '', direction: 'lower' }],
      training: { ...study.training, losses: fromRows(weights.map((a) => [3 - a, 2 + a])) },
    };
    const keyWith = (id: string) =>
      answerKey({
        study: {
          ...both,
          imported: ['loss', 'other'].map((target) => ({
            id: target === 'loss' ? 'first' : id,
            target,
            name: `${target}.json`,
            model: {
              kind: 'linear',
              intercept: 3,
              coefficients: Float64Array.of(-1, 0),
              penalty: 0,
            },
          })),
        },
        settings: {
          ...defaultSettings(both),
          regressor: 'imported',
          objective: {
            ...defaultSettings(both).objective,
            kind: 'weighted',
            weights: { loss: 1, other: 1 },
          },
        },
      });
    expect(keyWith('second')).not.toBe(keyWith('third'));
    expect(keyWith('second')).toBe(keyWith('second'));
  });

  it('gives nothing back of a text that is damaged', () => {
    const { text } = kept();
    const { key, report, advice, at } = JSON.parse(text);
    const { optimum, coverage } = report;
    const damaged = [
      null,
      '',
      text.slice(0, -10),
      '[]',
      JSON.stringify({ key }),
      ...[
        { ...report, optimum: { ...optimum, weights: [1] } },
        { ...report, optimum: { ...optimum, weights: [0.7, 0.7] } },
        { ...report, optimum: { ...optimum, weights: [1.5, -0.5] } },
        { ...report, optimum: { ...optimum, weights: ['0.5', 0.5] } },
        { ...report, optimum: { ...optimum, predicted: null } },
        { ...report, optimum: { ...optimum, binding: [2] } },
        { ...report, optimum: { ...optimum, engine: 'magic' } },
        { ...report, coverage: { ...coverage, nearest: 24 } },
        { ...report, prior: [] },
        null,
      ].map((changed) => JSON.stringify({ key, report: changed, advice, at })),
      JSON.stringify({ key, report, advice, at: [{ optimism: 'much', spread: 0 }] }),
      JSON.stringify({ key, report, advice: { ...advice, verb: 'buy' }, at }),
    ];
    for (const each of damaged) expect(memory(each).answers.recall(session), each ?? '').toBeNull();
  });
});
