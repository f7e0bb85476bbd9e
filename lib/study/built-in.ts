import type { NamedText } from '../runs/reader';
import type { OpenedStudy } from './from-runs';
import { languagesFiles, openLanguagesStudy } from './languages-study';
import { openSimulatedStudy, simulatedFiles } from './simulated-study';
import { openSoftwareStudy, softwareFiles } from './software-study';

/** A study that comes with the page, its files under `public/studies/<id>/`. */
export interface BuiltInStudy {
  readonly id: BuiltInId;
  readonly name: string;
  readonly files: readonly string[];
  /** Opens it from the texts of its files, in their order, with settings that make a start. */
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
