/** The studies that come with the page, and how their files are opened. */

import { runJob } from '../model/job';
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
import { openTrainedFiles } from './trained-files';

/**
 * The files of a trained study.
 *
 * @param tests sizes of its held-out sets. That of the proxies' own size goes first: fits are judged on it
 */
function trainedFiles(...tests: readonly string[]): readonly string[] {
  const sets = ['train', ...tests.map((size) => `test_${size}`)];
  return [...sets.flatMap((set) => [`${set}_mixture.csv`, `${set}_loss.csv`]), 'provenance.json'];
}

/** The study's files under `public/studies/languages/`, written by `npm run study:languages`. */
export const languagesFiles = trainedFiles('100k', '20k', '400k');

/**
 * The study that the page opens with: proxies that this page's own engine trained on the messages of the
 * TypeScript compiler in eight languages, with held-out mixtures at three sizes. Its target is a language
 * with close relatives among the domains. At four epochs two fifths of the requested tokens can be of it: its
 * cap and that of its nearest relative bind, and the next fills in.
 */
export function openLanguagesStudy(files: readonly NamedText[]): OpenedStudy {
  return openTrainedFiles(files, {
    id: 'languages',
    name: (proxies) => `Languages: ${proxies} proxies trained on eight languages`,
    text: 'the TypeScript compiler’s messages (Apache-2.0) in eight languages',
    target: 'es',
    requestedTokens: 1_500_000,
  });
}

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

/** The declared entry of the same id, whose name and unit are better than those derived from the file. */
function known<Entry extends { readonly id: string }>(
  stated: readonly Entry[],
  { id }: Entry,
): Entry {
  return stated[placeOf(stated, id)];
}

/** @throws RangeError when the files belong to another study */
function placeOf(stated: readonly { readonly id: string }[], id: string): number {
  const place = stated.findIndex((each) => each.id === id);
  if (place < 0) throw new RangeError(`${id} is not of the simulated study`);
  return place;
}

/** The study's files under `public/studies/software/`, written by `npm run study:software`. */
export const softwareFiles = trainedFiles('20k', '100k');

/**
 * Proxies that this page's own engine trained on what software packages consist of, with held-out mixtures at
 * two sizes. Its target is documentation, which quotes code; licences have so little text that their limit is low.
 */
export function openSoftwareStudy(files: readonly NamedText[]): OpenedStudy {
  return openTrainedFiles(files, {
    id: 'software',
    name: (proxies) => `Software: ${proxies} proxies trained on five kinds of file`,
    text: 'the files of software packages, by kind',
    target: 'markdown',
    requestedTokens: 8_000_000,
  });
}

/** A study that comes with the page, its files under `public/studies/<id>/`. */
export interface BuiltInStudy {
  readonly id: BuiltInId;
  readonly name: string;
  readonly files: readonly string[];
  /** Opens it from the texts of its files, in their order, with initial settings. */
  readonly open: (files: readonly NamedText[]) => OpenedStudy;
}

type BuiltInId = 'languages' | 'software' | 'simulated';

/** The first is the one that the page opens with. */
export const builtInStudies: readonly [BuiltInStudy, ...BuiltInStudy[]] = [
  {
    id: 'languages',
    name: 'Languages: proxies trained by this page on eight languages',
    files: languagesFiles,
    open: openLanguagesStudy,
  },
  {
    id: 'software',
    name: 'Software: proxies trained by this page on five kinds of file',
    files: softwareFiles,
    open: openSoftwareStudy,
  },
  {
    id: 'simulated',
    name: 'Simulated: runs drawn from a stated law on eight domains',
    files: simulatedFiles,
    open: openSimulatedStudy,
  },
];
