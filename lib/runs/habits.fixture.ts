/**
 * Tables of proxy runs as people write them: a clean table, and the same runs in files with a mixture of
 * habits (prefixes, percent, step-wise logs, metadata, encodings, ...). Reading such files must give the same
 * runs, or be refused.
 */
import { StageError } from '../model/errors';
import { runJob } from '../model/job';
import { rowOf } from '../model/matrix';
import { createRandomStream, type RandomStream } from '../model/random';
import type { Direction } from '../model/regressor';
import { createRunsReader } from './reader';
import type { StudyRuns } from './recognition';

/** The runs that files are made of: what reading them must give. */
interface CleanRuns {
  readonly domains: readonly string[];
  readonly targets: readonly DrawnTarget[];
  /** One per run that was measured; of repeats, one each. */
  readonly runs: readonly CleanRun[];
}

interface CleanRun {
  /** In thousandths, one per domain: sums to 1,000. */
  readonly weights: readonly number[];
  /** In ten-thousandths, one per target. */
  readonly values: readonly number[];
}

/** Files made of clean runs, and the habits that they were written with. */
interface HabitCase {
  readonly seed: number;
  readonly clean: CleanRuns;
  readonly habits: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** A row of a file by column; a column that it lacks is an empty cell. */
type Row = Map<string, string>;

const domainNames = ['web', 'code', 'math', 'wiki', 'books', 'arxiv', 'news', 'law', 'github'];
const accented = ['français', 'español'];

/** What targets are called, and which way is better. `range` is low to high, in ten-thousandths. */
const lossNames = [
  (domain: string) => `${domain}_loss`,
  (domain: string) => `${domain}_val_loss`,
  (domain: string) => `eval/${domain}/bpb`,
  (domain: string) => `val/${domain}_ppl`,
  (domain: string) => `metric/${domain}_val_loss`,
  (domain: string) => `metrics.mmlu_${domain}_bpb`,
];
const scoreNames = [
  'hellaswag',
  'arc_easy/acc_norm',
  'mmlu_5shot',
  'gsm8k_exact_match',
  'lambada_openai/acc,none',
  'piqa_accuracy',
  'squad_f1',
  'humaneval_pass@1',
];

/** Columns beside the runs' own, with a cell for a run. */
const metadata: readonly (readonly [string, (run: number, random: RandomStream) => string])[] = [
  ['seed', (run) => String(run % 3)],
  ['lr', () => '0.001'],
  ['learning_rate', (run) => (run % 2 === 0 ? '0.001' : '0.0005')],
  ['dropout', () => '0.0'],
  ['warmup_frac', () => '0.01'],
  ['warmup_ratio', (run) => (run % 2 === 0 ? '0.01' : '0.02')],
  ['weight_decay', () => '0.1'],
  ['adam_beta2', () => '0.95'],
  ['n_gpus', () => '8'],
  ['batch_size', () => '256'],
  ['max_steps', () => '1000'],
  ['tokens_per_second', (_, random) => (50_000 + 5_000 * random.uniform()).toFixed(1)],
  ['gpu_hours', (_, random) => (1 + random.uniform()).toFixed(2)],
  ['peak_mem_gb', () => '33.2'],
  ['grad_norm', (_, random) => (0.3 + random.uniform() / 2).toFixed(3)],
  ['_runtime', (_, random) => (3600 + 60 * random.uniform()).toFixed(1)],
  ['_timestamp', (run) => String(1_770_000_000 + run)],
  ['Created', (run) => `2026-03-01T10:${String(run % 60).padStart(2, '0')}:00.000Z`],
  ['User', () => 'team-a'],
  ['system/cpu_percent', (_, random) => (20 + 5 * random.uniform()).toFixed(2)],
  ['eval_samples', () => '5000'],
  ['end_time', (run) => `2026-03-01 12:${String(run % 60).padStart(2, '0')}:00`],
  ['Tags', () => ''],
  ['notes', () => 'sweep of March'],
  ['cluster', (run) => (run % 2 === 0 ? 'north' : 'south')],
];

const prefixes = ['', '', 'train_', 'weights/', 'data.weights.', 'config.mix_', 'mixture.', 'w_'];

/** The habits that a case may have, each drawn with its chance. */
interface Habits {
  prefix: string;
  notation: 'share' | 'percent' | 'percent sign' | 'tokens';
  isSparse: boolean;
  isDictionary: boolean;
  shape: 'wide' | 'pair' | 'long';
  text: 'csv' | 'jsonl' | 'json';
  encoding: 'utf-8' | 'utf-8 bom' | 'utf-16le' | 'utf-16be' | 'utf-16le bom' | 'windows-1252';
  delimiter: ',' | ';' | '\t';
  decimalComma: boolean;
  sepLine: boolean;
  comments: boolean;
  headerRows: boolean;
  lineBreak: '\n' | '\r\n';
  id: string | null;
  hasSteps: boolean;
  hasCrashed: boolean;
  hasRepeats: boolean;
  hasSummary: boolean;
  hasFailed: boolean;
  hasStderr: boolean;
  isShuffled: boolean;
}

/** One case; the same seed gives the same one. */
function habitCase(seed: number): HabitCase {
  const random = createRandomStream(seed);
  random.uniform();
  const chance = (share: number) => random.uniform() < share;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)];
  const shuffled = <T>(list: readonly T[]): T[] =>
    list
      .map((item) => ({ item, place: random.uniform() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);

  const habits: Habits = {
    prefix: pick(prefixes),
    notation: pick(['share', 'share', 'share', 'percent', 'percent sign', 'tokens']),
    isSparse: chance(0.2),
    isDictionary: chance(0.1),
    shape: pick(['wide', 'wide', 'wide', 'pair', 'long']),
    text: pick(['csv', 'csv', 'csv', 'csv', 'jsonl', 'json']),
    encoding: pick([
      'utf-8',
      'utf-8',
      'utf-8',
      'utf-8 bom',
      'utf-16le',
      'utf-16be',
      'utf-16le bom',
      'windows-1252',
    ]),
    delimiter: pick([',', ',', ',', ';', '\t']),
    decimalComma: chance(0.15),
    sepLine: chance(0.1),
    comments: chance(0.1),
    headerRows: chance(0.1),
    lineBreak: pick(['\n', '\r\n']),
    id: pick(['run', 'run_id', 'Name', 'index', null]),
    hasSteps: chance(0.2),
    hasCrashed: chance(0.2),
    hasRepeats: chance(0.2),
    hasSummary: chance(0.15),
    hasFailed: chance(0.2),
    hasStderr: chance(0.15),
    isShuffled: chance(0.3),
  };
  // What no file can have at once.
  if (habits.text !== 'csv') {
    habits.decimalComma = false;
    habits.sepLine = false;
    habits.comments = false;
    habits.headerRows = false;
    habits.encoding = 'utf-8';
  }
  if (habits.shape !== 'wide') {
    habits.headerRows = false;
    habits.hasStderr = false;
    habits.hasCrashed = false;
    // A pair is joined by its ids, so that repeats in it have their own.
    habits.hasRepeats = false;
    habits.hasSummary = false;
    habits.id ??= 'run';
  }
  if (habits.shape === 'long') {
    habits.isDictionary = false;
    habits.isSparse = false;
    habits.text = 'csv';
    habits.prefix = '';
  }
  if (habits.isDictionary) {
    habits.isSparse = false;
    habits.notation = 'share';
    habits.headerRows = false;
    habits.prefix = '';
  }
  if (habits.headerRows) habits.prefix = '';
  if (habits.sepLine && habits.delimiter === '\t') habits.delimiter = ';';

  // The clean runs.
  const names = shuffled(
    habits.encoding === 'windows-1252' ? [...accented, ...domainNames.slice(0, 3)] : domainNames,
  );
  const domains = names.slice(0, 3 + Math.floor(random.uniform() * (names.length - 2)));
  const count = 12 + Math.floor(random.uniform() * 20);
  const targets = drawTargets(domains, pick, chance);
  const seen = new Set<string>();
  const runs: CleanRun[] = [];
  while (runs.length < count) {
    const weights = drawWeights(domains.length, random, habits.isSparse ? 0.4 : 0.1);
    if (seen.has(weights.join())) continue;
    seen.add(weights.join());
    runs.push({
      weights,
      values: targets.map((_, place) => drawValue(targets[place], weights, place, random)),
    });
  }

  // Rows of the files, and the runs that they are.
  const kept: CleanRun[] = [];
  const rows: Row[] = [];
  const side = shuffled(metadata).slice(0, chance(0.5) ? Math.floor(random.uniform() * 7) : 0);
  if (habits.hasRepeats && !side.some(([name]) => name === 'seed') && chance(0.5)) {
    side.push(['seed', (run) => String(run % 3)]);
  }
  const idOf = (run: number) =>
    habits.id === 'index' ? String(run) : `run${String(run).padStart(2, '0')}`;
  const domainHeader = (domain: string) => `${habits.prefix}${domain}`;
  const stepOf = (place: number) => String((place + 1) * 500);
  /** What stands beside the weights and targets of a run, the same in all its rows. */
  const beside = new Map<string, Row>();
  const write = (run: number, { weights, values }: CleanRun, more: Row = new Map(), repeat = 0) => {
    const row: Row = new Map();
    if (habits.id !== null) row.set(habits.id, idOf(run));
    const own =
      beside.get(`${run} ${repeat}`) ??
      new Map(side.map(([name, cell]) => [name, cell(run + repeat, random)]));
    beside.set(`${run} ${repeat}`, own);
    for (const [name, cell] of own) row.set(name, cell);
    const total = habits.notation === 'tokens' ? 1_000_000 : 1;
    const sparse = habits.isSparse;
    if (habits.isDictionary) {
      const entries = domains.map((domain, place) => `"${domain}": ${weights[place] / 1000}`);
      row.set('mixture', `{${entries.join(', ')}}`);
    } else {
      domains.forEach((domain, place) => {
        const thousandths = weights[place];
        const cell = {
          share: String(thousandths / 1000),
          percent: String(thousandths / 10),
          'percent sign': `${thousandths / 10}%`,
          tokens: String(thousandths * total),
        }[habits.notation];
        row.set(domainHeader(domain), sparse && thousandths === 0 ? '' : cell);
      });
    }
    targets.forEach(({ header, isPercent }, place) => {
      row.set(
        header,
        Number.isNaN(values[place]) ? '' : String(values[place] / (isPercent ? 100 : 10_000)),
      );
      if (habits.hasStderr) row.set(`${header.replace(/,none$/, '')}_stderr`, '0.01');
    });
    for (const [name, cell] of more) row.set(name, cell);
    rows.push(row);
  };
  runs.forEach((run, place) => {
    const finished: Row = habits.hasCrashed ? new Map([['State', 'finished']]) : new Map();
    const steps = habits.hasSteps ? 2 + (seed % 2) : 1;
    for (let step = 0; step < steps; step++) {
      const isLast = step === steps - 1;
      const values = run.values.map((value, target) =>
        isLast
          ? value
          : value + (targets[target].direction === 'lower' ? 1 : -1) * 100 * (steps - step),
      );
      write(
        place,
        { ...run, values },
        habits.hasSteps ? new Map([...finished, ['step', stepOf(step)]]) : finished,
      );
    }
    kept.push(run);
    if (habits.hasRepeats && place % 3 === 0 && !habits.hasSteps) {
      const again = { ...run, values: run.values.map((value) => value + 13) };
      write(habits.id === null || place % 2 === 0 ? place : count + place, again, finished, 1);
      kept.push(again);
    }
    if (habits.hasCrashed && place % 5 === 1) {
      const lost = { ...run, values: run.values.map((value) => value + 9_000) };
      const state = place % 2 === 0 ? 'crashed' : 'running';
      const more: Row = new Map([['State', state]]);
      if (habits.hasSteps) more.set('step', stepOf(0));
      write(2 * count + place, lost, more);
    }
    if (habits.hasFailed && place === 4) {
      const weights = drawWeights(domains.length, random, 0);
      const more: Row = new Map(finished);
      if (habits.hasSteps) more.set('step', stepOf(steps - 1));
      write(4 * count, { weights, values: targets.map(() => Number.NaN) }, more);
    }
  });
  // Without an id, only their order tells which steps are of one run.
  const inOrder = habits.hasSteps && habits.id === null;
  const ordered = habits.isShuffled && !inOrder ? shuffled(rows) : rows;
  const blocks: Blocks = {
    id: habits.id === null ? [] : [habits.id],
    weights: habits.isDictionary ? ['mixture'] : domains.map(domainHeader),
    targets: [...new Set(rows.flatMap((row) => [...row.keys()]))].filter((header) =>
      targets.some((target) => header.startsWith(target.header.replace(/,none$/, ''))),
    ),
    side: shuffled(side.map(([name]) => name)),
    progress: [...(habits.hasSteps ? ['step'] : []), ...(habits.hasCrashed ? ['State'] : [])],
  };
  const files =
    habits.shape === 'wide'
      ? [wideFile(ordered, blocks, habits, random)]
      : pairOfFiles(ordered, blocks, habits, domains);
  const named = Object.entries(habits).map(
    ([habit, value]) => `${habit}: ${JSON.stringify(value)}`,
  );
  return {
    seed,
    clean: { domains, targets, runs: kept },
    habits: [...named, `beside: ${blocks.side.join(' ')}`],
    files: files.map(({ name, text }) => ({ name, bytes: encoded(text, habits.encoding) })),
  };
}

/** Columns of a file by what they hold. */
interface Blocks {
  readonly id: readonly string[];
  readonly weights: readonly string[];
  readonly targets: readonly string[];
  readonly side: readonly string[];
  readonly progress: readonly string[];
}

interface DrawnTarget {
  readonly header: string;
  readonly direction: Direction;
  /** Whether its values are written from 0 to 100. */
  readonly isPercent: boolean;
}

function drawTargets(
  domains: readonly string[],
  pick: <T>(list: readonly T[]) => T,
  chance: (share: number) => boolean,
): DrawnTarget[] {
  const lossName = pick(lossNames);
  const isPercent = chance(0.3);
  const scores = [...scoreNames].filter(() => chance(0.2)).slice(0, 2);
  const losses = domains.slice(0, chance(0.5) ? 1 : 2).map(lossName);
  const kind = pick(['losses', 'losses', 'scores', 'both'] as const);
  const scored = scores.length === 0 ? scoreNames.slice(0, 1) : scores;
  return [
    ...(kind === 'scores' ? [] : losses).map((header) => ({
      header,
      direction: 'lower' as const,
      isPercent: false,
    })),
    ...(kind === 'losses' ? [] : scored).map((header) => ({
      header,
      direction: 'higher' as const,
      isPercent,
    })),
  ];
}

/** Thousandths that sum to 1,000, some of them 0. */
function drawWeights(count: number, random: RandomStream, zeros: number): number[] {
  const drawn = Array.from({ length: count }, (_, place) =>
    place > 0 && random.uniform() < zeros ? 0 : 0.02 + random.exponential(),
  );
  const sum = drawn.reduce((total, value) => total + value, 0);
  const weights = drawn.map((value) => Math.floor((1000 * value) / sum));
  const rest = 1000 - weights.reduce((total, value) => total + value, 0);
  weights[weights.indexOf(Math.max(...weights))] += rest;
  return weights;
}

/** Ten-thousandths: a loss near 3, or a score of 0.25 to 0.65, that the target's domain helps. */
function drawValue(
  { direction }: DrawnTarget,
  weights: readonly number[],
  place: number,
  random: RandomStream,
): number {
  const helped = Math.sqrt(weights[place % weights.length] / 1000);
  const noise = 200 * random.normal();
  return Math.round(
    direction === 'lower' ? 35_000 - 9_000 * helped + noise : 3_000 + 3_000 * helped + noise,
  );
}

function wideFile(
  rows: readonly Row[],
  blocks: Blocks,
  habits: Habits,
  random: RandomStream,
): { name: string; text: string } {
  const body = [...blocks.weights, ...blocks.targets];
  // Most tools write columns in blocks; some sort them, so that others come between.
  const isSorted = random.uniform() < 0.2;
  if (isSorted) body.sort();
  const columns = [...body];
  for (const header of [...blocks.side, ...blocks.progress]) {
    const places = isSorted
      ? columns.map((_, place) => place)
      : [0, blocks.weights.length, columns.length];
    columns.splice(places[Math.floor(random.uniform() * places.length)], 0, header);
  }
  const all = [...blocks.id, ...columns];
  const summary = habits.hasSummary && blocks.id.length > 0 ? [summaryOf(rows, all, blocks)] : [];
  const inGroup = new Map<string, string>(
    [
      ...blocks.weights.map((header) => [header, 'weights'] as const),
      ...blocks.targets.map((header) => [header, 'metrics'] as const),
    ].filter(() => habits.headerRows),
  );
  return written('runs', [...rows, ...summary], all, habits, inGroup);
}

/** The mean of every column of numbers, as a spreadsheet appends it. */
function summaryOf(rows: readonly Row[], columns: readonly string[], { id }: Blocks): Row {
  const row: Row = new Map();
  for (const header of columns) {
    const cells = rows.map((each) => each.get(header) ?? '').filter((cell) => cell !== '');
    const numbers = cells.map((cell) => Number(cell.replace('%', '')));
    if (cells.length === 0 || numbers.some(Number.isNaN)) continue;
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    row.set(header, `${Number(mean.toFixed(4))}${cells[0].endsWith('%') ? '%' : ''}`);
  }
  row.set(id[0], 'mean');
  return row;
}

function pairOfFiles(
  rows: readonly Row[],
  blocks: Blocks,
  habits: Habits,
  domains: readonly string[],
): { name: string; text: string }[] {
  const [id] = blocks.id;
  const seen = new Set<string>();
  const first = rows.filter((row) => {
    const run = row.get(id) ?? '';
    return !seen.has(run) && Boolean(seen.add(run));
  });
  const losses = written('losses', rows, [id, ...blocks.progress, ...blocks.targets], habits);
  if (habits.shape === 'pair') {
    return [written('mixtures', first, [id, ...blocks.side, ...blocks.weights], habits), losses];
  }
  const entries = first.flatMap((row) =>
    blocks.weights.map(
      (header, place): Row =>
        new Map([
          [id, row.get(id) ?? ''],
          ['domain', domains[place]],
          ['weight', row.get(header) ?? ''],
        ]),
    ),
  );
  return [written('mixtures', entries, [id, 'domain', 'weight'], habits), losses];
}

function written(
  name: string,
  rows: readonly Row[],
  columns: readonly string[],
  habits: Habits,
  groups: ReadonlyMap<string, string> = new Map(),
): { name: string; text: string } {
  if (habits.text !== 'csv') {
    const objects = rows.map((row) => objectOf(row, columns));
    const text =
      habits.text === 'json'
        ? JSON.stringify(objects, null, 1)
        : objects.map((object) => JSON.stringify(object)).join('\n');
    return { name: `${name}.${habits.text}`, text };
  }
  const { delimiter, lineBreak } = habits;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell) => {
        const isNumber = /^-?\d+\.\d+%?$/.test(cell);
        const text = isNumber && habits.decimalComma ? cell.replace('.', ',') : cell;
        return /[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      })
      .join(delimiter);
  const lines = [
    ...(habits.sepLine ? [`sep=${delimiter}`] : []),
    ...(habits.comments ? ['# proxy sweep, 1M parameters', '# seed 42'] : []),
    ...(groups.size > 0 ? [line(columns.map((header) => groups.get(header) ?? ''))] : []),
    line(columns),
    ...rows.map((row) => line(columns.map((header) => row.get(header) ?? ''))),
  ];
  return { name: `${name}.csv`, text: lines.join(lineBreak) + lineBreak };
}

