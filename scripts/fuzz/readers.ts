/** The readers under fuzz tests, each with valid texts to damage and a check of what it accepts. */
import fc from 'fast-check';
import { createDomainsReader } from '../../lib/corpora/text-files';
import { runJob } from '../../lib/model/job';
import { rowOf } from '../../lib/model/matrix';
import { createRandomStream } from '../../lib/model/random';
import type { TreeModel } from '../../lib/model/regressor';
import type { RunTable } from '../../lib/model/study';
import { linkPrefix } from '../../lib/model/text-kinds';
import { readLabels } from '../../lib/onnx/read-labels';
import { writeOnnx } from '../../lib/onnx/write-model';
import { predictModel } from '../../lib/regression/predict';
import { modelFromJson, modelToJson } from '../../lib/regression/serialise';
import { buildStudyRuns } from '../../lib/runs/build';
import { decodeText } from '../../lib/runs/decode';
import { isDomainTable, readDomainTable } from '../../lib/runs/domain-table';
import { readFiles } from '../../lib/runs/read-files';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { recognise } from '../../lib/runs/recognise';
import { tidyTable } from '../../lib/runs/tidy';
import { applyLink } from '../../lib/share/apply';
import { contentOf } from '../../lib/share/changes';
import { crc32, decodeLink, encodeLink, fromBase64url, toBase64url } from '../../lib/share/link';
import { shared } from '../../lib/share/studies.fixture';
import { studyFingerprint } from '../../lib/share/study-in-link';
import { openRuns } from '../../lib/study/from-runs';
import { smallSession } from '../../lib/study/session.fixture';
import { parseSession, sessionToJson } from '../../lib/study/session-file';
import { readMixture } from '../../lib/verify/read-mixture';
import { mutate, mutateJson } from './mutate';

/** A reader of input from outside, with valid texts to damage. */
export interface Reader {
  /** The damaged text of a case; the same number gives the same text. */
  input(number: number): string;
  /** Reads a text and checks the result; throws when the text is refused. */
  read(text: string): void;
}

const wide = [
  'name,web,code,law,loss,other loss',
  ...Array.from({ length: 12 }, (_, run) => {
    const share = run / 24;
    return `run ${run},${share},${0.75 - share},0.25,${3 - share},${2 + share}`;
  }),
].join('\n');
const regmix = wide
  .replace('name,web,code,law', 'index,train_web,train_code,train_law')
  .replace('loss,other loss', 'metric/web_val_loss,metric/law_val_loss')
  .replaceAll('run ', '');
/** A run table as Weights & Biases exports it: all columns quoted, unfinished runs included. */
const exported = [
  '"Name","State","train_web","train_code","metric/web_val_loss"',
  ...Array.from({ length: 12 }, (_, run) => {
    const state = run === 5 ? 'crashed' : 'finished';
    return `"run-${run}","${state}","${run / 11}","${1 - run / 11}","${3 - run / 11}"`;
  }),
].join('\n');
/** The same runs long, with steps, and with a dictionary in a cell. */
const shapes = Array.from({ length: 12 }, (_, run) => ({ web: run / 11, loss: 3 - run / 11 }));
const long = [
  'run,domain,weight,loss',
  ...shapes.flatMap(({ web, loss }, run) => [
    `r${run},web,${web},${loss}`,
    `r${run},code,${1 - web},${loss}`,
  ]),
].join('\n');
const stepped = [
  'run,seed,step,web,code,loss',
  ...shapes.flatMap(({ web, loss }, run) => [
    `r${run},1,100,${web},${1 - web},${loss + 1}`,
    `r${run},1,200,${web},${1 - web},${loss}`,
    `r${run},2,200,${web},${1 - web},${loss + 0.01}`,
  ]),
  'mean,,,0.5,0.5,2.5',
].join('\n');
const dictionaries = [
  'run,mixture,loss',
  ...shapes.map(({ web, loss }, run) => `r${run},"{'web': ${web}, 'code': ${1 - web}}",${loss}`),
].join('\n');
const rowsOf = (table: string) => {
  const [names, ...rows] = table.split('\n').map((line) => line.split(','));
  return rows.map((cells) =>
    Object.fromEntries(names.map((name, at) => [name, cells[at]] as const)),
  );
};
/** The same runs in other layouts and encodings of numbers. */
const layouts = [
  JSON.stringify(rowsOf(wide)),
  rowsOf(wide)
    .map((run) => JSON.stringify(run))
    .join('\n'),
  JSON.stringify(Object.fromEntries(rowsOf(wide).map(({ name, ...run }) => [name, run] as const))),
  `sep=;\n# proxies\n${wide.replaceAll(',', ';').replaceAll('.', ',')}`,
  wide.replace(
    'name,web,code,law,loss,other loss',
    ',weights,weights,weights,loss,loss\n,web,code,law,web,law\nname,,,,,',
  ),
];
export const session = smallSession();
const sessionText = sessionToJson(session);

