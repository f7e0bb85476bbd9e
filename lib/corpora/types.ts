/** One text as a unit: a message, a file, a line of JSONL. */
export interface TextDocument {
  /** What the split into training and validation goes by: documents with one id go the same way. */
  readonly id: string;
  readonly text: string;
}

/** The tokens of one domain: bytes of UTF-8, with 256 before every document. */
export interface DomainText {
  readonly training: Uint16Array;
  readonly validation: Uint16Array;
}

/** What is known of a built domain without its text. */
export interface DomainManifest {
  readonly id: string;
  readonly name: string;
  /** Where the text comes from, for people. */
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

/** A set of corpora to draw mixtures over. */
export interface CorporaManifest {
  readonly format: 'regmix-corpora';
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly domains: readonly DomainManifest[];
}

/** A domain with its text, as the page holds it. */
export interface LoadedDomain extends DomainText {
  readonly about: Omit<DomainManifest, 'file'>;
  /** Share of its validation text that its training text holds too, 0..1. */
  readonly overlap: number;
}

/** A set of corpora in memory. */
export interface LoadedCorpora {
  /** Of a built-in set; null = text of the user's own. */
  readonly id: string | null;
  readonly name: string;
  readonly description: string;
  readonly domains: readonly LoadedDomain[];
}
