import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Explorer } from '../../components/shell/explorer';
import { prepareAnalysis } from '../../lib/analysis/prepare';
import { builtInStudies } from '../../lib/study/built-in';
import { readRecorded } from '../../lib/verify/results';

/**
 * The explorer on the first built-in study, with the room at the page's address: the pages below it are
 * addresses only, so that going from room to room keeps all that was done. The study's runs are read and fitted
 * at build time, so that the first paint shows complete panels; the workers then repeat the fits whose models
 * the page needs.
 */
export default async function RoomsLayout() {
  const { session, analysis, recorded } = await prepared();
  return <Explorer session={session} analysis={analysis} recorded={recorded} />;
}

/** Prepared once for all rooms. */
let known: ReturnType<typeof prepare> | null = null;

function prepared(): ReturnType<typeof prepare> {
  known ??= prepare();
  return known;
}

async function prepare() {
  const [first] = builtInStudies;
  const read = (...path: string[]) => readFile(join(process.cwd(), ...path), 'utf8');
  const files = await Promise.all(
    first.files.map(async (name) => ({
      name,
      text: await read('public', 'studies', first.id, name),
    })),
  );
  const session = first.open(files);
  const recorded = readRecorded(await read('docs', 'data', `verify-${first.id}.json`));
  return { session, analysis: prepareAnalysis(session), recorded };
}
