/** One text as a unit: a message, a file, a line of JSONL. */
export interface TextDocument {
  /** Decides the split into training and validation: documents with one id stay together. */
  readonly id: string;
  readonly text: string;
}

/** The tokens of one domain: bytes of UTF-8, with 256 before every document. */
export interface DomainText {
  readonly training: Uint16Array;
  readonly validation: Uint16Array;
}

/** Metadata of a built domain. */
export interface DomainManifest {
  readonly id: string;
  readonly name: string;
  /** Where the text comes from, for display. */
  readonly source: string;
  /** SPDX identifiers, the most frequent first. */
  readonly licence: string;
  readonly documents: number;
  readonly trainingTokens: number;
  readonly validationTokens: number;
  /** The first characters of its text. */
  readonly sample: string;
  /** Name of the packed text beside the manifest. */
  readonly file: string;
}

/** A package that text was taken from. */
export interface CorporaSource {
  /** Name and version: `typescript@5.9.3`. */
  readonly name: string;
  /** SPDX expression. */
  readonly licence: string;
}

/** A set of corpora to draw mixtures over. */
export interface CorporaManifest {
  readonly format: 'regmix-corpora';
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** All that its text was taken from; `licences.txt` of the site has their notices. */
  readonly sources: readonly CorporaSource[];
  readonly domains: readonly DomainManifest[];
}

/** A domain with its text, in memory. */
export interface LoadedDomain extends DomainText {
  readonly about: Omit<DomainManifest, 'file'>;
  /** Share of its validation text that also occurs in its training text, 0..1. */
  readonly overlap: number;
}

/** A set of corpora in memory. */
export interface LoadedCorpora {
  /** Id of a built-in set; null = the user's own text. */
  readonly id: string | null;
  readonly name: string;
  readonly description: string;
  readonly domains: readonly LoadedDomain[];
}
