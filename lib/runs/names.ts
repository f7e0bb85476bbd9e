import { splitMeasure } from './measures';

/** Names whose spelling no rule gives: the Pile's domains and common evaluation words. */
const known: ReadonlyMap<string, string> = new Map([
  ['arxiv', 'arXiv'],
  ['dm_mathematics', 'DM Mathematics'],
  ['enron_emails', 'Enron Emails'],
  ['europarl', 'EuroParl'],
  ['freelaw', 'FreeLaw'],
  ['github', 'GitHub'],
  ['gutenberg_pg_19', 'Gutenberg (PG-19)'],
  ['hackernews', 'Hacker News'],
  ['nih_exporter', 'NIH ExPorter'],
  ['philpapers', 'PhilPapers'],
  ['pile_cc', 'Pile CC'],
  ['pubmed_abstracts', 'PubMed Abstracts'],
  ['pubmed_central', 'PubMed Central'],
  ['stackexchange', 'StackExchange'],
  ['ubuntu_irc', 'Ubuntu IRC'],
  ['uspto_backgrounds', 'USPTO Backgrounds'],
  ['wikipedia_en', 'Wikipedia (en)'],
]);

/** What people read for a domain's id: `pile_cc` is `Pile CC`; by default its words in title case. */
export function domainName(id: string): string {
  const name = known.get(id.toLowerCase());
  if (name !== undefined) return name;
  return words(id).map(capital).join(' ') || id;
}

/**
 * What people read for a target.
 * @param id its id, `pile_cc`
 * @param header its column, whose ending says what is measured: `pile_cc_val_loss` gives `Pile CC loss`
 */
export function targetName(id: string, header: string): string {
  const { measure } = splitMeasure(header);
  const subject = splitMeasure(id).subject;
  if (measure === null) return sentenceName(id);
  return subject === '' ? capital(measure.word) : `${sentenceName(subject)} ${measure.word}`;
}

function sentenceName(id: string): string {
  const name = known.get(id.toLowerCase());
  if (name !== undefined) return name;
  const [first, ...rest] = words(id);
  return first === undefined ? id : [capital(first), ...rest].join(' ');
}

function words(id: string): string[] {
  return id.split(/[\s_/.:-]+/).filter((word) => word !== '');
}

function capital(word: string): string {
  return word === word.toLowerCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