const linear = modelToJson({
  kind: 'linear',
  intercept: 3,
  coefficients: Float64Array.of(0.5, -0.25),
  penalty: 0,
});
const domains = 'domain,prior,available,epochs,max,min\nweb,0.5,3B,4,60%,0\ncode,0.5,500M,2,1,0.1';
/** A result file of lm-evaluation-harness. */
const results = JSON.stringify({
  results: {
    arc: { alias: 'arc', 'acc,none': 0.25, 'acc_stderr,none': 0.01 },
    piqa: { 'acc,none': 0.5 },
  },
  versions: { arc: 1 },
  config: { model: 'hf', model_args: 'pretrained=runs/run00,dtype=auto' },
});
const lines = Array.from({ length: 30 }, (_, line) => `{"text":"Line ${line} of a file."}`).join(
  '\n',
);

/** Two trees that split once on either weight. */
const trees: TreeModel = {
  kind: 'trees',
  features: 2,
  rounds: 2,
  nodeStart: Int32Array.of(0, 1, 2),
  leafStart: Int32Array.of(0, 2, 4),
  feature: Int32Array.of(0, 1),
  threshold: Float64Array.of(0.5, 0.25),
  left: Int32Array.of(-1, -1),
  right: Int32Array.of(-2, -2),
  gain: Float64Array.of(1, 1),
  value: Float64Array.of(3, 2, 0.5, -0.5),
};

function checkTable({ ids, mixtures, losses }: RunTable): void {
  for (let row = 0; row < ids.length; row++) {
    const weights = rowOf(mixtures, row);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (weights.some((weight) => !(weight >= 0)) || Math.abs(sum - 1) > 1e-6) {
      throw new Error(`run ${row} was read as weights ${weights.join(', ')}`);
    }
  }
  if (losses.values.some((loss) => Math.abs(loss) === Number.POSITIVE_INFINITY)) {
    throw new Error('a loss was read as infinite');
  }
}

/** Names and amounts in common forms: lists, YAML, JSON, CSV; and amounts alone. */
const pasted = [
  'web: 40%\ncode: 60%',
  '0.25, 0.75',
  '{"web": 0.3, "code": 0.7}',
  'train:\n  train_web: 0.5\n  train_code: 0.5',
  'train_web,0.1\ntrain_code,0.9',
];
const trajectory = [
  'index,step,metric/loss_bpb',
  ...session.study.training.ids.flatMap((id, run) => [`${id},10,${3 - run / 10}`, `${id},20,2.5`]),
].join('\n');
const labels = { target: 'web', domains: ['web', 'code'] };
/** The small study with an imported model. */
const withModel = sessionToJson({
  study: {
    ...session.study,
    imported: [{ id: 'a', target: 'loss', name: 'trees.onnx', model: trees }],
  },
  settings: { ...session.settings, regressor: 'imported' },
});

/** The same with an imported ONNX file. */
const withFile = sessionToJson({
  study: {
    ...session.study,
    imported: [
      {
        id: 'a',
        target: 'loss',
        name: 'trees.onnx',
        model: { kind: 'onnx', id: 'a', features: 2 },
        source: { bytes: Uint8Array.from(writeOnnx(trees, labels)), columns: [1, 0] },
      },
    ],
  },
  settings: { ...session.settings, regressor: 'imported' },
});

const domainObjects = [
  '{"train_domain_weights": {"web": 0.6, "code": 0.4}}',
  '{"web": {"tokens": "600B", "epochs": 4}, "code": {"tokens": 1e11, "epochs": 1}}',
];

const csvInput = (texts: readonly string[]) => (number: number) =>
  mutate(texts[number % texts.length], wide, createRandomStream(number));

/** Damaged either as text or as a structure that stays valid JSON. */
const jsonInput = (text: string) => (number: number) => {
  const stream = createRandomStream(number);
  return number % 2 === 0 ? mutate(text, lines, stream) : mutateJson(text, stream);
};

/** A shared session, and its link as bytes without the final checksum. */
const [given] = fc.sample(shared, { numRuns: 1, seed: 7 });
const link = fromBase64url(
  encodeLink(
    contentOf(given, given.view, {
      kind: 'built-in',
      id: 'simulated',
      print: studyFingerprint(given.study),
    }),
  ).slice(linkPrefix.length),
).subarray(0, -4);

/** The open session while untrusted files are read: it must never change. */
export const stillOpen = () =>
  sessionText === sessionToJson(session) && givenText === sessionToJson(given);
const givenText = sessionToJson(given);

