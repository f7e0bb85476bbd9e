import { describe, expect, it } from 'vitest';
import { noLesson } from './lesson';
import { parseLesson } from './lesson-file';
import { lessonPresets } from './lesson-presets';
import { smallSession } from './session.fixture';

describe('a stored lesson', () => {
  const lesson = { ...noLesson, hidesAnswer: true, hiddenStages: ['trust'], task: 'Guess.\nWhy?' };

  it('reads back as it was', () => {
    expect(parseLesson(JSON.stringify(lesson))).toEqual(lesson);
  });

  it.each([
    ['no JSON', '{'],
    ['another thing', '[]'],
    ['an unknown part', JSON.stringify({ ...lesson, run: 1 })],
    ['a part of another kind', JSON.stringify({ ...lesson, hidesAnswer: 'yes' })],
    ['a stage that is no id', JSON.stringify({ ...lesson, hiddenStages: ['<b>'] })],
    ['a task that is too long', JSON.stringify({ ...lesson, task: 'x'.repeat(501) })],
    ['too many stages', JSON.stringify({ ...lesson, hiddenStages: new Array(41).fill('trust') })],
  ])('is none when it is %s', (_, text) => {
    expect(parseLesson(text)).toBeNull();
  });

  it('says nothing that cannot be seen', () => {
    const text = JSON.stringify({ ...lesson, task: 'a\u202eb\u0007c' });
    expect(parseLesson(text)?.task).toBe('ab c');
  });
});

describe('tasks', () => {
  const { study, settings } = smallSession();
  const second = { ...study.targets[0], id: 'code', name: 'Code loss' };

  it('fit into a link, and set what they speak of', () => {
    const presets = lessonPresets({
      study: { ...study, targets: [...study.targets, second] },
      settings: { ...settings, target: 'code' },
    });
    expect(presets.map(({ id }) => id)).toEqual(['lowest', 'two', 'scarce']);
    for (const { task } of presets) expect(task.length).toBeLessThanOrEqual(500);
    const [, two, scarce] = presets;
    expect(two.settings.objective).toMatchObject({
      kind: 'weighted',
      weights: { code: 1, loss: 1 },
    });
    expect(scarce.label).toBe('Only 5% of the text is Code');
    expect(scarce.settings.constraints.availableTokens).toEqual([null, 1.25e9]);
  });

  it('are fewer where the study has one target and no tokens are requested', () => {
    const constraints = { ...settings.constraints, requestedTokens: null };
    const presets = lessonPresets({ study, settings: { ...settings, constraints } });
    expect(presets.map(({ id }) => id)).toEqual(['lowest']);
  });
});
