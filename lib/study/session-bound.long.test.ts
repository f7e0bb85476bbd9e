/** What reading a study takes at the bound of its size: in a process of its own, with little memory. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleDirichlet } from '../mixture/sampling';
import { runJob } from '../model/job';
import { zeros } from '../model/matrix';
import { defaultSettings } from '../model/settings';
import { maxStudyBytes } from '../model/text-kinds';
import { smallSession } from './session.fixture';
import { sessionToJson } from './session-file';

const folder = mkdtempSync(join(tmpdir(), 'regmix-bound-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Megabytes of a process's heap that reading may take: below what any browser gives a worker. */
const heap = 1_200;

/** Reads a file in a process of its own. @returns its words, and its exit code */
function readApart(path: string): Promise<{ code: number; out: string }> {
  const script = `
    import { readFileSync } from 'node:fs';
    import { parseSession } from './lib/study/session-file';
    const text = readFileSync(${JSON.stringify(path)}, 'latin1');
    const from = process.cpuUsage();
    let said = '';
    try { said = parseSession(text).study.training.ids.length + ' runs'; }
    catch (error) { said = error.message; }
    const { user, system } = process.cpuUsage(from);
    const { maxRSS } = process.resourceUsage();
    console.log(said, '|', text.length / 1e6, 'MB:', maxRSS / 1e3, 'MB of memory,', (user + system) / 1e6, 's');`;
  const options = [`--max-old-space-size=${heap}`, '--import', 'tsx', '--input-type=module', '-e'];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...options, script], (_, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, 'latin1');
  return path;
}

test('a study as large as may be is read with little memory', async () => {
  const { study } = smallSession();
  const columns = 200;
  // About 22 characters a weight.
  const rows = Math.floor(maxStudyBytes / (22 * columns)) - 100;
  const names = Array.from({ length: columns }, (_, place) => ({
    id: `d${place}`,
    name: `D${place}`,
  }));
  const [target] = study.targets;
  const { truth: _, imported: __, leftOut: ___, ...plain } = study;
  const large = {
    ...plain,
    domains: names,
    targets: [target],
    training: {
      name: 'training',
      ids: Array.from({ length: rows }, (_, run) => `run ${run}`),
      mixtures: runJob(sampleDirichlet(new Float64Array(columns).fill(1), rows, 1)),
      losses: zeros(rows, 1),
    },
    testSets: [],
    prior: { kind: plain.prior.kind, weights: new Float64Array(columns).fill(1 / columns) },
    human: null,
  };
  const text = sessionToJson({ study: large, settings: defaultSettings(large) });
  expect(text.length).toBeGreaterThan(0.8 * maxStudyBytes);
  expect(text.length).toBeLessThan(maxStudyBytes);
  const { code, out } = await readApart(fileOf('large', text));
  console.log(out);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`${rows} runs`) });
});

test.each([
  ['lists', '[],'],
  ['objects', '{},'],
  ['numbers', '0,'],
])('a file of %s without end is refused with little memory', async (name, part) => {
  const start = '{"format": "regmix-study", "version": 3, "study": [';
  const times = Math.floor((maxStudyBytes - start.length - 10) / part.length);
  const text = `${start}${part.repeat(times)}0]}`;
  const { code, out } = await readApart(fileOf(name, text));
  console.log(out);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('at most') });
});
