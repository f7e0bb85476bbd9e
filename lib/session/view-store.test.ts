import { describe, expect, it } from 'vitest';
import { type JobNews, otherStudyText } from './view-store';

const news: JobNews = {
  phase: 'running',
  job: 'b',
  many: 'proxies',
  done: 3,
  total: 96,
  share: 0.03,
  left: 60,
  act: null,
  problem: '',
};

describe('whose answer is on view', () => {
  it('is said while another study is trained', () => {
    const text = 'This is about “Languages”, not about the study in training, 3 of 96 proxies.';
    expect(otherStudyText({ name: 'Languages', training: undefined }, news)).toBe(text);
    expect(otherStudyText({ name: 'Languages', training: 'a' }, news)).toBe(text);
    const paused = { ...news, phase: 'paused' } as const;
    expect(otherStudyText({ name: 'Languages', training: 'a' }, paused)).toBe(text);
  });

  it('is not said of the study that is trained, nor once the training is over', () => {
    expect(otherStudyText({ name: 'Mine', training: 'b' }, news)).toBe('');
    expect(otherStudyText({ name: 'Mine', training: 'a' }, null)).toBe('');
    for (const phase of ['done', 'failed', 'saved', 'starting'] as const) {
      const job = phase === 'starting' ? '' : 'b';
      expect(otherStudyText({ name: 'Mine', training: 'a' }, { ...news, phase, job })).toBe('');
    }
  });
});
