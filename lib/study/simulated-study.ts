import { runJob } from '../job';
import { buildStudyRuns } from '../runs/build';
import { readTable } from '../runs/read-table';
import type { NamedText } from '../runs/reader';
import { recognise } from '../runs/recognise';
import { type OpenedStudy, openRuns } from './from-runs';
import {
  simulatedDomains,
  simulatedLaws,
  simulatedPrior,
  simulatedTargets,
  simulatedTokens,
} from './simulated';

/** The simulated study's files under `public/studies/simulated/`, written by `npm run study`. */
export const simulatedFiles = [
  'train_mixture.csv',
  'train_loss.csv',
  'test_mixture.csv',
  'test_loss.csv',
] as const;

/** The simulated study from its files, with token limits that bind and the laws behind its runs. */
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
      builtIn: 'simulated',
    },
  });
  const { study, settings } = opened;
  const places = study.domains.map(({ id }) => placeOf(simulatedDomains, id));
  return {
    study: {
      ...study,
      prior: {
        kind: 'file',
        weights: Float64Array.from(places, (place) => simulatedPrior[place]),
      },
      truth: study.targets.map(({ id }) => {
        const law = simulatedLaws[placeOf(simulatedTargets, id)];
        return {
          ...law,
          amounts: Float64Array.from(places, (place) => law.amounts[place]),
          powers: Float64Array.from(places, (place) => law.powers[place]),
        };
      }),
    },
    settings: {
      ...settings,
      constraints: {
        ...settings.constraints,
        availableTokens: places.map((place) => simulatedTokens[place]),
      },
    },
  };
}

/** The stated entry of the same id: its name and unit are nicer than what a file name tells. */
function known<Entry extends { readonly id: string }>(
  stated: readonly Entry[],
  { id }: Entry,
): Entry {
  return stated[placeOf(stated, id)];
}

/** @throws RangeError when the files are of another study */
function placeOf(stated: readonly { readonly id: string }[], id: string): number {
  const place = stated.findIndex((each) => each.id === id);
  if (place < 0) throw new RangeError(`${id} is not of the simulated study`);
  return place;
}
