/** Small files that would take minutes or gigabytes if their parts were combined before they are counted. */
import { expect, test } from 'vitest';
import { runJob } from '../model/job';
import { readDomainTable } from './domain-table';
import { createRunsReader } from './reader';
import { refusal } from './runs.fixture';

const names = (count: number, letter: string) =>
  Array.from({ length: count }, (_, at) => `${letter}${at}`);

async function recognised(name: string, text: string) {
  return runJob(await createRunsReader().read([{ name, text }]));
}

test('a list of letters and blanks in a cell is no dictionary, whatever its length', async () => {
  const cell = `${'a'.repeat(40)}${' '.repeat(4_900)}`.repeat(2);
  const rows = Array.from({ length: 12 }, (_, run) => `${run},"${cell},${cell}",3.${run}`);
  const { files } = await recognised('a.csv', ['run,mixture,loss', ...rows].join('\n'));
  expect(files[0].columns.map(({ header }) => header)).toEqual(['run', 'mixture', 'loss']);
});

test('objects of domains with names of their own are counted before they are a table', () => {
  const objects = names(3_000, 'c').map((key, at) => `"${key}": {"d${at}": 1}`);
  const text = `{${objects.join(', ')}}`;
  const domains = [{ id: 'd1', name: 'D1' }];
  const found = refusal(() => readDomainTable({ name: 'a.json', text }, domains));
  expect(found.message).toContain('at most 200,000 values of domains');
});

test('columns by id are counted before they are rows', async () => {
  const objects = names(3_000, 'c').map((key, at) => `"${key}": {"${at}": 1}`);
  await expect(recognised('a.json', `{${objects.join(', ')}}`)).rejects.toThrow('too large');
});

test('columns apart from their rows are bounded', async () => {
  const columns = JSON.stringify(names(60_000, 'c'));
  await expect(recognised('a.json', `{"columns": ${columns}, "data": [[1]]}`)).rejects.toThrow(
    'too large',
  );
});

test('a long name over many values is cut, not copied for each', async () => {
  const values = names(1_000, 'v').map((key) => `"${key}": 1`);
  const text = `{"${'n'.repeat(100_000)}": {${values.join(', ')}}, "run": 1}`;
  // All names are cut to the same.
  await expect(recognised('a.jsonl', `${text}\n${text}`)).rejects.toThrow('this name twice');
});
