import { expect, type Page } from '@playwright/test';
import { fromRows, type Matrix } from '../lib/model/matrix';
import { createRandomStream } from '../lib/model/random';
import { defaultSettings } from '../lib/model/settings';
import type { RunTable, Study } from '../lib/model/study';
import { sessionToJson } from '../lib/study/session-file';
import { expectAnswer, openLive, studyName } from './page';

/** File to which `small-study.setup.ts` writes the storage of a browser that has the study open. */
export const smallStudyState = 'test-results/small-study.json';

export const smallStudyName = 'Three languages, small';

const domains = [
  { id: 'en', name: 'English' },
  { id: 'de', name: 'German' },
  { id: 'es', name: 'Spanish' },
] as const;
const tokens = [500_000, 300_000, 200_000];
// With fewer the learning curve would be empty.
const trainingRuns = 32;
const testRuns = 6;
const steps = [100, 200];

/**
 * A study of few runs, so that every fit to it is done at once, and which yet fills every panel:
 * three of the built-in languages, with text to verify on, one mixture repeated, test sets of the
 * same mixtures at two sizes, and losses at two checkpoints.
 */
function smallStudy(): Study {
  const stream = createRandomStream(1);
  const weights = Array.from({ length: trainingRuns + testRuns }, () => {
    const parts = domains.map(() => -Math.log(1 - stream.uniform()));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  });
  weights[trainingRuns - 1] = weights[0];
  const seeds = weights.map(() => domains.map(() => 0.01 * (stream.uniform() - 0.5)));
  const total = tokens.reduce((sum, each) => sum + each, 0);
  return {
    version: 1,
    id: 'three-languages',
    name: smallStudyName,
    source: { kind: 'files', detail: 'Made for tests of the page.' },
    domains: [...domains],
    targets: domains.map(({ id, name }) => ({
      id,
      name: `${name} loss`,
      unit: 'bits per byte',
      direction: 'lower',
    })),
    training: tableOf('training', weights.slice(0, trainingRuns), seeds.slice(0, trainingRuns)),
    testSets: [
      tableOf('20K test', weights.slice(trainingRuns), seeds.slice(trainingRuns)),
      tableOf('100K test', weights.slice(trainingRuns), seeds.slice(trainingRuns), 5),
    ],
    prior: { kind: 'file', weights: Float64Array.from(tokens, (each) => each / total) },
    human: null,
  };
}

/**
 * Losses decrease with a language's own share, less with the shares of the others, and with time
 * and size.
 *
 * @param seeds noise by run and target
 * @param size in sizes of the training runs
 */
function tableOf(name: string, mixtures: number[][], seeds: number[][], size = 1): RunTable {
  const lossesAfter = (step: number): Matrix =>
    fromRows(
      mixtures.map((mixture, run) =>
        domains.map((_, target) => {
          const known = mixture.reduce(
            (sum, share, domain) => sum + (domain === target ? 3 : 0.8) * share ** 0.6,
            0.5,
          );
          return 1.5 + (known * (size * step) ** 0.2) ** -0.5 + seeds[run][target];
        }),
      ),
    );
  const last = steps[steps.length - 1];
  return {
    name,
    ids: mixtures.map((_, run) => `${name} ${run + 1}`),
    mixtures: fromRows(mixtures),
    losses: lossesAfter(last),
    ...(name === 'training' && { trajectory: { steps, losses: steps.map(lossesAfter) } }),
  };
}

/** The study as the file that a user would open. */
export function smallStudyFile(): { name: string; mimeType: string; buffer: Buffer } {
  const study = smallStudy();
  const settings = defaultSettings(study);
  const text = sessionToJson({
    study,
    settings: {
      ...settings,
      target: 'es',
      constraints: {
        ...settings.constraints,
        requestedTokens: 2_000_000,
        availableTokens: tokens,
      },
    },
  });
  return {
    name: 'small.regmix.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  };
}

/**
 * Opens the answer in a browser that has the small study, and waits until it is shown with its
 * optimum.
 */
export async function openSmall(page: Page): Promise<void> {
  await openLive(page);
  await expect(studyName(page)).toHaveText(smallStudyName);
  await expectAnswer(page);
}
