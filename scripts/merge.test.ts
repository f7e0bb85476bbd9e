import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokenShares } from '../lib/corpora/entropy';
import type { FinishedRun } from '../lib/training/checkpoints';
import type { PlannedProxy } from '../lib/training/engine';
import { type Outcome, regmix } from './cli/run.fixture';
import { resultFiles, writeResults } from './training/results';
import { countsText, planTexts, proxiesOf, type Share, shardName } from './training/share';
import { openTrainingFolder } from './training/store';

const root = mkdtempSync(join(tmpdir(), 'regmix-merge-'));
const whole = join(root, 'whole');
const out = join(root, 'sweep');
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => rmSync(out, { recursive: true, force: true }));

const steps = 24;
const domains = ['cats', 'a "quoted", dog'];
const texts = domains.map((id, domain) => ({
  id,
  training: Uint16Array.from({ length: 500 + domain }, (_, at) => (at * (domain + 3)) % 257),
}));
const head = {
  size: '7k',
  training: { steps, rows: 8, learningRate: 0.011 },
  backend: 'wasm',
  engineVersion: 1,
  seed: 1,
  domains: texts.map(({ id, training }) => ({
    id,
    trainingTokens: training.length,
    sha256: createHash('sha256').update(training).digest('hex'),
  })),
};
const total = 23;

/** Any digits do: what is tested is that they arrive. */
const digits = (at: number) => Math.abs(Math.sin(at + 1));
const proxies: PlannedProxy[] = Array.from({ length: total }, (_, place) => {
  const share = digits(place);
  return { id: String(place + 1), mixture: Float64Array.of(share, 1 - share), seed: 1 };
});

function runOf(id: string, shift = 0): FinishedRun {
  const of = (step: number) => domains.map((_, at) => 1 + digits(Number(id) * 7 + step + at));
  return {
    id,
    evaluations: [
      { step: 12, losses: of(12) },
      { step: steps, losses: of(steps + shift) },
    ],
    curve: Array.from({ length: 20 }, (_, at) => ({ step: at + 1, loss: digits(at * 31) })),
  };
}

interface Changes {
  readonly head?: object;
  readonly proxies?: readonly PlannedProxy[];
  /** Number of proxies of the share that are finished. */
  readonly done?: number;
  /** Makes results of another training. */
  readonly shift?: number;
}

/** Writes a shard's folder as `train` does. */
async function writeShard(share: Share, changes: Changes = {}): Promise<string> {
  const folder = join(out, shardName(share));
  const planned = changes.proxies ?? proxies;
  const store = openTrainingFolder(folder, planTexts({ ...head, ...changes.head }, planned)(share));
  // Trainers finish in no order.
  const own = proxiesOf(planned, share).slice(0, changes.done).reverse();
  for (const { id } of own) await store.finish(`${id}+1`, [runOf(id, changes.shift)]);
  writeFileSync(join(folder, 'tokens.json'), countsText(texts));
  return folder;
}

async function writeShards(of: number, changes: Changes = {}): Promise<void> {
  for (let part = 1; part <= of; part++) await writeShard({ part, of }, changes);
}

beforeAll(() => {
  mkdirSync(whole);
  writeResults(whole, {
    proxies,
    domains,
    steps,
    finished: proxies.map(({ id }) => runOf(id)),
    shares: texts.map(({ training }) => tokenShares(training)),
  });
});

function merge(...args: string[]): Promise<Outcome> {
  return regmix('merge', '--out', out, ...args);
}

function contents(folder: string): string[] {
  return Object.values(resultFiles).map((file) => readFileSync(join(folder, file), 'utf8'));
}

async function expectWhole(...args: string[]): Promise<void> {
  const { code, err } = await merge(...args);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(contents(out)).toEqual(contents(whole));
}

/** Expects a refusal in one line, and nothing written. */
async function expectRefused(expected: RegExp, ...args: string[]): Promise<void> {
  const { code, err, out: said } = await merge(...args);
  expect(err).toMatch(expected);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect([code, said]).toEqual([2, '']);
  const files: string[] = Object.values(resultFiles);
  expect(readdirSync(out).filter((file) => files.includes(file))).toEqual([]);
}

