import type { Target } from '../model/study';

/** What the end of a column's name says about the numbers below it. */
export interface Measure {
  /** In words, after the name of what is measured: `loss`. */
  readonly word: string;
  readonly unit: string;
  readonly direction: Target['direction'];
  /** Whether the target's id goes without it, so that a loss on a domain has the domain's id. */
  readonly onDomain: boolean;
}

const lossIn = (word: string, unit: string): Measure => ({
  word,
  unit,
  direction: 'lower',
  onDomain: true,
});
const scoreIn = (word: string, unit = ''): Measure => ({
  word,
  unit,
  direction: 'higher',
  onDomain: false,
});

/** Endings of column names, the longer before the shorter. */
const endings: readonly (readonly [RegExp, Measure])[] = [
  [/(?:^|[_/. -])(?:val|valid|validation)[_/. -]loss$/i, lossIn('loss', 'nats per token')],
  [/(?:^|[_/. -])loss$/i, lossIn('loss', '')],
  [/(?:^|[_/. -])(?:bpb|bits[_ -]per[_ -]byte)$/i, lossIn('bits per byte', 'bits per byte')],
  [/(?:^|[_/. -])(?:ppl|perplexity)$/i, lossIn('perplexity', '')],
  [
    /(?:^|[_/. -])(?:nll|neg(?:ative)?[_ -]?log[_ -]?(?:prob(?:abilit(?:y|ies))?|likelihood|lik)s?)$/i,
    lossIn('negative log-likelihood', ''),
  ],
  [/(?:^|[_/. -])bits$/i, lossIn('bits', '')],
  [
    /(?:^|[_/. -])(?:acc(?:uracy)?(?:[_ -]norm)?|acc,none|acc_norm,none)$/i,
    scoreIn('accuracy', 'accuracy'),
  ],
  [
    /(?:^|[_/. -])(?:log[_ -]?(?:prob(?:abilit(?:y|ies))?|likelihood|lik|p)s?|ll)$/i,
    scoreIn('log-probability'),
  ],
  [/(?:^|[_/. -])win[_ -]?rate$/i, scoreIn('win rate')],
  [/(?:^|[_/. -])exact[_ -]match$/i, scoreIn('exact match')],
  [/(?:^|[_/. -])f1$/i, scoreIn('F1')],
  [/(?:^|[_/. -])score$/i, scoreIn('score')],
];

const higher = /(?:^|[^a-z])(?:acc|accuracy|score|scores|f1|exact_match|em)(?:[^a-z]|$)|pass@/i;
const lower = /(?:^|[^a-z])(?:loss|ppl|bpb|perplexity|bits|nll)(?:[^a-z]|$)/i;

/** Splits what is measured from how: `pile_cc_val_loss` is `pile_cc` and a loss in nats per token. */
export function splitMeasure(header: string): { subject: string; measure: Measure | null } {
  for (const [ending, measure] of endings) {
    const found = ending.exec(header);
    if (found) return { subject: header.slice(0, found.index), measure };
  }
  return { subject: header, measure: null };
}

/** Whether the name says that the column is a loss or a score. */
export function namesMeasure(header: string): boolean {
  return splitMeasure(header).measure !== null || higher.test(header) || lower.test(header);
}

/** Which way is better, by the column's name: `higher` for a score, else `lower`. */
export function guessDirection(header: string): Target['direction'] {
  const { measure } = splitMeasure(header);
  if (measure) return measure.direction;
  return higher.test(header) && !lower.test(header) ? 'higher' : 'lower';
}

/** The unit by the column's name; empty when it does not say. */
export function guessUnit(header: string): string {
  const { measure } = splitMeasure(header);
  if (measure) return measure.unit;
  if (/(?:^|[^a-z])bpb(?:[^a-z]|$)/i.test(header)) return 'bits per byte';
  return /(?:^|[^a-z])acc(?:uracy)?(?:[^a-z]|$)/i.test(header) ? 'accuracy' : '';
}
