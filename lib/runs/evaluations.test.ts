import { describe, expect, test } from 'vitest';
import { runJob } from '../model/job';
import { readFiles } from './read-files';
import { readTable } from './read-table';
import { cellText } from './table';

/** A result file as the harness writes it since version 0.4. */
function results(accuracy: number, model: object) {
  return JSON.stringify({
    results: {
      hellaswag: {
        alias: 'hellaswag',
        'acc,none': accuracy,
        'acc_stderr,none': 0.005,
        'acc_norm,none': accuracy + 0.1,
        'acc_norm_stderr,none': 0.005,
      },
      gsm8k: {
        alias: ' - gsm8k',
        sample_len: 1319,
        'exact_match,strict-match': 0.01,
        'exact_match_stderr,strict-match': 'N/A',
      },
    },
    groups: { all: { 'acc,none': 0.5 } },
    configs: { hellaswag: { metric_list: [{ metric: 'acc' }] } },
    versions: { hellaswag: 1 },
    'n-shot': { hellaswag: 0 },
    ...model,
  });
}
const opened = (texts: readonly string[], name = (place: number) => `results_${place}.json`) =>
  texts.map((text, place) => ({ name: name(place), text, notes: [] }));

describe('result files of lm-evaluation-harness', () => {
  test.each<[string, (run: string) => object]>([
    ['model_name', (run) => ({ model_name: `ckpts/${run}` })],
    ['a checkpoint below the run', (run) => ({ model_name: `ckpts/${run}/step1000/hf` })],
    [
      'arguments as text',
      (run) => ({ config: { model: 'hf', model_args: `pretrained=/x/${run},dtype=auto` } }),
    ],
    ['arguments as an object', (run) => ({ config: { model_args: { pretrained: `org/${run}` } } })],
  ])('together are one table of losses, named by %s', (_, model) => {
    const texts = ['run00', 'run01', 'run02'].map((run, place) => results(place / 10, model(run)));
    const tables = runJob(readFiles(opened(texts)));
    expect(tables).toHaveLength(1);
    const [{ columns, name, notes }] = tables;
    expect(name).toBe('3 result files');
    expect(columns.map(({ header }) => header)).toEqual([
      'run',
      'hellaswag/acc',
      'hellaswag/acc_norm',
      'gsm8k/exact_match,strict-match',
    ]);
    expect(columns[0].text).toEqual(['run00', 'run01', 'run02']);
    expect(columns[1].numbers).toEqual(Float64Array.of(0, 0.1, 0.2));
    expect(notes?.[0].text).toContain('standard errors left out');
  });

  test('are named by their files where the models do not differ', () => {
    const texts = [1, 2].map((place) => results(place / 10, { model_name: 'org/model' }));
    const [{ columns }] = runJob(readFiles(opened(texts, (place) => `run0${place}.json`)));
    expect(columns[0].text).toEqual(['run00', 'run01']);
  });

  test('stand beside the table of mixtures, in their place', () => {
    const files = opened([
      results(0.1, { model_name: 'a' }),
      'run,web\na,1\n',
      results(0.2, { model_name: 'b' }),
    ]);
    expect(runJob(readFiles(files)).map(({ name, rows }) => [name, rows])).toEqual([
      ['2 result files', 2],
      ['results_1.json', 1],
    ]);
  });

  test('one alone is a table of one run', () => {
    const table = runJob(
      readTable({ name: 'a.json', text: results(0.25, { model_name: 'x/run7' }) }),
    );
    expect([table.rows, cellText(table.columns[0], 0)]).toEqual([1, 'run7']);
  });

  test('of version 0.3 have plain names', () => {
    const text = JSON.stringify({
      results: { lambada: { ppl: 12.5, ppl_stderr: 0.3, acc: 0.4, acc_stderr: 0.01 } },
      versions: { lambada: 0 },
      config: { model: 'gpt2', model_args: 'pretrained=runs/a' },
    });
    const [{ columns }] = runJob(readFiles(opened([text])));
    expect(columns.map(({ header }) => header)).toEqual(['run', 'lambada/ppl', 'lambada/acc']);
  });

  test('other JSON with results is no such file', () => {
    const text = '{"results":[{"run":"a","loss":3},{"run":"b","loss":4}]}';
    const [{ columns, rows }] = runJob(readFiles(opened([text])));
    expect([rows, columns.map(({ header }) => header)]).toEqual([2, ['run', 'loss']]);
  });
});
