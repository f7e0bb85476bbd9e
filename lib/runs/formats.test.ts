import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { cleanId, cleanLabel } from '../model/labels';
import { fromRows } from '../model/matrix';
import type { RunTable } from '../model/study';
import { createRunsReader } from './reader';
import { studyOf } from './runs.fixture';
import { writeCsv } from './write-csv';
import { writeOlmixRuns } from './write-runs';

const domains = ['web', 'code'].map((id) => ({ id, name: id }));
const targets = [
  { id: 'web', name: 'Web loss', unit: 'nats per token', direction: 'lower' as const },
  { id: 'arc_acc', name: 'arc', unit: 'accuracy', direction: 'higher' as const },
];
const training: RunTable = {
  name: 'training',
  ids: Array.from({ length: 9 }, (_, run) => `run-${run}`),
  mixtures: fromRows(Array.from({ length: 9 }, (_, run) => [run / 9, 1 - run / 9])),
  losses: fromRows(
    Array.from({ length: 9 }, (_, run) => [3 + run / 7, run === 4 ? Number.NaN : run / 30]),
  ),
};

test("olmix's pair comes back to the last bit", () => {
  const { ratios, metrics } = writeOlmixRuns(training, domains, targets);
  expect(ratios.split('\n')[0]).toBe('run,name,index,web,code');
  const { training: back, targets: found } = studyOf({
    'ratios.csv': ratios,
    'metrics.csv': metrics,
  });
  expect(back?.ids).toEqual(training.ids);
  expect(back?.mixtures).toEqual(training.mixtures);
  expect(back?.losses).toEqual(training.losses);
  expect(found.map(({ id, direction }) => [id, direction])).toEqual([
    ['web', 'lower'],
    ['arc_acc', 'higher'],
  ]);
});

test('a run table of Weights & Biases: what crashed is left out and said', async () => {
  const header = 'Name,State,Notes,Tags,Created,Runtime,train_web,train_code,metric/web_val_loss';
  const rows = Array.from({ length: 12 }, (_, run) => {
    const state = run === 3 ? 'crashed' : run === 7 ? 'running' : 'finished';
    const loss = state === 'finished' ? String(3 - run / 20) : '';
    return `proxy-${run},${state},-,,2026-01-02T00:00:00.000Z,${600 + run},${run / 12},${1 - run / 12},${loss}`;
  });
  const reader = createRunsReader();
  const recognition = runJob(
    await reader.read([{ name: 'wandb_export.csv', text: [header, ...rows].join('\n') }]),
  );
  const runs = runJob(reader.build({ recognition, options: { acceptUnpaired: false } }));
  expect(runs.training?.ids).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10, 11].map((run) => `proxy-${run}`));
  expect(Array.from(runs.training?.losses.values ?? []).every(Number.isFinite)).toBe(true);
  expect(runs.domains.map(({ id }) => id)).toEqual(['web', 'code']);
  expect(runs.targets.map(({ id }) => id)).toEqual(['web']);
  expect(runs.notes.map(({ text }) => text)).toContain(
    '2 runs of wandb_export.csv left out: not finished (1 crashed and 1 running).',
  );
});

describe('text cells', () => {
  const wicked = fc
    .array(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", ' ', 'a', '1', '"', ',', ';'),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join(''));

  test('never begin a cell or a line like a formula, and come back as their label', () => {
    fc.assert(
      fc.property(wicked, (text) => {
        const written = writeCsv(['id', 'value'], [[text, 1]]);
        const [, [cell, value]] = Papa.parse<string[]>(written.trimEnd()).data;
        expect(value).toBe('1');
        if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)) {
          for (const line of cell.split(/[\r\n]/)) expect(line.trimStart()).not.toMatch(/^[=+\-@]/);
          expect(cell).not.toMatch(/^[\t\r]/);
        }
        // Ids of a study are labels already.
        const id = cleanLabel(text);
        const [, [read]] = Papa.parse<string[]>(
          writeCsv(['id', 'value'], [[id, 1]]).trimEnd(),
        ).data;
        expect(cleanId(read)).toBe(id);
      }),
      { numRuns: 5_000 },
    );
  });

  test('leave numbers as numbers', () => {
    expect(writeCsv(['x'], [[-1.5], ['-2'], ['+3'], ['-2+3']])).toBe("x\n-1.5\n-2\n+3\n'-2+3\n");
  });
});
