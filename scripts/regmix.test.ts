import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleDirichlet } from '../lib/mixture/sampling';
import { runJob } from '../lib/model/job';
import { rowOf } from '../lib/model/matrix';
import { predictRow } from '../lib/regression/predict';
import { modelFromJson } from '../lib/regression/serialise';
import { type Outcome, regmix } from './cli/run.fixture';

/** Runs the command as a user does, in a separate process. */
function spawned(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/regmix.ts', ...args],
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

async function json(...args: string[]) {
  const { code, out, err } = await regmix(...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out);
}

const folder = mkdtempSync(join(tmpdir(), 'regmix-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const domains = ['web', 'code', 'books'];

/**
 * Runs whose first loss decreases with web alone, and whose second has its minimum within books.
 */
function writeRuns(prefix: string, rows: number, seed: number): readonly [string, string] {
  const drawn = runJob(sampleDirichlet(Float64Array.of(1, 1, 1), rows, seed));
  const mixtures = Array.from({ length: rows }, (_, row) => rowOf(drawn, row));
  return [
    file(`${prefix}_mixture.csv`, [
      `index,${domains.map((id) => `train_${id}`).join(',')}`,
      ...mixtures.map((mixture, row) => `${row + 1},${mixture.join(',')}`),
    ]),
    file(`${prefix}_loss.csv`, [
      'index,metric/web_val_loss,metric/books_val_loss',
      ...mixtures.map(
        ([web, code, books], row) =>
          `${row + 1},${5 - 2 * web - code},${4 + 3 * (books - 0.4) ** 2}`,
      ),
    ]),
  ];
}

const [mixtures, losses] = writeRuns('train', 80, 1);
const [testMixtures, testLosses] = writeRuns('test', 30, 2);
const runs = ['--mixtures', mixtures, '--losses', losses];
const test = ['--test', `small=${testMixtures},${testLosses}`];
const webOptimum = ['optimum', ...runs, '--target', 'web', '--regressor', 'ols'];
const prior = file('prior.csv', ['domain,weight', 'web,0.5', 'code,0.3', 'books,0.2']);
const available = file('tokens.csv', ['domain,tokens', 'web,1B', 'code,5B', 'books,100B']);

describe('regmix fit', () => {
  it('fits the other targets where one is constant, and names it', async () => {
    const ids = Array.from({ length: 12 }, (_, row) => row);
    const mixtures = file('constant-mixtures.csv', [
      'index,train_a,train_b',
      ...ids.map((row) => `${row},${row / 12},${1 - row / 12}`),
    ]);
    const losses = file('constant-losses.csv', [
      'index,metric/flat_val_loss,metric/web_val_loss',
      ...ids.map((row) => `${row},3,${3 - row / 20 + (row % 3) / 50}`),
    ]);
    const args = ['fit', '--mixtures', mixtures, '--losses', losses, '--regressor', 'ols'];
    const { code, out, err } = await regmix(...args, '--json');
    expect(code).toBe(0);
    expect(err).toContain('flat is not fitted: Every run has the same value 3');
    const targets = JSON.parse(out).targets.map(({ target }: { target: string }) => target);
    expect(targets).toEqual(['web']);
    expect((await regmix(...args, '--target', 'flat')).code).toBe(2);
  });

  it('prints every target with its cross-validation and tests', async () => {
    const report = await json('fit', ...runs, ...test, '--regressor', 'ols');
    expect(Object.keys(report)).toEqual(['regressor', 'targets']);
    expect(report.regressor).toBe('ols');
    expect(report.targets.map(({ target }: { target: string }) => target)).toEqual([
      'web',
      'books',
    ]);
    const [web] = report.targets;
    expect(Object.keys(web)).toEqual([
      'target',
      'direction',
      'n',
      'signal',
      'cv',
      'bands',
      'bandScale',
      'outliers',
      'regimes',
      'tests',
      'fitMs',
    ]);
    expect(web.signal.p).toBeLessThan(0.01);
    expect(Object.keys(web.bands)).toEqual(['80', '90', '95']);
    expect(Object.keys(web.bandScale)).toEqual(['centre', 'spread', 'slope']);
    expect(Object.keys(web.cv)).toEqual(['spearman', 'interval', 'pearson', 'rmse']);
    expect(web.n).toBe(80);
    // The first loss is linear, so that ordinary least squares fits it exactly.
    expect(web.cv.rmse).toBeLessThan(1e-9);
    expect(web.cv.interval).toHaveLength(2);
    expect(Object.keys(web.tests[0])).toEqual([
      'name',
      'n',
      'spearman',
      'pearson',
      'rmse',
      'coverage',
    ]);
    expect(Object.keys(web.tests[0].coverage)).toEqual(['80', '90', '95']);
    expect(web.tests[0]).toMatchObject({ name: 'small', n: 30 });
    expect(web.tests[0].spearman).toBeCloseTo(1, 9);
  });

  it('takes a target by its column, the corrected law by default, and is reproducible by seed', async () => {
    const args = ['fit', ...runs, '--target', 'metric/books_val_loss', '--seed', '7'];
    const [first, second] = await Promise.all([json(...args), json(...args)]);
    expect(first.regressor).toBe('law+gp');
    expect(first.targets).toHaveLength(1);
    expect(first.targets[0].target).toBe('books');
    expect(first.targets[0].cv.spearman).toBeGreaterThan(0.8);
    expect(second.targets[0].cv).toEqual(first.targets[0].cv);
  });

  it('names a diverged run, and leaves out the runs that it is told to', async () => {
    const lines = readFileSync(losses, 'utf8').trim().split('\n');
    const broken = file('diverged_loss.csv', [
      ...lines.slice(0, 5),
      lines[5].replace(/,[^,]+,/, ',25,'),
      ...lines.slice(6),
    ]);
    const given = ['--mixtures', mixtures, '--losses', broken, '--target', 'web'];
    for (const command of ['fit', 'optimum']) {
      const report = await json(command, ...given);
      expect((report.targets?.[0] ?? report).outliers).toEqual(['5']);
    }
    const without = await json('fit', ...given, '--leave-out', '5,7');
    expect(without.targets[0]).toMatchObject({ n: 78, outliers: [] });
    const { out } = await regmix('fit', ...given);
    expect(out).toMatch(/Run 5: .+ 25.*, the rest are between .+ It is not fitted\./);
    const unknown = await regmix('fit', ...given, '--leave-out', '81');
    expect(unknown.err).toContain('no training run “81”');
  });

  it('saves a model that predicts as the command does', async () => {
    const path = join(folder, 'model.json');
    const saving = ['fit', ...runs, '--target', 'web', '--regressor', 'ols', '--save', path];
    expect((await regmix(...saving)).code).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      target: 'web',
      domains: ['train_web', 'train_code', 'train_books'],
    });
    const optimum = await json(...webOptimum);
    const weights = Float64Array.from(Object.values<number>(optimum.weights));
    expect(predictRow(modelFromJson(text), weights)).toBeCloseTo(optimum.predicted.mean, 9);
  });

  it('without --json prints a table', async () => {
    const { code, out, err } = await regmix('fit', ...runs, ...test, '--regressor', 'ridge');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^ridge, seed 1\ntarget +better +rows +n +Spearman/);
    expect(out).toMatch(/\nweb +lower +small +30 +1\.0000.* \d+%$/m);
    expect(out).toMatch(/ RMSE +in 90% band\n/);
    expect(out).not.toContain('tell mixtures apart');
  });

  it('names two regimes of a target, and gives the figures of each', async () => {
    const lines = (rows: number, lineOf: (row: number) => string) =>
      Array.from({ length: rows }, (_, row) => lineOf(row));
    // Every other mixture has no code, and its loss is far from all others.
    const codeOf = (row: number) => (row % 2 === 0 ? 0 : 0.2 + (row % 7) / 10);
    const regimeMixtures = file('regimes_mixture.csv', [
      'index,train_web,train_code',
      ...lines(40, (row) => `${row},${1 - codeOf(row)},${codeOf(row)}`),
    ]);
    const regimeLosses = file('regimes_loss.csv', [
      'index,metric/code_val_loss,metric/web_val_loss',
      ...lines(40, (row) => {
        const noise = ((row * 7) % 11) / 100;
        const code = codeOf(row) === 0 ? 20 : 4 - codeOf(row);
        return `${row},${code + noise},${2 + codeOf(row) + noise}`;
      }),
    ]);
    const args = [
      ...['fit', '--mixtures', regimeMixtures, '--losses', regimeLosses],
      ...['--test', `same=${regimeMixtures},${regimeLosses}`, '--regressor', 'ols'],
    ];
    const { targets } = await json(...args);
    expect(targets[0].regimes).toMatchObject({ domain: 'code', least: 0 });
    expect(targets[1].regimes).toBeNull();
    const { out } = await regmix(...args);
    expect(out).toContain('\ncode has two regimes: mixtures with no code are far from all others;');
    expect(out).not.toContain('web has two regimes');
    const [training, test] = targets[0].regimes.rows;
    for (const { with: some, without } of [training, test]) {
      for (const [side, { n, rmse }] of [
        ['with code', some],
        ['no code', without],
      ] as const) {
        expect(n).toBe(20);
        expect(out).toMatch(new RegExp(`\ncode +lower +${side} +20 .* ${rmse.toFixed(4)}\n`));
      }
    }
  });

  it('says when runs do not tell mixtures apart, and which bands they are too few for', async () => {
    const few = writeRuns('few', 8, 5);
    // Values in the order of the rows: which mixture is which has no part in them.
    const noise = file('noise_loss.csv', [
      'index,metric/web_val_loss',
      ...[3.1, 2.9, 3.3, 3, 2.8, 3.2, 2.95, 3.05].map((loss, row) => `${row + 1},${loss}`),
    ]);
    const webOnly = file(
      'test_web_loss.csv',
      readFileSync(testLosses, 'utf8')
        .trim()
        .split('\n')
        .map((row) => row.replace(/,[^,]*$/, '')),
    );
    const set = `small=${testMixtures},${webOnly}`;
    const args = ['--mixtures', few[0], '--losses', noise, '--test', set, '--regressor', 'ridge'];
    const { targets } = await json('fit', ...args);
    expect(targets[0].signal.p).toBeGreaterThan(0.05);
    expect(targets[0].bands['80']).toBeGreaterThan(0);
    expect(targets[0].bands).toMatchObject({ 90: null, 95: null });
    expect(targets[0].tests[0].coverage).toMatchObject({ 90: null, 95: null });
    const { out } = await regmix('fit', ...args);
    expect(out).toMatch(/\nweb: these runs do not tell mixtures apart \(p = 0\.\d\d\)\n/);
    expect(out).toMatch(/\nweb: a band of 90% needs 9 runs of different mixtures\n$/);
    const { predicted } = await json('optimum', ...args, '--target', 'web');
    expect(predicted.interval).toBeNull();
  });
});