/** A row as JSON: names with dots are objects within objects, cells of numbers are numbers. */
function objectOf(row: Row, columns: readonly string[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const header of columns) {
    const cell = row.get(header) ?? '';
    const isNumber = cell !== '' && !Number.isNaN(Number(cell));
    const value = cell.startsWith('{') ? JSON.parse(cell) : isNumber ? Number(cell) : cell || null;
    const path = header.split('.');
    let within = object;
    for (const key of path.slice(0, -1)) {
      within[key] ??= {};
      within = within[key] as Record<string, unknown>;
    }
    within[path[path.length - 1]] = value;
  }
  return object;
}

function encoded(text: string, encoding: Habits['encoding']): Uint8Array<ArrayBuffer> {
  const bytes = (buffer: Buffer) => Uint8Array.from(buffer);
  const marked = `\ufeff${text}`;
  switch (encoding) {
    case 'utf-8':
      return bytes(Buffer.from(text));
    case 'utf-8 bom':
      return bytes(Buffer.from(marked));
    case 'utf-16le':
      return bytes(Buffer.from(text, 'utf16le'));
    case 'utf-16le bom':
      return bytes(Buffer.from(marked, 'utf16le'));
    case 'utf-16be':
      return bytes(Buffer.from(marked, 'utf16le').swap16());
    case 'windows-1252':
      // The letters used here are the same in Latin-1.
      return bytes(Buffer.from(text, 'latin1'));
  }
}

