import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Explorer } from '../components/shell/explorer';
import { prepareAnalysis } from '../lib/analysis/prepare';
import { builtInStudies } from '../lib/study/built-in';

/**
 * The explorer on the first built-in study. Its runs are read and fitted at build time, so that the
 * first paint shows complete panels; the workers then repeat the fits whose models the page needs.
 */
export default async function Page() {
  const [first] = builtInStudies;
  const folder = join(process.cwd(), 'public', 'studies', first.id);
  const files = await Promise.all(
    first.files.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const session = first.open(files);
  return <Explorer session={session} analysis={prepareAnalysis(session)} />;
}