describe('files as people have them', () => {
  const runs = Array.from({ length: 12 }, (_, run) => {
    const web = ((run * 7) % 12) / 12;
    return { id: `run${run}`, web, code: 1 - web, loss: 3 - web };
  });
  const fit = ['--regressor', 'ols'];

  it('are read as on the page, one wide file alone, and what was done is said beside the answer', async () => {
    const table = file('crashed.csv', [
      'Name,State,train_web,train_code,web_loss',
      ...runs.map(({ id, web, code, loss }) => `${id},finished,${web},${code},${loss}`),
      'dead,crashed,0.5,0.5,99',
      'mean,,0.46,0.54,2.54',
    ]);
    const { out, err, code } = await regmix('fit', '--mixtures', table, ...fit);
    expect(code).toBe(0);
    expect(err).toBe(
      '1 row of crashed.csv left out: a summary of the runs, not a run (mean).\n1 run of crashed.csv left out: not finished (1 crashed).\n',
    );
    expect(out).toMatch(/\nweb +lower +out of fold +12 /);
  });

  it('with steps and seeds are the last step of each, and repeats', async () => {
    const table = file('steps.csv', [
      'run,seed,step,web,code,web_loss',
      ...runs.flatMap(({ id, web, code, loss }) =>
        [1, 2].flatMap((seed) =>
          [100, 200].map(
            (step) => `${id},${seed},${step},${web},${code},${loss + seed / 100 + 2 / step}`,
          ),
        ),
      ),
    ]);
    const { targets } = JSON.parse(
      (await regmix('fit', '--mixtures', table, '--losses', table, ...fit, '--json')).out,
    );
    expect(targets[0].n).toBe(24);
    const { err } = await regmix('fit', '--mixtures', table, ...fit);
    expect(err).toContain('12 repeated mixtures, 24 runs in all');
    expect(err).toContain(
      '24 rows of steps.csv left out: only the last step of each run counts (200).',
    );
  });

  it('of losses alone ask for the mixtures', async () => {
    const table = file('chart.csv', [
      `Step,${runs.map(({ id }) => `${id} - web_loss,${id} - web_loss__MIN`).join(',')}`,
      `100,${runs.map(({ loss }) => `${loss},${loss}`).join(',')}`,
    ]);
    const { err, code } = await regmix('fit', '--mixtures', table, ...fit);
    expect(code).toBe(2);
    expect(err).toContain('a second file of mixtures: the same run ids');
  });

  it('of one name in two folders are two files', async () => {
    const rows = ['run,web,code', ...runs.map(({ id, web, code }) => `${id},${web},${code}`)];
    const losses = ['run,web_loss', ...runs.map(({ id, loss }) => `${id},${loss}`)];
    mkdirSync(join(folder, 'a'));
    const set = `again=${file(join('a', 'mix.csv'), rows)},${file(join('a', 'loss.csv'), losses)}`;
    const given = ['--mixtures', file('mix.csv', rows), '--losses', file('loss.csv', losses)];
    const { out, code } = await regmix('fit', ...given, '--test', set, ...fit);
    expect(code).toBe(0);
    expect(out).toMatch(/\nweb +lower +again +12 /);
  });
});

