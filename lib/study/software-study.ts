import type { NamedText } from '../runs/reader';
import type { OpenedStudy } from './from-runs';
import { openTrainedFiles } from './trained-files';

/** The study's files under `public/studies/software/`, written by `npm run study:software`. */
export const softwareFiles = [
  'train_mixture.csv',
  'train_loss.csv',
  'test_7k_mixture.csv',
  'test_7k_loss.csv',
  'provenance.json',
] as const;

/**
 * Proxies that this page's own engine trained on what software packages consist of, with a held-out set. Its
 * target is documentation, which quotes code; of licences there is so little text that their limit is low.
 */
export function openSoftwareStudy(files: readonly NamedText[]): OpenedStudy {
  return openTrainedFiles(files, {
    id: 'software',
    name: (proxies) => `Software: ${proxies} proxies trained on five kinds of file`,
    detail:
      'Proxies of 7,000 parameters, trained by this page’s own engine on 200,000 bytes each of the files of software packages, by kind.',
    target: 'markdown',
    requestedTokens: 8_000_000,
  });
}
