import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { buildStudyRuns } from './build';
import { RunsError } from './errors';
import { recognise } from './recognise';
import { pair, studyOf, tablesOf } from './runs.fixture';

describe('properties', () => {
  test('the order of rows and columns makes no difference', () => {
    const order = (length: number) =>
      fc.shuffledSubarray([...Array(length).keys()], { minLength: length });
    const cells = [
      ['index', 'train_web', 'train_code', 'train_law'],
      ...Array.from({ length: 9 }, (_, run) => [run, run / 16, (8 - run) / 16, 0.5].map(String)),
    ];
    const values = [
      ['index', 'metric/web_val_loss', 'metric/law_val_loss'],
      ...Array.from({ length: 9 }, (_, run) => [run, 3 + run / 8, 4 - run / 8].map(String)),
    ];
    const arranged = (table: string[][], rows: number[], columns: number[]) =>
      [0, ...rows.map((row) => row + 1)]
        .map((row) => columns.map((column) => table[row][column]).join(','))
        .join('\n');
    const byId = (files: Record<string, string>) => {
      const { domains, targets, training } = studyOf(files);
      if (training === null) throw new Error('no training set');
      return new Map(
        training.ids.map((id, row) => [
          id,
          new Map([
            ...domains.map(
              (domain, index) => [`w ${domain.id}`, rowOf(training.mixtures, row)[index]] as const,
            ),
            ...targets.map(
              (target, index) => [`l ${target.id}`, rowOf(training.losses, row)[index]] as const,
            ),
          ]),
        ]),
      );
    };
    const identity = (length: number) => [...Array(length).keys()];
    const expected = byId({
      'mixture.csv': arranged(cells, identity(9), identity(4)),
      'loss.csv': arranged(values, identity(9), identity(3)),
    });
    fc.assert(
      fc.property(
        order(9),
        order(4),
        order(9),
        order(3),
        (rows, columns, lossRows, lossColumns) => {
          const found = byId({
            'mixture.csv': arranged(cells, rows, columns),
            'loss.csv': arranged(values, lossRows, lossColumns),
          });
          expect([...found.keys()]).toEqual(rows.map(String));
          for (const [id, run] of expected) {
            expect(new Map([...(found.get(id) ?? [])].sort())).toEqual(new Map([...run].sort()));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('damaged files end in a study or in the typed error', () => {
    const whole = Object.entries(pair());
    const damage = fc.array(
      fc.record({
        file: fc.nat(1),
        at: fc.nat(400),
        remove: fc.nat(3),
        insert: fc.oneof(
          fc.constantFrom(',', '"', '\n', '\r', ';', '\0', '-', 'e', '.', '%', 'NaN', '9', ''),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    );
    let studies = 0;
    let refusals = 0;
    fc.assert(
      fc.property(damage, fc.boolean(), (hits, acceptUnpaired) => {
        const files = whole.map(([name, text]) => ({ name, text }));
        for (const { file, at, remove, insert } of hits) {
          const { text } = files[file];
          files[file].text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        try {
          const tables = tablesOf(Object.fromEntries(files.map(({ name, text }) => [name, text])));
          const { training } = runJob(
            buildStudyRuns(tables, recognise(tables), { acceptUnpaired }),
          );
          if (training === null) throw new Error('no training set');
          for (let row = 0; row < training.ids.length; row++) {
            const weights = rowOf(training.mixtures, row);
            expect(weights.every((weight) => weight >= 0)).toBe(true);
            expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 11);
          }
          expect(training.losses.values.some((value) => Math.abs(value) === Infinity)).toBe(false);
          studies++;
        } catch (error) {
          if (!(error instanceof RunsError)) throw error;
          expect(error.message).not.toBe('');
          refusals++;
        }
      }),
      { numRuns: 3000 },
    );
    // The damage is such that both ends are reached, or this test would show nothing.
    expect(Math.min(studies, refusals)).toBeGreaterThan(100);
  });
});
