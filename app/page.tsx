import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Explorer } from '../components/explorer/explorer';
import { prepareAnalysis } from '../lib/store/prepare';
import { openSimulatedStudy, simulatedFiles } from '../lib/study/simulated-study';

/**
 * The explorer on the simulated study. Its runs are read and fitted while the site is built, so
 * that the first paint shows finished panels; the workers then fit again what the page needs models of.
 */
export default async function Page() {
  const folder = join(process.cwd(), 'public', 'studies', 'simulated');
  const files = await Promise.all(
    simulatedFiles.map(async (name) => ({
      name,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
  const session = openSimulatedStudy(files);
  return <Explorer session={session} analysis={prepareAnalysis(session)} />;
}
