import type { CorporaSource, TextDocument } from '../../lib/corpora/types';

/** A domain before it is split and packed. */
interface SourceDomain {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly licence: string;
  readonly documents: readonly TextDocument[];
}

export interface SourceCorpora {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly sources: readonly CorporaSource[];
  readonly domains: readonly SourceDomain[];
}