/** Bytes as a text of one character each, so that they can be damaged like text. */
const asText = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const asBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Damaged bytes; two of three links get a valid checksum, or no reader would get past it. */
function linkInput(number: number): string {
  const damaged = asBytes(mutate(asText(link), asText(onnx[0]), createRandomStream(number)));
  const signed = new Uint8Array(damaged.length + 4);
  signed.set(damaged);
  const checksum = number % 3 === 0 ? number : crc32(damaged);
  new DataView(signed.buffer).setUint32(damaged.length, checksum);
  return `${linkPrefix}${toBase64url(signed)}`;
}

/** The trees, and a linear model. */
const onnx = [
  writeOnnx(trees, labels),
  writeOnnx(
    { kind: 'linear', intercept: 3, coefficients: Float64Array.of(0.5, -0.25), penalty: 0 },
    labels,
  ),
];

/** Every reader of text. */
export const readers: Readonly<Record<string, Reader>> = {
  runs: {
    input: csvInput([wide, regmix, exported, ...layouts, long, stepped, dictionaries]),
    read(text) {
      const file = { name: 'runs.csv', text, notes: [] };
      const tables = runJob(readFiles([file])).map((table) => runJob(tidyTable(table)).table);
      const options = { acceptUnpaired: true };
      const runs = runJob(buildStudyRuns(tables, recognise(tables, false), options));
      const { study } = openRuns(runs, {
        id: 'fuzz',
        name: 'Fuzz',
        source: { kind: 'files', detail: '' },
      });
      for (const each of [study.training, ...study.testSets]) checkTable(each);
    },
  },
  'bytes of a table': {
    input: (number) => {
      const [text, isWide] = [layouts[number % layouts.length], number % 2 === 0];
      const bytes = isWide
        ? Uint16Array.from(`\ufeff${text}`, (letter) => letter.charCodeAt(0))
        : null;
      const written = bytes ? asText(new Uint8Array(bytes.buffer)) : text;
      return mutate(written, wide, createRandomStream(number));
    },
    read(text) {
      const decoded = decodeText('runs.csv', asBytes(text));
      runJob(readFiles([{ name: 'runs.csv', ...decoded }]));
    },
  },
  evaluations: {
    input: jsonInput(results),
    read(text) {
      runJob(readFiles([{ name: 'results.json', text, notes: [] }]));
    },
  },
  'domain table': {
    input: csvInput([domains, ...domainObjects]),
    read: (text) => {
      const file = { name: 'domains.csv', text };
      isDomainTable(file, session.study.domains);
      readDomainTable(file, session.study.domains);
    },
  },
  study: {
    input: (number) => jsonInput(number % 3 === 0 ? withFile : withModel)(number),
    read(text) {
      const { study } = parseSession(text);
      for (const each of [study.training, ...study.testSets]) checkTable(each);
      for (const { model } of study.imported ?? []) {
        if (model.kind !== 'onnx') runJob(predictModel(model, study.training.mixtures));
      }
    },
  },
  model: {
    input: jsonInput(linear),
    read: (text) => {
      modelFromJson(text);
    },
  },
  link: {
    input: linkInput,
    read: (text) => {
      const opened = applyLink(decodeLink(text), given.study);
      // Whatever opened can be saved by the page.
      parseSession(sessionToJson(opened.session));
    },
  },
  'ONNX model': {
    input: (number) =>
      mutate(
        asText(onnx[number % onnx.length]),
        asText(onnx[1 - (number % onnx.length)]),
        createRandomStream(number),
      ),
    read: (text) => {
      // The computation of the graph is left to onnxruntime: see `lib/onnx/onnx.test.ts`.
      readLabels(asBytes(text));
    },
  },
  trajectory: {
    input: csvInput([trajectory]),
    read(text) {
      const { steps, losses } = readTrajectory({ name: 'trajectory.csv', text }, session.study);
      if (steps.some((step, at) => at > 0 && step <= steps[at - 1])) {
        throw new Error(`steps were read as ${steps.join(', ')}`);
      }
      if (
        losses.some(({ values }) =>
          values.some((loss) => Math.abs(loss) === Number.POSITIVE_INFINITY),
        )
      ) {
        throw new Error('a loss on the way was read as infinite');
      }
    },
  },
  'pasted weights': {
    input: (number) => mutate(pasted[number % pasted.length], lines, createRandomStream(number)),
    read(text) {
      const weights = readMixture(text, session.study.domains);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      if (weights.some((weight) => !(weight >= 0)) || Math.abs(sum - 1) > 1e-6) {
        throw new Error(`a mixture was read as ${weights.join(', ')}`);
      }
    },
  },
  'text files': {
    input: (number) => mutate(lines, wide, createRandomStream(number)),
    read: (text) => {
      const reader = createDomainsReader();
      const file = reader.open('web-1.jsonl');
      file.push(new TextEncoder().encode(text));
      file.close();
      reader.domains();
    },
  },
};
