import type { LoadedCorpora } from '../corpora/types';
import type { Study } from '../study/types';

/** Names of a study's domains that corpora have no text of. */
export function withoutText({ domains }: Pick<Study, 'domains'>, loaded: LoadedCorpora): string[] {
  const ids = new Set(loaded.domains.map(({ about }) => about.id));
  return domains.filter(({ id }) => !ids.has(id)).map(({ name }) => name);
}
