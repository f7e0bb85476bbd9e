/**
 * Files as people have them, from `../shared/cases` where that folder is there: each is read right or refused
 * with the remedy, the same by the page's reader and by the command line.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runJob } from '../lib/model/job';
import { rowOf } from '../lib/model/matrix';
import { createRunsReader } from '../lib/runs/reader';
import type { StudyRuns } from '../lib/runs/recognition';
import { regmix } from './cli/run.fixture';

const folder = join('..', 'shared', 'cases');
const isThere = existsSync(folder);
if (!isThere) console.warn('SKIPPED: the cases are not beside the project.');

const four = ['web', 'code', 'math', 'wiki'];

/** What a case must be read to. */
interface Read {
  /** One file, or mixtures and losses. */
  readonly files: readonly string[];
  readonly domains?: readonly string[];
  /** Ids with the way that is better. */
  readonly targets: Readonly<Record<string, 'lower' | 'higher'>>;
  /** Runs with a value for the first target. */
  readonly runs?: number;
  /** Weight of the first domain in the best mixture for the first target, at least; null where none is known. */
  readonly best?: number | null;
  /** What the reading notes, a part of it. */
  readonly note?: RegExp;
}

const losses = { web: 'lower', code: 'lower' } as const;
const read: readonly Read[] = [
  { files: ['01-percent100/wide.csv'], targets: losses, note: /percent/i },
  { files: ['02-percentsign/wide.csv'], targets: losses, note: /percent|%/i },
  { files: ['03-tokens/wide.csv'], targets: losses, note: /token/i },
  { files: ['04-utf16/wide.txt'], targets: losses },
  { files: ['04-utf16/wide-be.txt'], targets: losses },
  { files: ['04-utf16/wide-lenobom.csv'], targets: losses },
  { files: ['05b-sep-line/wide.csv'], targets: losses },
  { files: ['05c-quoted-decimal-comma/wide.csv'], targets: losses },
  {
    files: ['05d-cp1252/wide.csv'],
    domains: ['français', 'español', 'math', 'wiki'],
    targets: losses,
    note: /1252/,
  },
  { files: ['06-long/mix.csv', '06-long/loss_long.csv'], targets: losses },
  { files: ['06-long/mix_long.csv', '06-long/loss_long.csv'], targets: losses },
  { files: ['06b-stepwise/wide.csv'], targets: losses, note: /last step|step/i },
  { files: ['06-long/mix.csv', '06b-stepwise/loss.csv'], targets: losses, note: /step/i },
  { files: ['06c-stepwise-norun/wide.csv'], targets: losses, note: /step/i },
  { files: ['07-jsonl/runs.jsonl'], targets: losses },
  { files: ['07-jsonl/flat.jsonl'], targets: losses },
  { files: ['07-jsonl/array.json'], targets: losses },
  { files: ['08-sparse/wide.csv'], targets: losses, note: /blank|empty/i },
  { files: ['08-sparse/wide-nan.csv'], targets: losses, note: /blank|empty|NaN/i },
  { files: ['09-failed/wide-empty.csv'], targets: losses, runs: 21 },
  { files: ['09-failed/wide.csv'], targets: losses, runs: 21 },
  { files: ['09-failed/wide-diverged.csv'], targets: losses },
  { files: ['10-seeds/wide.csv'], targets: losses, note: /repeat/i },
  { files: ['10-seeds/wide-nocol.csv'], targets: losses, note: /repeat/i },
  {
    files: ['11-accuracy/wide.csv'],
    targets: { hellaswag: 'higher', humaneval: 'higher' },
  },
  {
    files: ['11-accuracy/wide-pct.csv'],
    targets: { hellaswag: 'higher', mmlu_5shot: 'higher' },
  },
  { files: ['11-accuracy/wide-lmeval.csv'], targets: { 'hellaswag/acc_norm,none': 'higher' } },
  { files: ['13-dictcell/runs.csv'], targets: { macro: 'lower' } },
  { files: ['15-wandb-table/runs.csv'], targets: losses, runs: 21, note: /crashed/ },
  { files: ['16-multiindex/wide.csv'], targets: losses },
  { files: ['16-multiindex/merged.csv'], targets: losses },
  { files: ['17-comments/wide.csv'], targets: losses },
  { files: ['22-metadata/wide.csv'], targets: { web: 'lower' } },
  { files: ['22-metadata/wide2.csv'], targets: { web: 'lower' } },
  { files: ['22-metadata/wide3.csv'], targets: { web: 'lower' } },
  {
    files: ['27b-wandb-config/runs.csv'],
    domains: ['arxiv', 'code', 'math', 'wiki'],
    targets: { loss: 'lower' },
  },
  { files: ['27c-wandb-default/runs.csv'], targets: { web: 'lower' } },
  { files: ['27c-wandb-default/prefixed.csv'], targets: { web: 'lower' } },
  { files: ['38-summaryrow/wide.csv'], targets: losses, note: /summary|mean/i },
  { files: ['39-de-thousands/wide.csv'], targets: { ppl: 'lower' }, best: null },
  { files: ['40-stderr/wide.csv'], targets: { 'hellaswag/acc,none': 'higher' } },
  {
    files: ['41-neverseen/mix.csv', '41-neverseen/loss.csv'],
    domains: [...four, 'adult'],
    targets: { web: 'lower', adult: 'lower' },
  },
  { files: ['42-wandb-crashed/runs.csv'], targets: { web: 'lower' }, runs: 22, note: /crashed/i },
];

