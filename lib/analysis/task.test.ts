import { describe, expect, it } from 'vitest';
import { startedTask, type TaskState, taskOf } from './task';

const done: TaskState<number> = {
  status: 'done',
  progress: null,
  value: 1,
  problem: '',
  key: 'limits 1',
  subject: 'Spanish',
};

describe('what is on view for a request', () => {
  it('is its own answer', () => {
    expect(taskOf(done, 'limits 1', 'Spanish')).toMatchObject({ status: 'done', value: 1 });
    expect(taskOf(null, 'limits 1', 'Spanish')).toMatchObject({ status: 'running', value: null });
  });

  it('is never the answer about another subject, from the moment at which that changes', () => {
    expect(taskOf(done, 'limits 1, German', 'German')).toMatchObject({
      status: 'running',
      value: null,
    });
    const started = startedTask(done, 'limits 1, German', 'German');
    expect(started.value).toBeNull();
    // Back again before there was an answer.
    expect(taskOf(started, 'limits 1', 'Spanish').value).toBeNull();
  });

  it('is the former answer about the same subject until there is a newer one, and not called done', () => {
    expect(taskOf(done, 'limits 2', 'Spanish')).toMatchObject({ status: 'running', value: 1 });
    const started = startedTask(done, 'limits 2', 'Spanish');
    expect(taskOf(started, 'limits 3', 'Spanish')).toMatchObject({ status: 'running', value: 1 });
  });

  it('is the same object where nothing is requested', () => {
    expect(taskOf(done, null, 'Spanish')).toMatchObject({ status: 'idle', value: 1 });
    expect(taskOf(done, null, 'German')).toEqual({
      status: 'idle',
      progress: null,
      value: null,
      problem: '',
    });
  });

  it('is no former refusal', () => {
    const failed: TaskState<number> = { ...done, status: 'failed', value: null, problem: 'No.' };
    expect(taskOf(failed, 'limits 2', 'Spanish')).toMatchObject({ status: 'running', problem: '' });
  });
});
