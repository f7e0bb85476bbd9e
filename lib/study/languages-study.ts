import * as v from 'valibot';
import { runJob } from '../job';
import { buildStudyRuns } from '../runs/build';
import { readTable } from '../runs/read-table';
import type { NamedText } from '../runs/reader';
import { recognise } from '../runs/recognise';
import { type OpenedStudy, openRuns } from './from-runs';

/** The study's files under `public/studies/languages/`, written by `npm run study:languages`. */
export const languagesFiles = [
  'train_mixture.csv',
  'train_loss.csv',
  'test_20k_mixture.csv',
  'test_20k_loss.csv',
  'test_100k_mixture.csv',
  'test_100k_loss.csv',
  'provenance.json',
] as const;

/** How the runs came to be: enough to train them again, and what the page says of the text. */
const provenanceSchema = v.object({
  /** Commands that train them, to the last digit. */
  commands: v.array(v.string()),
  /** Package that the text is from, and its version. */
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

/** The target that the page opens with: a language with close relatives among the domains. */
const target = 'es';
/** Tokens of the larger training that the limits are about: at four epochs no language is enough for it. */
const requestedTokens = 2_000_000;

/**
 * The study that the page opens with: proxies that this page's own engine trained on the messages of the
 * TypeScript compiler in eight languages, with two held-out sets, one of larger proxies.
 */
export function openLanguagesStudy(files: readonly NamedText[]): OpenedStudy {
  const story = files.find(({ name }) => name === 'provenance.json');
  const { domains } = v.parse(provenanceSchema, JSON.parse(story?.text ?? 'null'));
  const about = new Map(domains.map((domain) => [domain.id, domain]));
  const nameOf = (id: string) => about.get(id)?.name ?? id;
  const tables = files.filter((file) => file !== story).map((file) => runJob(readTable(file)));
  const runs = runJob(buildStudyRuns(tables, recognise(tables), { acceptUnpaired: false }));
  const named = {
    ...runs,
    domains: runs.domains.map(({ id }) => ({ id, name: nameOf(id) })),
    targets: runs.targets.map((found) => ({ ...found, name: `${nameOf(found.id)} loss` })),
  };
  const { study, settings } = openRuns(named, {
    id: 'languages',
    name: `Languages: ${runs.training?.ids.length ?? 0} proxies trained on eight languages`,
    source: {
      kind: 'trained',
      detail:
        'Proxies of 20,000 parameters, trained by this page’s own engine on 300,000 bytes each of the TypeScript compiler’s messages (Apache-2.0) in eight languages.',
    },
  });
  const tokens = study.domains.map(({ id }) => about.get(id)?.trainingTokens ?? 0);
  const total = tokens.reduce((sum, each) => sum + each, 0);
  return {
    study: {
      ...study,
      prior: { kind: 'file', weights: Float64Array.from(tokens, (each) => each / total) },
    },
    settings: {
      ...settings,
      target,
      constraints: { ...settings.constraints, requestedTokens, availableTokens: tokens },
    },
  };
}