/** How reading cases went. */
interface Outcomes {
  readonly count: number;
  /** Cases read to other runs than they were made of, each with how they differ and how it was written. */
  readonly different: readonly string[];
  /** Cases that were refused, each with the refusal. */
  readonly refused: readonly string[];
}

/** Reads `count` cases from a first seed on as the page and the command line do. */
export async function outcomesOf(first: number, count: number): Promise<Outcomes> {
  const different: string[] = [];
  const refused: string[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const made = habitCase(seed);
    const about = `seed ${seed}: ${made.habits.join(', ')}`;
    try {
      const reader = createRunsReader();
      const files = made.files.map(({ name, bytes }) => new File([bytes], name));
      const recognition = runJob(await reader.read(files));
      const options = { acceptUnpaired: true };
      const difference = differenceOf(made.clean, runJob(reader.build({ recognition, options })));
      if (difference !== null) different.push(`${difference} (${about})`);
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      refused.push(`${error.message} ${error.advice} (${about})`);
    }
  }
  return { count, different, refused };
}

/** How runs that were read differ from those that a file was made of; null where they are the same. */
function differenceOf(clean: CleanRuns, { domains, targets, training }: StudyRuns): string | null {
  if (training === null) return 'no training runs';
  const places = clean.domains.map((domain) => domains.findIndex(({ id }) => id === domain));
  if (domains.length !== clean.domains.length || places.includes(-1)) {
    return `domains ${domains.map(({ id }) => id)} instead of ${clean.domains}`;
  }
  const found = training.ids.map((id, run) => ({
    id,
    weights: places.map((place) => Math.round(1000 * rowOf(training.mixtures, run)[place])),
    values: [...rowOf(training.losses, run)],
  }));
  const measured = found.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
  if (measured.length !== clean.runs.length) {
    return `${measured.length} measured runs instead of ${clean.runs.length}`;
  }
  if (targets.length !== clean.targets.length) {
    return `targets ${targets.map(({ id }) => id)} instead of ${clean.targets.map(({ header }) => header)}`;
  }
  // Targets are found by their values, whatever their ids: runs of both in the same order.
  const inOrder =
    (runs: readonly { weights: readonly number[]; values: readonly number[] }[]) =>
    (place: number) =>
      runs
        .map(({ weights, values }) => `${weights.join()}: ${Math.round(values[place])}`)
        .sort()
        .join('; ');
  for (const [place, { header, direction, isPercent }] of clean.targets.entries()) {
    const expected = inOrder(clean.runs)(place);
    const scaled = measured.map(({ weights, values }) => ({
      weights,
      values: values.map((value) => value * (isPercent ? 100 : 10_000)),
    }));
    const same = targets.findIndex((_, other) => inOrder(scaled)(other) === expected);
    if (same < 0) return `no target has the values of ${header}`;
    if (targets[same].direction !== direction) {
      return `${header} is ${targets[same].direction} instead of ${direction}`;
    }
  }
  return null;
}
