import type { LoadedCorpora } from '../corpora/types';
import { StageError } from '../model/errors';
import { parseQuantity, plural } from '../model/format';
import type { Domain, Study } from '../model/study';
import { quoted } from '../runs/errors';
import { matchDomains } from '../runs/identify';

/** Maximum characters of a pasted mixture: 200 domains with long names take less. */
const longest = 50_000;

/**
 * Reads a mixture that was pasted: either one amount per domain in the study's order, or names and amounts in
 * turn (`en: 40%`, `train_en,0.4` line by line, a JSON object). Domains that are not named get no weight.
 * Amounts are taken as shares of their sum.
 *
 * @returns D weights >= 0 that sum to 1
 * @throws StageError that names the wrong entry and what was expected
 */
export function readMixture(text: string, domains: readonly Domain[]): Float64Array {
  if (text.length > longest) {
    throw refusal(`found ${text.length} characters, expected at most ${longest}`);
  }
  const words = text.split(/[\s,;:={}[\]"]+/).filter(Boolean);
  const read = words.map(parseQuantity);
  const amounts = read.every((amount) => amount !== null)
    ? inOrder(read, domains)
    : byName(words, read, domains);
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (!(sum > 0 && Number.isFinite(sum))) {
    throw refusal(`found amounts that sum to ${sum}, expected a sum above 0`);
  }
  return amounts.map((amount) => amount / sum);
}

function inOrder(amounts: readonly number[], domains: readonly Domain[]): Float64Array {
  if (amounts.length === domains.length) return Float64Array.from(amounts);
  throw refusal(
    `found ${plural(amounts.length, 'amount')}, expected ${domains.length}, one per domain in the order of the study`,
  );
}

/** Words up to an amount are a name. */
function byName(
  words: readonly string[],
  read: readonly (number | null)[],
  domains: readonly Domain[],
): Float64Array {
  const names: string[] = [];
  const amounts: number[] = [];
  let name: string[] = [];
  words.forEach((word, place) => {
    const amount = read[place];
    if (amount === null || name.length === 0) {
      name.push(word);
      return;
    }
    names.push(name.join(' '));
    amounts.push(amount);
    name = [];
  });
  if (name.length > 0) {
    throw refusal(
      `found ${quoted(name.join(' '))} at its end, expected a name and an amount of at least 0, such as 0.12 or 12%`,
    );
  }
  const weights = new Float64Array(domains.length);
  matchDomains(names, domains).forEach((domain, row) => {
    if (!domain) {
      throw refusal(`found ${quoted(names[row])}, expected domains of the study, each once`);
    }
    weights[domains.indexOf(domain)] = amounts[row];
  });
  return weights;
}

function refusal(what: string): StageError {
  return new StageError('verify', `This is not a mixture: ${what}.`);
}

/** Names of a study's domains that have no text in the corpora. */
export function withoutText({ domains }: Pick<Study, 'domains'>, loaded: LoadedCorpora): string[] {
  const ids = new Set(loaded.domains.map(({ about }) => about.id));
  return domains.filter(({ id }) => !ids.has(id)).map(({ name }) => name);
}
