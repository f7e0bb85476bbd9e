/** The names that domains have outside of the page: those of the user's own files. */
import type { Domain } from '../model/study';

/**
 * What stands before names and means "weight of": `mix_`, `weights/`, and whatever leads to one in a
 * configuration (`config.data.mix_`). `train_` is part of a name: RegMix's datasets begin with it.
 */
const weightOf =
  /^(?:.*[/.:])?(?:(?:weights?|mixtures?|mix|ratios?|proportions?|w)[_/.:]|(?:train|training|domains?)[/.:])/i;

/**
 * The names of datasets as trainers know them: those of the columns that the study was read from, with all
 * that they share (`train_the_pile_arxiv`), but for a beginning of all that only says that they are weights:
 * `weights/web` is `web`. It stays where names would be numbers without it.
 *
 * @returns D names, each once, in the order of the domains
 */
export function datasetNames(domains: readonly Pick<Domain, 'id' | 'column'>[]): string[] {
  const columns = domains.map(({ id, column }) => column ?? id);
  const ids = domains.map(({ id }) => id);
  // A study file may name one column twice; ids are checked to be unique.
  const names = new Set(columns).size === columns.length ? columns : ids;
  const before = weightOf.exec(sharedBeginning(names))?.[0] ?? '';
  const bare = names.map((name) => name.slice(before.length));
  return bare.some((name) => name === '') || bare.every((name) => /^\d+$/.test(name))
    ? names
    : bare;
}

/**
 * The names of datasets without RegMix's `train_`: its trainer reads `train_<name>` and `valid_<name>`, and
 * its tables have columns `train_<name>`.
 *
 * @returns D names, each once, in the order of the domains
 */
export function regmixNames(domains: readonly Pick<Domain, 'id' | 'column'>[]): string[] {
  const names = datasetNames(domains);
  return names.every((name) => /^train_./.test(name))
    ? names.map((name) => name.slice('train_'.length))
    : names;
}

/** The longest beginning of all names. */
function sharedBeginning(names: readonly string[]): string {
  let shared = names[0] ?? '';
  for (const name of names) {
    while (!name.startsWith(shared)) shared = shared.slice(0, -1);
  }
  return shared;
}
