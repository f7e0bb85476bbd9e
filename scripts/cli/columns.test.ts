import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { regmix } from './run.fixture';

const folder = mkdtempSync(join(tmpdir(), 'regmix-columns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = Array.from({ length: 24 }, (_, row) => {
  const web = ((row * 7) % 24) / 24 + 0.02;
  const [code, lr] = [1 - web, 0.001 * (1 + (row % 3))];
  const score = 0.2 + 0.5 * web ** 0.5;
  return [`n${row}`, `l${row}`, web, code, code, web, lr, score, score * 40, 3.2 - score];
});
const headers =
  'name,label,phase_0_web,phase_0_code,phase_1_web,phase_1_code,lr,hellaswag,legal,web_loss';
const path = join(folder, 'runs.csv');
writeFileSync(path, `${[headers, ...rows.map((row) => row.join())].join('\n')}\n`);
const runs = ['--mixtures', path, '--losses', path, '--weights-columns', 'phase_0_*'];
const optimum = ['optimum', ...runs, '--regressor', 'law', '--drop', 'lr,phase_1_*'];

async function found(...args: readonly string[]) {
  const { code, out, err } = await regmix(...optimum, ...args, '--json');
  expect([code, err.includes('regmix:')]).toEqual([0, false]);
  return { ...JSON.parse(out), err };
}

describe('columns on the command line', () => {
  it('maximise a benchmark and minimise a loss, and say so in every output', async () => {
    for (const [target, direction] of [
      ['hellaswag', 'higher'],
      ['web_loss', 'lower'],
    ] as const) {
      const report = await found('--target', target);
      expect(report.direction).toBe(direction);
      expect(report.weights.web).toBeGreaterThan(0.9);
    }
    const several = await found('--weights', 'hellaswag=1', '--weights', 'web_loss=1');
    expect(several.directions).toEqual({ hellaswag: 'higher', web: 'lower' });
    const text = await regmix(...optimum, '--target', 'hellaswag');
    expect(text.out).toContain('Hellaswag (higher is better) predicted at');
    const fit = await regmix('fit', ...runs, '--regressor', 'ridge');
    expect(fit.out).toMatch(/\nhellaswag +higher +out of fold/);
    expect(fit.out).toMatch(/\nweb +lower +out of fold/);
    const proposed = ['propose', ...runs, '--target', 'hellaswag', '--regressor', 'ridge'];
    expect((await regmix(...proposed, '--count', '2')).out).toContain(
      'predicted: Hellaswag, higher is better',
    );
    const json = JSON.parse((await regmix(...proposed, '--count', '2', '--json')).out);
    expect(json.direction).toBe('higher');
  });

  it('ask which way is better where nothing says it, and take the answer', async () => {
    const asked = await found('--targets', 'legal', '--target', 'legal');
    expect(asked.err).toMatch(/^legal: nothing says which way is better, higher is assumed; .+\n$/);
    expect(asked.err).toContain('--higher legal or --lower legal');
    for (const answer of [
      ['--higher', 'legal'],
      ['--direction', 'legal=higher'],
      ['--higher', '*'],
    ]) {
      const told = await found('--targets', 'legal', '--target', 'legal', ...answer);
      expect([told.err, told.direction]).toEqual(['', 'higher']);
      expect(told.weights.web).toBeGreaterThan(0.9);
    }
    const lower = await found('--targets', 'legal', '--target', 'legal', '--lower', 'legal');
    expect([lower.err, lower.direction]).toEqual(['', 'lower']);
    expect(lower.weights.web).toBeLessThan(0.1);
    expect((await found('--target', 'hellaswag', '--lower', 'hellaswag')).direction).toBe('lower');
  });

  it('take the columns that are named, and refuse names that are none', async () => {
    const second = ['--mixtures', path, '--losses', path, '--weights-columns', 'phase_1_*'];
    const fit = await regmix('fit', ...second, '--id', 'label', '--targets', 'web_loss', '--json');
    expect(JSON.parse(fit.out).targets.map(({ target }: { target: string }) => target)).toEqual([
      'web',
    ]);
    const left = await regmix('fit', ...second, '--id', 'label', '--leave-out', 'l3', '--json');
    expect(left.code).toBe(0);
    for (const [option, name] of [
      ['--weights-columns', 'phase_2_*'],
      ['--targets', 'mmlu'],
      ['--drop', 'seed'],
      ['--id', 'run'],
      ['--higher', 'mmlu'],
    ]) {
      const { code, err } = await regmix('fit', ...runs, option, name);
      expect(code).toBe(2);
      expect(err).toContain(`"${name}"`);
      expect(err).toContain(`Here by ${option}.`);
    }
    const twice = await regmix('fit', ...runs, '--higher', 'legal', '--lower', 'legal');
    expect(twice.err).toContain('both lower and higher');
    expect((await regmix('fit', ...runs, '--direction', 'legal=up')).err).toContain(
      'lower, higher',
    );
  });

  it('are named by refusals that they mend', async () => {
    const losses = join(folder, 'losses.csv');
    const other = rows.map((row, index) => [`run ${index}`, `${row[0]}`, row[9]].join());
    writeFileSync(losses, `${['run,key,web_loss', ...other].join('\n')}\n`);
    const mixtures = join(folder, 'mixtures.csv');
    const weights = rows.map(([name, , web, code]) => [name, web, code].join());
    writeFileSync(mixtures, `${['run,train_web,train_code', ...weights].join('\n')}\n`);
    const given = ['fit', '--mixtures', mixtures, '--losses', losses, '--regressor', 'ridge'];
    const refused = await regmix(...given, '--id', 'run');
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('no run id in common');
    expect(refused.err).toContain('Here by --id.');
    const phases = await regmix('fit', '--mixtures', path, '--losses', path);
    expect(phases.code).toBe(2);
    expect(phases.err).toContain('Here by --weights-columns.');
  });

  it('stand in the help, and do not go with a study whose columns are known', async () => {
    const { out } = await regmix('--help');
    for (const option of ['weights-columns', 'targets', 'drop', 'id', 'higher', 'lower']) {
      expect(out).toContain(`--${option}`);
    }
    const { code, err } = await regmix(
      ...['schedule', '--study', 'languages', '--target', 'es', '--higher', 'es'],
    );
    expect([code, err]).toEqual([
      2,
      'regmix: --higher goes with a FOLDER of runs: those of languages are known\n',
    ]);
  });
});
