import { parquetWriteBuffer } from 'hyparquet-writer';
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

  test('of the same name and other bytes are two, also where they are no text', async () => {
    const read = (cells: number[]) => {
      const run = cells.map((_, row) => `r${row}`);
      const data = parquetWriteBuffer({
        columnData: [
          { name: 'run', data: run },
          { name: 'train_web', data: cells },
        ],
      });
      return new File([data], 'runs.parquet');
    };
    const reader = createRunsReader();
    const files = [read([0.25, 1]), read([0.5, 0.75])];
    const { files: named } = runJob(await reader.read(files));
    expect(named.map(({ name }) => name)).toEqual(['runs.parquet', 'runs (2).parquet']);
    await expect(reader.read([files[0], files[0]])).rejects.toThrow(/twice/);
  });

  test('of the same contents under two names are two files', () => {
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, text: 'x' }));
    expect(distinctFiles(files)).toEqual(files);
  });

  test('are read by their bytes, and what was done to them is noted until they are built', async () => {
    const reader = createRunsReader();
    const text = wide(...filler).replaceAll('train_code', 'train_caf\u00e9');
    const narrow = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const other = Uint16Array.from(`\ufeff${wide(...filler)}`, (letter) => letter.charCodeAt(0));
    const recognition = runJob(
      await reader.read([new File([narrow], 'a.csv'), new File([other], 'b.csv')]),
    );
    expect(recognition.files.map(({ name, rows }) => [name, rows])).toEqual([
      ['a.csv', 8],
      ['b.csv', 8],
    ]);
    expect(recognition.notes.map(({ text: note }) => note).join()).toContain('"train_café"');
    await reader.read([new File([narrow], 'a.csv')]).then((job) => {
      const alone = runJob(job);
      const { notes } = runJob(
        reader.build({ recognition: alone, options: { acceptUnpaired: false } }),
      );
      expect(notes.map(({ text: note }) => note).join()).toContain('Windows-1252');
    });
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

test('says before runs are used what using them will note', async () => {
  const rows = Array.from(
    { length: 12 },
    (_, run) => `${run},${8 * run},${100 - 8 * run},${3 + run}`,
  );
  const text = ['run,train_web,train_code,web_loss', ...rows].join('\n');
  const reader = createRunsReader();
  const recognition = runJob(await reader.read([{ name: 'runs.csv', text }]));
  const asked = { recognition, options: { acceptUnpaired: true } };
  const { notes, domains } = runJob(reader.foresee(asked));
  expect(domains).toEqual(['web', 'code']);
  expect(notes.map((note) => note.text)).toContain(
    'The weights of runs.csv are percentages and were read as shares.',
  );
  expect(notes).toEqual(runJob(reader.build(asked)).notes);
  const few = { ...recognition, sets: [] };
  expect(runJob(reader.foresee({ ...asked, recognition: few }))).toEqual({
    notes: [],
    domains: [],
  });
});
