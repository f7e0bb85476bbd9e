import { runJob } from '../job';
import { buildStudyRuns } from '../runs/build';
import { readTable } from '../runs/read-table';
import type { NamedText } from '../runs/reader';
import { recognise } from '../runs/recognise';
import { type OpenedStudy, openRuns } from './from-runs';
import { simulatedDomains, simulatedPrior, simulatedTargets, simulatedTokens } from './simulated';

/** The simulated study's files under `public/studies/simulated/`, written by `npm run study`. */
export const simulatedFiles = [
  'train_mixture.csv',
  'train_loss.csv',
  'test_mixture.csv',
  'test_loss.csv',
] as const;

/** The study that the page opens with, from its files, with token limits that bind. */
export function openSimulatedStudy(files: readonly NamedText[]): OpenedStudy {
  const tables = files.map((file) => runJob(readTable(file)));
  const runs = runJob(buildStudyRuns(tables, recognise(tables), { acceptUnpaired: false }));
  const named = {
    ...runs,
    domains: runs.domains.map((domain) => known(simulatedDomains, domain)),
    targets: runs.targets.map((target) => known(simulatedTargets, target)),
  };
  const opened = openRuns(named, {
    id: 'simulated',
    name: 'A simulated study: 256 proxies on 8 domains',
    source: {
      kind: 'simulated',
      detail: 'Runs drawn from a stated law with noise, to try the page on; no model was trained.',
    },
  });
  const { study, settings } = opened;
  const tokensOf = (id: string) =>
    simulatedTokens[simulatedDomains.findIndex((domain) => domain.id === id)] ?? null;
  const priorOf = (id: string) =>
    simulatedPrior[simulatedDomains.findIndex((domain) => domain.id === id)] ?? 0;
  return {
    study: {
      ...study,
      prior: {
        kind: 'file',
        weights: Float64Array.from(study.domains, ({ id }) => priorOf(id)),
      },
    },
    settings: {
      ...settings,
      constraints: {
        ...settings.constraints,
        availableTokens: study.domains.map(({ id }) => tokensOf(id)),
      },
    },
  };
}

/** The stated entry of the same id: its name and unit are nicer than what a file name tells. */
function known<Entry extends { readonly id: string }>(
  stated: readonly Entry[],
  found: Entry,
): Entry {
  return stated.find(({ id }) => id === found.id) ?? found;
}
