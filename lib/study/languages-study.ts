import type { NamedText } from '../runs/reader';
import type { OpenedStudy } from './from-runs';
import { openTrainedFiles } from './trained-files';

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

/**
 * The study that the page opens with: proxies that this page's own engine trained on the messages of the
 * TypeScript compiler in eight languages, with two held-out sets, one of larger proxies. Its target is a
 * language with close relatives among the domains; at four epochs no language is enough for the tokens that
 * are requested.
 */
export function openLanguagesStudy(files: readonly NamedText[]): OpenedStudy {
  return openTrainedFiles(files, {
    id: 'languages',
    name: (proxies) => `Languages: ${proxies} proxies trained on eight languages`,
    detail:
      'Proxies of 20,000 parameters, trained by this page’s own engine on 300,000 bytes each of the TypeScript compiler’s messages (Apache-2.0) in eight languages.',
    target: 'es',
    requestedTokens: 2_000_000,
  });
}
