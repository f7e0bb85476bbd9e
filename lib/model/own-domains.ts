import type { Domain, Target } from './study';

/** What a target measures, at the end of its name: `Pile CC loss`, `pile_cc_bpb`. */
const measure = /[\s_/.:-]+(?:loss|losses|perplexity|ppl|bpb|nll|accuracy|acc|error|score|f1|em)$/i;

/**
 * Per target the index of the domain that it is named after, whatever case, blanks and signs: the loss on
 * Wikipedia belongs to Wikipedia. null = none.
 */
export function ownDomains({
  domains,
  targets,
}: {
  readonly domains: readonly Pick<Domain, 'id' | 'name'>[];
  readonly targets: readonly Pick<Target, 'id' | 'name'>[];
}): (number | null)[] {
  const keyed = (text: string, domain: number) => [bare(text), domain] as const;
  // Ids are unique: they go before names.
  const byName = new Map([
    ...domains.map(({ name }, domain) => keyed(name, domain)),
    ...domains.map(({ id }, domain) => keyed(id, domain)),
  ]);
  byName.delete('');
  return targets.map(({ id, name }) => {
    const forms = [id, name, id.replace(measure, ''), name.replace(measure, '')];
    const found = forms.map(bare).find((form) => byName.has(form));
    return found === undefined ? null : (byName.get(found) ?? null);
  });
}

/** Letters and digits alone, in lower case. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