describe('regmix propose', () => {
  const proposing = ['propose', ...runs, '--target', 'books', '--max', 'web=60%', '--count', '5'];

  it('prints mixtures within the limits, with the reason and the expected improvement', async () => {
    const { proposals, random, gain, resolution, note } = await json(...proposing);
    expect(random).toBe(!(gain > resolution));
    expect(note.includes('A random round does as well here')).toBe(random);
    expect(proposals).toHaveLength(5);
    for (const { weights, reason, predicted, expectedImprovement, distance } of proposals) {
      const sum = Object.values<number>(weights).reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 9);
      expect(weights.web).toBeLessThanOrEqual(0.6 + 1e-9);
      expect(['improvement', 'space']).toContain(reason);
      expect(predicted.sd).toBeGreaterThanOrEqual(0);
      expect(expectedImprovement).toBeGreaterThanOrEqual(0);
      expect(distance).toBeGreaterThan(0);
    }
  });

  it('prints the CSV of the next round', async () => {
    const { out } = await regmix(...proposing, '--format', 'csv');
    const [head, ...rows] = out.trim().split(/\r?\n/);
    expect(head).toBe('index,train_web,train_code,train_books,round');
    expect(rows).toHaveLength(5);
    expect(rows.every((row) => row.endsWith(',1'))).toBe(true);
  });
});

