import { describe, expect, test } from 'vitest';
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { createRunsReader, distinctFiles } from './reader';
import { filler, pair, wide } from './runs.fixture';

describe('files that are read together', () => {
  test('get names of their own', () => {
    const files = ['runs.csv', 'runs.csv', 'runs', 'runs', 'a.b.csv', 'a.b.csv', 'runs (2).csv'];
    const named = distinctFiles(files.map((name, index) => ({ name, text: String(index) })));
    expect(named.map(({ name }) => name)).toEqual([
      'runs.csv',
      'runs (2).csv',
      'runs',
      'runs (2)',
      'a.b.csv',
      'a.b (2).csv',
      'runs (2) (2).csv',
    ]);
    expect(named.map(({ text }) => text)).toEqual(files.map((_, index) => String(index)));
  });

  test('may not be one file twice, even behind another of its name', () => {
    const texts = ['x', 'y', 'y'].map((text) => ({ name: 'runs.csv', text }));
    expect(() => distinctFiles(texts)).toThrow(StageError);
  });

  test('of the same contents under two names are two files', () => {
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, text: 'x' }));
    expect(distinctFiles(files)).toEqual(files);
  });

  test('are retained until they are built', async () => {
    const reader = createRunsReader();
    const files = Object.entries(pair()).map(([name, text]) => ({ name, text }));
    const recognition = runJob(await reader.read(files));
    const options = { acceptUnpaired: false };
    expect(runJob(reader.build({ recognition, options })).training?.ids).toHaveLength(10);
    await reader.read([{ name: 'a.csv', text: wide(...filler) }]).then(runJob);
    expect(() => reader.build({ recognition, options })).toThrow(/no longer in memory/);
  });
});