const refused: readonly { readonly files: readonly string[]; readonly says: RegExp }[] = [
  { files: ['12-twophase/swarm.csv'], says: /phase_0.*phase_1/ },
  { files: ['14-wandb-chart/chart.csv'], says: /mixture/i },
  { files: ['14-wandb-chart/long.csv'], says: /mixture/i },
  { files: ['scale/marin.csv'], says: /phase_0.*phase_1/ },
  { files: ['scale/scale.csv'], says: /model_size|n_tokens/ },
  { files: ['scale/sld.csv'], says: /group/ },
  { files: ['scale/bo.json'], says: /mixing_ratio/ },
];

async function readByPage(files: readonly string[]): Promise<StudyRuns> {
  const reader = createRunsReader();
  const given = files.map((file) => {
    const bytes = Uint8Array.from(readFileSync(join(folder, file)));
    return new File([bytes], basename(file));
  });
  const recognition = runJob(await reader.read(given));
  return runJob(reader.build({ recognition, options: { acceptUnpaired: false } }));
}

function optionsFor(files: readonly string[]): string[] {
  const [mixtures, found = mixtures] = files.map((file) => join(folder, file));
  return ['--mixtures', mixtures, '--losses', found];
}

describe.skipIf(!isThere)('files as people have them', () => {
  test.each(read)('$files is read', async (expected) => {
    const { files, targets, domains = four, runs = 24, note } = expected;
    const study = await readByPage(files);
    expect(study.domains.map(({ id }) => id)).toEqual(domains);
    expect(Object.fromEntries(study.targets.map(({ id, direction }) => [id, direction]))).toEqual(
      targets,
    );
    const { training } = study;
    if (training === null) throw new Error('no training runs');
    const measured = training.ids.filter((_, run) => !Number.isNaN(rowOf(training.losses, run)[0]));
    expect(measured).toHaveLength(runs);
    if (note) expect(study.notes.map(({ text }) => text).join('\n')).toMatch(note);
  });

  test.each(read)('$files leads to the best mixture by the command line', async (expected) => {
    const { files, targets, best = 0.9 } = expected;
    const [target] = Object.keys(targets);
    const options = ['--target', target, '--regressor', 'law', '--beyond-tried', '--json'];
    const { code, out, err } = await regmix('optimum', ...optionsFor(files), ...options);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const found = JSON.parse(out);
    expect(found.direction ?? found.targets?.[0]?.direction).toBe(targets[target]);
    const weights: Record<string, number> = found.best?.weights ?? found.weights;
    if (best !== null) expect(Object.values(weights)[0]).toBeGreaterThan(best);
  });

  test.each(refused)('$files is refused with the remedy', async ({ files, says }) => {
    await expect(readByPage(files)).rejects.toThrow(says);
    const { code, err } = await regmix('fit', ...optionsFor(files));
    expect(code).toBe(2);
    expect(err).toMatch(says);
  });
});