describe('shares', () => {
  it('hold every proxy once, and differ by one at most', () => {
    for (let of = 1; of <= total; of++) {
      const shares = Array.from({ length: of }, (_, at) =>
        proxiesOf(proxies, { part: at + 1, of }),
      );
      expect(new Set(shares.flat()).size).toBe(total);
      expect(shares.flat()).toHaveLength(total);
      const lengths = shares.map(({ length }) => length);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }
  });

  it('need little more room together than the plan of the whole', () => {
    const many = Array.from({ length: 2000 }, (_, place) => ({ ...proxies[0], id: String(place) }));
    const textOf = planTexts(head, many);
    const size = textOf(null).length;
    let sum = 0;
    for (let part = 1; part <= 100; part++) sum += textOf({ part, of: 100 }).length;
    expect(sum).toBeLessThan(2 * size);
  });
});

describe('regmix merge', () => {
  it.each([1, 2, 3, 5, 23])('joins %i shards to the bytes of one training', async (of) => {
    await writeShards(of);
    await expectWhole();
  });

  it('takes named folders, wherever they are, and one twice', async () => {
    await writeShards(3);
    const apart = join(root, 'apart');
    cpSync(join(out, 'shard-2-of-3'), join(apart, 'copied'), { recursive: true });
    rmSync(join(out, 'shard-2-of-3'), { recursive: true });
    await expectWhole(out, join(apart, 'copied'), join(out, 'shard-1-of-3'));
  });

  it('takes shares of several cuts: the rest of a broken shard cut anew, and the same proxy twice', async () => {
    await writeShard({ part: 1, of: 3 });
    await writeShard({ part: 2, of: 3 });
    await writeShard({ part: 3, of: 3 }, { done: 2 });
    await writeShard({ part: 3, of: 6 });
    await writeShard({ part: 6, of: 6 });
    await expectWhole();
  });

  it('takes a training that was begun as one, and gone on with in shards', async () => {
    const store = openTrainingFolder(out, planTexts(head, proxies)(null));
    await store.finish('1+1', [runOf('1')]);
    await writeShard({ part: 1, of: 2 });
    await writeShard({ part: 2, of: 2 });
    await expectWhole();
  });

  it('leaves what one training leaves: its plan and runs, to be merged or gone on with again', async () => {
    await writeShards(3);
    await expectWhole();
    const plan = planTexts(head, proxies)(null);
    expect(readFileSync(join(out, 'plan.json'), 'utf8')).toBe(plan);
    expect(readFileSync(join(out, 'tokens.json'), 'utf8')).toBe(countsText(texts));
    expect(await openTrainingFolder(out, plan).finished()).toHaveLength(total);
    await expectWhole();
    // No run is written twice.
    expect(readFileSync(join(out, 'runs.jsonl'), 'utf8').trim().split('\n')).toHaveLength(total);
    for (const part of [1, 2, 3]) rmSync(join(out, `shard-${part}-of-3`), { recursive: true });
    await expectWhole();
  });

  it('says what it wrote as JSON', async () => {
    await writeShards(2);
    const { out: said } = await merge('--json');
    const paths = Object.entries(resultFiles).map(([key, file]) => [key, join(out, file)]);
    expect(JSON.parse(said)).toEqual({
      ...Object.fromEntries(paths),
      proxies: total,
      folders: 2,
    });
  });

  it('names shards that are missing or have not begun, and their proxies', async () => {
    await writeShard({ part: 1, of: 4 });
    await writeShard({ part: 3, of: 4 });
    mkdirSync(join(out, 'shard-4-of-4'));
    await expectRefused(
      /11 of 23 proxies are not finished: shard 2 of 4 is missing \(6 proxies: 2, 6, 10, 14, 18, …\); shard 4 of 4 has not begun \(5 proxies: 4, 8, 12, 16, 20\); run train with --shard 2\/4, 4\/4, /,
    );
  });

  it('says how many of how many a shard has finished, and that a last line was cut', async () => {
    await writeShards(3);
    await writeShard({ part: 3, of: 3 });
    const path = join(out, 'shard-2-of-3', 'runs.jsonl');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -100));
    await expectRefused(
      /1 of 23 proxies are not finished: .*shard-2-of-3 has finished 7 of its 8 \(line 8 of its runs.jsonl was cut\); run train with --shard 2\/3/,
    );
  });

  it('takes lines that a kill has cut once their proxies are trained again', async () => {
    await writeShards(2);
    const folder = join(out, 'shard-2-of-2');
    const path = join(folder, 'runs.jsonl');
    for (const end of [-100, -1]) {
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.slice(0, end));
      const [id = ''] = text
        .trimEnd()
        .split('\n')
        .slice(-1)
        .map((line) => JSON.parse(line).id);
      await expectRefused(
        /1 of 23 proxies are not finished: .* \(line \d+ of its runs.jsonl was cut/,
      );
      const store = openTrainingFolder(folder, readFileSync(join(folder, 'plan.json'), 'utf8'));
      expect((await store.finished()).map((run) => run.id)).not.toContain(id);
      await store.finish(`${id}+1`, [runOf(id)]);
      expect(await store.finished()).toHaveLength(11);
    }
    await expectWhole();
  });

  it('names proxies that no folder of several cuts plans', async () => {
    await writeShard({ part: 1, of: 2 });
    await writeShard({ part: 2, of: 4 });
    await expectRefused(/no folder plans 5 proxies: 4, 8, 12, 16, 20/);
  });

  it.each<[string, Changes, RegExp]>([
    ['another size', { head: { size: '20k' } }, /: size is "20k", not "7k"/],
    ['other bits', { head: { engineVersion: 2 } }, /: engineVersion is 2, not 1/],
    ['another engine', { head: { backend: 'webgpu' } }, /: backend is "webgpu", not "wasm"/],
    [
      'another rate',
      { head: { training: { ...head.training, learningRate: 0.5 } } },
      /: training.learningRate is 0.5, not 0.011/,
    ],
    [
      'another text',
      { head: { domains: [head.domains[0], { ...head.domains[1], sha256: 'other' }] } },
      /: domains.1.sha256 is "other", not "/,
    ],
    [
      'other mixtures',
      { proxies: proxies.map((proxy) => ({ ...proxy, seed: 2 })) },
      /: the mixtures or seeds of the sweep’s proxies are others/,
    ],
    [
      'more proxies',
      { proxies: [...proxies, { ...proxies[0], id: '24' }] },
      /it is of a sweep of 24 proxies, not of 23/,
    ],
  ])('refuses shards of %s, and says what differs', async (_, changes, expected) => {
    await writeShard({ part: 1, of: 2 });
    await writeShard({ part: 2, of: 2 }, changes);
    const about = /shard-2-of-2 is of another sweep than .*shard-1-of-2/;
    await expectRefused(about);
    await expectRefused(expected);
  });

  it('refuses results of a proxy that disagree, and says where both are', async () => {
    await writeShards(2);
    await writeShard({ part: 2, of: 4 }, { shift: 1 });
    await expectRefused(
      /the results of proxy \d+ disagree: .*shard-2-of-2\/runs.jsonl, line \d+; .*shard-2-of-4\/runs.jsonl, line 1; /,
    );
  });

  it('refuses a plan whose proxies were changed', async () => {
    await writeShards(2);
    const path = join(out, 'shard-2-of-2', 'plan.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":1}', '"seed":7}'));
    await expectRefused(/plan.json has been changed/);
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    ['cut', 'plan.json', (text) => text.slice(0, 200), /plan.json, line 1: .*no JSON or was cut/],
    ['of another kind', 'plan.json', () => '[1]', /plan.json, line 1: .*expected/],
    [
      'with too many shards',
      'plan.json',
      (text) => text.replace('"of":2', '"of":99'),
      /plan.json: found shard 2 of 99 of 23 proxies/,
    ],
    [
      'with weights of fewer domains',
      'plan.json',
      (text) => text.replace(/"mixture":\[[^,]*,/, '"mixture":['),
      /plan.json: proxy 2 has 1 weights, expected 2/,
    ],
    [
      'with a line that is no run',
      'runs.jsonl',
      (text) => text.replace(/\n/, '\n{"id":"4"}\n'),
      /runs.jsonl, line 2: found “{"id":"4"}”, expected a finished proxy/,
    ],
    [
      'with a proxy of another share',
      'runs.jsonl',
      (text) => text.replace(/^{"id":"\d+"/, '{"id":"1"'),
      /runs.jsonl, line 1: found proxy “1”, which is not of this share/,
    ],
    [
      'with losses of fewer domains',
      'runs.jsonl',
      (text) => text.replace(/"losses":\[[^,]*,/, '"losses":['),
      /runs.jsonl, line 1: found 1 losses, expected 2/,
    ],
    [
      'with a loss that is none',
      'runs.jsonl',
      (text) => text.replace(/"losses":\[[^,]*,/, '"losses":[null,'),
      /runs.jsonl, line 1: found/,
    ],
    [
      'without the last losses',
      'runs.jsonl',
      (text) => text.replace(`"step":${steps}`, '"step":23'),
      /runs.jsonl, line 1: found no losses after step 24/,
    ],
    [
      'with far more lines than proxies',
      'runs.jsonl',
      (text) => text.repeat(5),
      /runs.jsonl, line 45: found more lines than 11 proxies can have/,
    ],
    [
      'with a line without end',
      'runs.jsonl',
      (text) => `${'x'.repeat(6e6)}\n${text}`,
      /runs.jsonl, line 1: found more than 4 MB in one line/,
    ],
    ['cut', 'tokens.json', (text) => text.slice(0, 50), /tokens.json, line 1: .*was cut/],
    [
      'of another text',
      'tokens.json',
      (text) => text.replace(/"counts":\[\d+/, '"counts":[9999'),
      /tokens.json: found \d+ tokens of “cats”, expected 500 of “cats”/,
    ],
  ])('refuses a file %s (%s), and says where', async (_, file, change, expected) => {
    await writeShards(2);
    const path = join(out, 'shard-2-of-2', file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await expectRefused(expected);
  });

  it('gives the right bytes or a refusal in one line, whatever happened to a file', async () => {
    await writeShards(2);
    const kept = join(root, 'kept');
    cpSync(out, kept, { recursive: true });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('plan.json', 'runs.jsonl', 'tokens.json'),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.uint8Array({ maxLength: 8 }),
        async (file, from, cut, put) => {
          rmSync(out, { recursive: true, force: true });
          cpSync(kept, out, { recursive: true });
          const path = join(out, 'shard-1-of-2', file);
          const bytes = readFileSync(path);
          const at = from % bytes.length;
          writeFileSync(
            path,
            Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
          );
          const { code, err } = await merge();
          if (code === 0) {
            // A changed digit of a loss cannot be told from another loss: the mixtures are hashed.
            expect(readFileSync(join(out, 'mixtures.csv'), 'utf8')).toBe(contents(whole)[0]);
            return;
          }
          expect(code).toBe(2);
          expect(err.trim().split('\n')).toHaveLength(1);
          expect(err).toContain(basename(out));
          expect(err).toMatch(/plan\.json|runs\.jsonl|tokens\.json|shard-1-of-2/);
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });

  it('refuses a folder with nothing, none, one of another training, and its own shard', async () => {
    mkdirSync(out);
    await expectRefused(/holds no shard: train with --shard I\/N/);
    mkdirSync(join(out, 'shard-1-of-2'));
    await expectRefused(/holds only shards that have not begun/);
    await writeShards(2);
    await expectRefused(/nowhere does not exist/, join(root, 'nowhere'));
    const own = join(out, 'shard-1-of-2');
    const { err } = await regmix('merge', '--out', own);
    expect(err).toMatch(/is the folder of a shard/);
    writeFileSync(join(out, 'plan.json'), planTexts({ ...head, seed: 2 }, proxies)(null));
    await expectRefused(/shard-1-of-2 is of another sweep/);
    await expectRefused(/holds another training/, own, join(out, 'shard-2-of-2'));
    expect((await regmix('merge')).err).toMatch(/--out is missing/);
  });

  it('joins 10,000 proxies', async () => {
    const many = Array.from({ length: 10_000 }, (_, place) => ({
      ...proxies[place % total],
      id: String(place + 1),
    }));
    for (const part of [1, 2]) {
      const folder = await writeShard({ part, of: 2 }, { proxies: many, done: 0 });
      const own = proxiesOf(many, { part, of: 2 });
      const lines = own.map(({ id }) => `${JSON.stringify(runOf(id))}\n`);
      appendFileSync(join(folder, 'runs.jsonl'), lines.join(''));
    }
    const { code, out: said } = await merge();
    expect(code).toBe(0);
    expect(said).toMatch(/^10000 proxies from 2 folders/);
    expect(contents(out)[1].trim().split('\n')).toHaveLength(10_001);
  });
});
