import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import { Learn } from '../../components/learn/learn-page';
import { SiteBar } from '../../components/site/site-bar';
import { unlimited } from '../../lib/model/settings';
import { builtInStudies } from '../../lib/study/built-in';
import { readIntermediateLosses } from '../../lib/study/intermediate-losses';
import { readRecorded } from '../../lib/verify/results';
import '../styles/guide.css';
import '../styles/learn.css';

export const metadata: Metadata = {
  title: 'Learn RegMix in ten steps | RegMix Explorer',
  description:
    'A guided tour of RegMix (arXiv 2407.01492) on real runs: draw mixtures, train proxies in the tab, fit a regression, find the best mixture under token limits, and see whether it holds.',
};

/** The guided tour, on the built-in study: the law, and no limits at first. */
export default async function LearnPage() {
  const [first] = builtInStudies;
  const folder = join(process.cwd(), 'public', 'studies', first.id);
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const files = await Promise.all(
    first.files.map(async (name) => ({ name, text: await read(name) })),
  );
  const { study, settings } = first.open(files);
  const { requestedTokens } = settings.constraints;
  const constraints = { ...unlimited(study.domains.length), requestedTokens };
  const session = { study, settings: { ...settings, regressor: 'law' as const, constraints } };
  const verification = await readFile(
    join(process.cwd(), 'docs', 'data', `verify-${first.id}.json`),
    'utf8',
  );
  const data = {
    way: readIntermediateLosses(await read('train_trajectory.csv'), settings.target),
    verification: readRecorded(verification),
  };
  return (
    <>
      <SiteBar current="learn" />
      <Learn session={session} data={data} />
    </>
  );
}