describe('regmix optimum', () => {
  it('meets the caps that tokens set, and says which bind', async () => {
    const report = await json(
      ...webOptimum,
      ...['--requested', '25B', '--available', available, '--epochs', '4', '--min', 'books=10%'],
    );
    expect(Object.keys(report)).toEqual([
      ...[
        'advice',
        'reason',
        'direction',
        'weights',
        'predicted',
        'caps',
        'capSources',
        'untried',
        'binding',
      ],
      'outliers',
      ...['prices', 'cost', 'feasible'],
    ]);
    expect(report.advice).toBe('train');
    expect(report.reason).toBe(
      'unseen mixtures are ranked right (rho 1.00 by cross-validation, 80 runs)',
    );
    expect(report.predicted.optimism).toBeNull();
    expect(report.feasible).toBe(true);
    const { books, ...byTokens } = report.caps;
    expect(byTokens).toEqual({ web: 0.16, code: 0.8 });
    expect(books).toBeGreaterThan(0.9);
    expect(books).toBeLessThan(1);
    expect(report.capSources).toEqual({ web: 'tokens', code: 'tokens', books: 'tried' });
    expect(report.weights.web).toBeCloseTo(0.16, 9);
    expect(report.weights.code).toBeCloseTo(0.74, 9);
    expect(report.weights.books).toBeCloseTo(0.1, 9);
    expect(report.binding).toEqual(['web', 'books']);
    expect(report.predicted.mean).toBeCloseTo(5 - 2 * 0.16 - 0.74, 6);
    // The loss falls by 2 with web and by 1 with code, so a point more of web in place of code gains 0.01;
    // 1% of the requested tokens, read four times, are four points.
    expect(report.prices.points.web).toBeCloseTo(0.01, 6);
    expect(report.prices.tokens.web).toBeCloseTo(0.04, 6);
    expect(report.prices.tokens.code).toBe(0);
    const { weights } = report.cost.without;
    expect(report.cost.score).toBeCloseTo(2 * (weights.web - 0.16) + (weights.code - 0.74), 6);
    expect(report.cost.without.predictions.web).toBeCloseTo(5 - 2 * weights.web - weights.code, 6);
  });

  it('goes no further than a run has, unless told to', async () => {
    const tried = await json(...webOptimum);
    const { web } = tried.caps;
    expect(web).toBeLessThan(1);
    expect(tried.weights.web).toBeCloseTo(web, 9);
    expect(tried.binding).toEqual(['web']);
    expect(tried.cost.score).toBe(0);
    const lifted = await json(...webOptimum, '--beyond-tried');
    expect(lifted.capSources).toEqual({ web: 'none', code: 'none', books: 'none' });
    expect(lifted.weights.web).toBeCloseTo(1, 9);
    expect((await regmix(...webOptimum)).out).toMatch(
      /\nweb +[\d.]+% +[\d.]+% +largest tried +binds/,
    );
  });

  it('gives no weight to a domain that no run has, unless a least weight is set', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => (row + 1) / 20);
    const table = [
      file('gap_mixture.csv', [
        'run,web,code,law',
        ...rows.map((web, row) => `${row},${web},${1 - web},0`),
      ]),
      file('gap_loss.csv', ['run,web_loss', ...rows.map((web, row) => `${row},${4 - web}`)]),
    ];
    const args = ['optimum', '--mixtures', table[0], '--losses', table[1], '--target', 'web'];
    for (const regressor of ['law', 'ridge']) {
      for (const lifted of [[], ['--beyond-tried']]) {
        const found = await json(...args, '--regressor', regressor, ...lifted);
        expect(found.weights.law).toBe(0);
        expect(found).toMatchObject({ untried: ['law'], caps: { law: 0 } });
        expect(found.capSources.law).toBe('tried');
      }
      const set = await json(...args, '--regressor', regressor, '--min', 'law=5%');
      expect(set.weights.law).toBeCloseTo(0.05, 9);
      expect(set.untried).toEqual([]);
    }
    expect((await regmix(...args, '--regressor', 'law')).out).toMatch(
      /\nlaw +0\.00% +0\.00% +in no run/,
    );
  });

  it('optimises several targets by weights, each with its interval', async () => {
    const args = ['optimum', ...runs, '--regressor', 'law'];
    const report = await json(
      ...args,
      '--weights',
      'web=3',
      '--weights',
      'books=1',
      '--kl',
      '0.05',
    );
    expect(Object.keys(report.predictions)).toEqual(['web', 'books']);
    expect(report.predicted).toEqual(report.predictions.web);
    const { mean, interval } = report.predicted;
    expect(interval[0]).toBeLessThan(mean);
    expect(interval[1]).toBeGreaterThan(mean);
  });

  it('corrects what is predicted for the best of many', async () => {
    const { predicted } = await json('optimum', ...runs, '--target', 'books', '--regressor', 'law');
    expect(Object.keys(predicted)).toEqual(['mean', 'interval', 'optimism']);
    expect(predicted.optimism).not.toBe(0);
    const { out } = await regmix('optimum', ...runs, '--target', 'books', '--regressor', 'law');
    expect(out).toMatch(/^(Train on|Try) \d+% .*, since .*\.\n.* predicted at .*; 90% band /);
  });

  it('gives no advice, and no weights as text, where losses do not depend on mixtures', async () => {
    const lines = readFileSync(losses, 'utf8').trim().split('\n').slice(1);
    const shuffled = file('shuffled_loss.csv', [
      'index,metric/web_val_loss',
      // 37 has no factor in common with the 80 runs: every loss is given once, to another run.
      ...lines.map((_, row) => `${row + 1},${lines[(37 * row + 11) % lines.length].split(',')[1]}`),
    ]);
    const args = ['--mixtures', mixtures, '--losses', shuffled, '--target', 'web'];
    const report = await json('optimum', ...args, '--regressor', 'law');
    expect(report.advice).toBe('none');
    expect(report.reason).toMatch(/80 runs\)$/);
    expect(Object.keys(report.weights)).toEqual(domains);
    const { code, out } = await regmix('optimum', ...args, '--regressor', 'law');
    expect(code).toBe(0);
    expect(out).toMatch(/^These runs do not tell mixtures apart: /);
    expect(out).not.toMatch(/\d%/);
  });

  it('answers that the runs are too few, where no fit can be made', async () => {
    const [few, fewLosses] = writeRuns('nine', 9, 5);
    const args = ['optimum', '--mixtures', few, '--losses', fewLosses, '--target', 'web'];
    const report = await json(...args);
    expect(report).toMatchObject({ advice: 'none', weights: null, predicted: null });
    expect(report.reason).toBe('law+gp needs 10 runs with Web loss, found 9');
    const { code, out } = await regmix(...args);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Not enough runs to say: law\+gp needs 10 runs with Web loss, found 9\.\n/,
    );
    expect(out).not.toMatch(/\d%/);
  });

  it('is pulled to the prior by --kl, and finds the worst by --worst', async () => {
    const args = ['optimum', ...runs, '--target', 'books', '--regressor', 'law', '--prior', prior];
    const [free, pulled, worst] = await Promise.all([
      json(...args),
      json(...args, '--kl', '1e5'),
      json(...args, '--worst'),
    ]);
    expect(pulled.weights.web).toBeCloseTo(0.5, 3);
    expect(pulled.predicted.mean).toBeGreaterThan(free.predicted.mean);
    expect(worst.predicted.mean).toBeGreaterThan(pulled.predicted.mean);
  });

  it.each(['simulation', 'search', 'exact'])('by %s keeps to --max and --min', async (engine) => {
    const { weights, predicted } = await json(
      ...webOptimum,
      ...['--engine', engine, '--samples', '5000', '--top', '32', '--prior', prior],
      ...['--max', 'web=0.3', '--max', 'code=0.4', '--min', 'books=0.2'],
    );
    expect(weights.web + weights.code + weights.books).toBeCloseTo(1, 9);
    expect(weights.web).toBeLessThanOrEqual(0.3 + 1e-9);
    expect(weights.code).toBeLessThanOrEqual(0.4 + 1e-9);
    expect(weights.books).toBeGreaterThanOrEqual(0.2 - 1e-9);
    expect(predicted.mean).toBeCloseTo(5 - 2 * weights.web - weights.code, 6);
  });

  it('by the paper’s engine stops its trees on the test set', async () => {
    const paper = ['optimum', ...runs, '--target', 'books', '--engine', 'paper'];
    const { weights } = await json(...paper, '--prior', prior, ...test);
    expect(weights.books).toBeGreaterThan(0.25);
    expect(weights.books).toBeLessThan(0.55);
    const untested = await regmix(...paper, '--prior', prior);
    expect(untested.code).toBe(2);
    expect(untested.err).toContain('--test');
    const without = await regmix(...paper, ...test);
    expect(without.code).toBe(2);
    expect(without.err).toContain('--prior');
  });

  it('explains infeasible limits and suggests remedies', async () => {
    const few = file('few.csv', ['domain,tokens', 'web,1B', 'code,1B', 'books,2B']);
    const args = [...webOptimum, '--requested', '25B', '--available', few, '--epochs', '4'];
    const report = await json(...args);
    expect(report).toMatchObject({ weights: null, predicted: null, binding: [], feasible: false });
    expect(report.advice).toBe('none');
    expect(report.caps).toEqual({ web: 0.16, code: 0.16, books: 0.32 });
    expect(report.message).toContain('64.0%');
    expect(report.remedies[0]).toBe('Request at most 16 B tokens.');
    const feasibleArgs = args.map((arg) => (arg === '25B' ? '16B' : arg));
    expect((await json(...feasibleArgs)).feasible).toBe(true);
  });

  it('without --json prints a table', async () => {
    const { code, out } = await regmix(...webOptimum, '--max', 'web=25%');
    expect(code).toBe(0);
    expect(out).toMatch(/predicted at 3\.7500.*\nby ols; mixture by exact/);
    expect(out).toMatch(/\ncode +75\.00%/);
    expect(out).toMatch(/\nweb +25\.00% +25\.00% +--max +binds/);
  });

  it('reads every table of tokens that the page reads, with its limits', async () => {
    const tokens = [
      file('tokens.json', ['{"web": 1000000000, "code": "5,000,000,000", "books": 9e9}']),
      file('tokens.tsv', ['Domain\tTokens', 'Web\t1B', 'Code\t5B', 'Books\t9B']),
      file('limits.csv', [
        'domain,tokens,max,min,epochs',
        'web,2B,90%,,2',
        'code,5B,,,',
        'books,9B,,0,',
      ]),
    ];
    for (const table of tokens) {
      const report = await json(...webOptimum, '--requested', '25B', '--available', table);
      expect(report.caps).toMatchObject({ web: 0.16, code: 0.8 });
    }
    const narrow = file('narrow.csv', [
      'domain,tokens,max,min',
      'web,9B,5%,1%',
      'code,9B,,',
      'books,9B,,20%',
    ]);
    const limited = ['--requested', '25B', '--available', narrow];
    expect((await json(...webOptimum, ...limited)).weights).toMatchObject({ web: 0.05 });
    // What is typed overrules the file.
    const typed = await json(...webOptimum, ...limited, '--max', 'web=3%', '--min', 'books=25%');
    expect(typed.weights.web).toBeCloseTo(0.03, 9);
    expect(typed.weights.books).toBeCloseTo(0.25, 9);
  });

  it('takes the sizes of a known corpus by its name', async () => {
    const sizes = ['--requested', '25B', '--sizes', 'slimpajama'];
    const { code, err } = await regmix(...webOptimum, ...sizes);
    expect(code).toBe(2);
    expect(err).toMatch(/--sizes.*domains.*SlimPajama/);
    const unknown = await regmix(...webOptimum, '--requested', '25B', '--sizes', 'mine');
    expect(unknown.err).toMatch(/mine.*slimpajama/);
  });

  it('warns of a table that names other domains', async () => {
    const typo = file('typo.csv', ['domain,tokens', 'web,1B', 'coed,1B']);
    const limits = ['--requested', '2B', '--available', typo];
    const { code, err } = await regmix(...webOptimum, ...limits);
    expect(code).toBe(0);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('coed');
    expect(err).toContain('code');
  });
});

