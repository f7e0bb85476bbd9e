import * as v from 'valibot';
import { runJob } from '../model/job';
import { buildStudyRuns } from '../runs/build';
import { readTable } from '../runs/read-table';
import type { NamedText } from '../runs/reader';
import { recognise } from '../runs/recognise';
import { layoutOf, sizeIds, sizes } from '../training/shape';
import { type OpenedStudy, openRuns } from './from-runs';

/** Provenance of a study's runs: enough to reproduce them, and to describe the text. */
const provenanceSchema = v.object({
  /** Commands that reproduce the runs exactly, the first of them the training runs. */
  commands: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Source of the text: a package and its version. */
  text: v.string(),
  domains: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      trainingTokens: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  ),
});

export type Provenance = v.InferOutput<typeof provenanceSchema>;

/** Name and initial settings of a study of the page's own proxies. */
interface TrainedAbout {
  readonly id: string;
  /** Its name, by how many proxies were trained. */
  readonly name: (proxies: number) => string;
  /** What they read, after `bytes each of`. */
  readonly text: string;
  readonly target: string;
  /** Tokens of the larger training that the limits refer to. */
  readonly requestedTokens: number;
}

/**
 * A study of proxies that this page's own engine trained: from its CSVs and `provenance.json`, as
 * `scripts/train-study.ts` writes them. The prior is each domain's share of the text, which also determines
 * the available tokens.
 */
export function openTrainedFiles(
  files: readonly NamedText[],
  { id: study, name, text, target, requestedTokens }: TrainedAbout,
): OpenedStudy {
  const story = files.find((file) => file.name === 'provenance.json');
  const { commands, domains } = v.parse(provenanceSchema, JSON.parse(story?.text ?? 'null'));
  const { parameters, tokens: read } = proxiesOf(commands[0]);
  const about = new Map(domains.map((domain) => [domain.id, domain]));
  const nameOf = (id: string) => about.get(id)?.name ?? id;
  const tables = files.filter((file) => file !== story).map((file) => runJob(readTable(file)));
  const runs = runJob(buildStudyRuns(tables, recognise(tables), { acceptUnpaired: false }));
  const named = {
    ...runs,
    domains: runs.domains.map(({ id }) => ({ id, name: nameOf(id) })),
    targets: runs.targets.map((found) => ({ ...found, name: `${nameOf(found.id)} loss` })),
  };
  const opened = openRuns(named, {
    id: study,
    name: name(runs.training?.ids.length ?? 0),
    source: {
      kind: 'trained',
      detail: `Proxies of ${parameters.toLocaleString('en')} parameters, trained by this page’s own engine on ${read.toLocaleString('en')} bytes each of ${text}.`,
      builtIn: study,
      parameters,
    },
  });
  const tokens = opened.study.domains.map(({ id }) => about.get(id)?.trainingTokens ?? 0);
  const total = tokens.reduce((sum, each) => sum + each, 0);
  return {
    study: {
      ...opened.study,
      prior: { kind: 'file', weights: Float64Array.from(tokens, (each) => each / total) },
    },
    settings: {
      ...opened.settings,
      target,
      constraints: { ...opened.settings.constraints, requestedTokens, availableTokens: tokens },
    },
  };
}

/**
 * Parameters of each proxy that a command `train` trains, and the tokens that it reads.
 * @throws ValiError when the command does not say them
 */
function proxiesOf(command: string): { readonly parameters: number; readonly tokens: number } {
  const [, size] = / --size (\S+)/.exec(command) ?? [];
  const [, tokens] = / --tokens (\d+)/.exec(command) ?? [];
  const shape = sizes[v.parse(v.picklist(sizeIds), size)];
  return { parameters: layoutOf(shape).count, tokens: Number(v.parse(v.string(), tokens)) };
}