describe('files in other formats than CSV', () => {
  it('give the same answer', async () => {
    const [mixtures, losses] = writeRuns('formats', 24, 5);
    const expected = await json('fit', '--mixtures', mixtures, '--losses', losses);
    const text = readFileSync(mixtures, 'utf8');
    const wide = join(folder, 'utf16.csv');
    writeFileSync(wide, Buffer.from(`\ufeff${text}`, 'utf16le'));
    const rows = readFileSync(losses, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const [names, ...cells] = rows;
    const lines = cells.map((row) =>
      JSON.stringify(Object.fromEntries(names.map((name, column) => [name, Number(row[column])]))),
    );
    const answer = await json('fit', '--mixtures', wide, '--losses', file('losses.jsonl', lines));
    const untimed = (fit: object) =>
      JSON.stringify(fit, (key, value) => (key === 'fitMs' ? 0 : value));
    expect(untimed(answer)).toBe(untimed(expected));
  });
});

describe('bad usage and bad input', () => {
  const negative = file('negative.csv', [
    'index,train_web,train_code',
    ...Array.from({ length: 80 }, (_, row) => `${row + 1},${row === 4 ? '-0.2,1.2' : '0.5,0.5'}`),
  ]);
  const empty = file('empty.csv', []);
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown command', ['guess'], /guess/],
    [
      'weights that are no numbers',
      ['optimum', ...runs, '--weights', 'web=much'],
      /--weights.*much/,
    ],
    ['a target and weights', [...webOptimum, '--weights', 'web=1'], /--target.*--weights/],
    ['a pull below 0', [...webOptimum, '--kl', '-1'], /--kl/],
    ['too many proposals', ['propose', ...runs, '--target', 'web', '--count', '501'], /--count/],
    ['an unknown option', ['fit', ...runs, '--tset', 'x'], /--tset/],
    ['an option without its value', ['fit', '--mixtures'], /--mixtures/],
    ['a missing option', ['fit', '--mixtures', mixtures], /--losses is missing/],
    ['no target', ['optimum', ...runs], /--target is missing/],
    ['an unknown target', ['fit', ...runs, '--target', 'poems'], /poems.*web, books/],
    ['several models for one file', ['fit', ...runs, '--save', 'm.json'], /--save/],
    ['an unknown regressor', ['fit', ...runs, '--regressor', 'magic'], /magic/],
    ['trees that stop on no test', ['fit', ...runs, '--regressor', 'gbdt-paper'], /--test/],
    ['an unknown engine', [...webOptimum, '--engine', 'warp'], /warp.*search, simulation/],
    [
      'an exact engine for trees',
      ['optimum', ...runs, '--target', 'web', '--engine', 'exact', '--regressor', 'gbdt'],
      /exact cannot be used.* by gbdt/,
    ],
    ['a test without losses', ['fit', ...runs, '--test', `small=${testMixtures}`], /--test/],
    ['a limit of an unknown domain', [...webOptimum, '--max', 'poems=0.2'], /poems.*web, code/],
    ['a limit beyond 1', [...webOptimum, '--max', 'web=20'], /--max.*20/],
    ['a limit without a weight', [...webOptimum, '--min', 'web'], /--min/],
    ['tokens that are no number', [...webOptimum, '--requested', 'lots'], /--requested.*lots/],
    ['tokens at hand for no request', [...webOptimum, '--available', available], /--requested/],
    [
      'a table without tokens',
      [...webOptimum, '--requested', '2B', '--available', prior],
      /prior\.csv.*tokens/,
    ],
    ['a prior without weights', [...webOptimum, '--prior', available], /tokens\.csv.*weight/],
    ['too many draws', [...webOptimum, '--samples', '1e9'], /--samples/],
    ['a file that is not there', ['fit', '--mixtures', 'no.csv', '--losses', losses], /no\.csv/],
    ['a folder', ['fit', '--mixtures', folder, '--losses', losses], /cannot be read/],
    ['an empty file', ['fit', '--mixtures', empty, '--losses', losses], /empty\.csv/],
    [
      'a negative weight',
      ['fit', '--mixtures', negative, '--losses', losses],
      /negative\.csv.*row 6.*train_web.*-0\.2/,
    ],
  ];

  it.each(cases)('%s: exit code 2 and one line', async (_, args, words) => {
    const { code, out, err } = await regmix(...args, '--json');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^regmix: [^\n]+\n$/);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\bat .*:\d+:\d+|Error:/);
  });

  it('behaves the same in a separate process: exit codes, standard output and standard error', async () => {
    const refused = await spawned(...webOptimum, '--max', 'web=20');
    expect(refused).toEqual(await regmix(...webOptimum, '--max', 'web=20'));
    expect(refused.code).toBe(2);
    const answered = await spawned(...webOptimum, '--max', 'web=25%');
    expect(answered).toEqual(await regmix(...webOptimum, '--max', 'web=25%'));
    expect([answered.code, answered.err]).toEqual([0, '']);
  });

  it.each([[['--help']], [['fit', '--help']], [[]]])('%j prints the usage', async (args) => {
    const { code, out, err } = await regmix(...args);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('regmix optimum --mixtures FILE');
  });
});

describe('regmix shop', () => {
  const args = ['shop', ...runs, '--target', 'web'];
  const tokens = (name: string, lines: readonly string[]) =>
    file(name, ['domain,tokens', ...lines]);

  it('buys what gains most for each token, up to where more changes nothing', async () => {
    // The loss is 5 - 2 web - code: of web there are 10B for 100B requested, read once.
    const available = tokens('shop.csv', ['web,10B', 'code,20B', 'books,900B']);
    const limits = ['--requested', '100B', '--available', available, '--epochs', '1'];
    const asked = [...args, ...limits, '--regressor', 'ols', '--beyond-tried'];
    const found = await json(...asked, '--more', '30B');
    expect(found.feasible).toBe(true);
    expect(found.order[0]).toBe('web');
    expect(found.at.more).toBe(30e9);
    expect(found.at.collect.web).toBeCloseTo(30e9, -7);
    const [first] = found.budgets;
    const last = found.budgets.at(-1);
    expect(first.more).toBe(0);
    expect(first.score - found.at.score).toBeCloseTo(0.6, 6);
    expect(last.more).toBeCloseTo(90e9, -7);
    expect(last.predictions.web).toBeCloseTo(3, 6);
    const { code, out } = await regmix(...asked, '--more', '30B');
    expect(code).toBe(0);
    expect(out).toContain('Collect in this order: Web');
    expect(out).toContain('With 30 B more tokens collect 30 B Web: 0.6000 better.');
    expect(out).toContain('More than 90 B (90% of those requested) changes nothing.');
  });

  it('says when tokens limit nothing, and refuses to go without them', async () => {
    const available = tokens('ample.csv', ['web,900B', 'code,900B']);
    const limits = ['--requested', '100B', '--available', available];
    const { out } = await regmix(...args, ...limits, '--regressor', 'ols');
    expect(out).toContain('More tokens would change nothing: no token limit binds.');
    const refused = await regmix(...args, '--requested', '100B');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/shop needs the tokens at hand/);
  });

  it('says what is missing where no mixture meets the limits yet', async () => {
    const available = tokens('short.csv', ['web,10B', 'code,10B', 'books,10B']);
    const limits = ['--requested', '100B', '--available', available, '--epochs', '2'];
    const asked = [...args, ...limits, '--regressor', 'ols', '--beyond-tried'];
    const found = await json(...asked);
    expect(found.budgets[0].more).toBeCloseTo(20e9, -4);
    const { out } = await regmix(...asked);
    expect(out).toContain('No mixture meets the limits without 20 B more.');
  });
});
