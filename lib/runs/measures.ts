/** What a column's name and values say: a loss or a score, of what, in which unit. */
import { spearman } from '../model/statistics';
import type { Target } from '../model/study';
import type { ColumnRole, DirectionSource } from './recognition';
import type { CsvColumn, CsvTable } from './table';

type Direction = Target['direction'];

/** What the end of a column's name says about the numbers below it. */
export interface Measure {
  /** In words, after the name of what is measured: `loss`. */
  readonly word: string;
  readonly unit: string;
  readonly direction: Direction;
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

/** Splits what is measured from how: `pile_cc_val_loss` is `pile_cc` and a loss in nats per token. */
export function splitMeasure(header: string): { subject: string; measure: Measure | null } {
  for (const [ending, measure] of endings) {
    const found = ending.exec(header);
    if (found) return { subject: header.slice(0, found.index), measure };
  }
  return { subject: header, measure: null };
}

/** Which way is better by a word of a column's name, and which values it can have. */
interface Meaning {
  readonly direction: Direction;
  /** 1 where no value is below zero, -1 where none is above, 0 where both occur. */
  readonly sign: -1 | 0 | 1;
  /** Whether it is a share, as 0..1 or in percent. */
  readonly isShare: boolean;
  /** `score` says less than `brier` in `brier_score`. */
  readonly isWeak: boolean;
}

type Table = ReadonlyMap<string, Meaning>;

function meaning(words: string, direction: Direction, rest: Partial<Meaning> = {}): Table {
  const what = { direction, sign: 1, isShare: false, isWeak: false, ...rest } as const;
  return new Map(words.split(/\s+/).map((word) => [word, what]));
}

/** Words, and words that follow each other written as one, that say how something is measured. */
const measures: Table = new Map([
  ...meaning(
    `loss losses valloss logloss nll nlls ppl ppls pplx perplexity perplexities bpb bpc bpw bpt bits xent
    xentropy entropy crossentropy surprisal celoss wer cer ter mse rmse mae brier ece toxicity
    hallucination hallucinations regret divergence kld errorrate errorrates memorization`,
    'lower',
  ),
  ...meaning(
    `acc accs accuracy accuracies accnorm exactmatch f1 fscore winrate auc auroc auprc recall mrr ndcg passrate
    solverate successrate mc1 mc2 bleu sacrebleu rouge rougel rougelsum chrf bleurt meteor prob probs
    probability likelihood correctprob`,
    'higher',
    { isShare: true },
  ),
  ...meaning('mcc elo reward rewards margin softprob', 'higher', { sign: 0 }),
  ...meaning(
    `logprob logprobs logprobability logprobabilities loglikelihood loglikelihoods loglik logliks logp ll`,
    'higher',
    { sign: -1 },
  ),
  ...meaning('score scores rating ratings', 'higher', { sign: 0, isWeak: true }),
]);

/** Words that say it only as the last, or before a `/`: `mmlu_error` and `error/mmlu`, not `error_detection`. */
const outerMeasures: Table = new Map([
  ...meaning('error errors err ce', 'lower'),
  ...meaning('em correct success precision comet', 'higher', { isShare: true }),
]);

/** Benchmarks of language models, as one word each; of the second list even good ones get a few percent. */
const choiceBenchmarks = new Set(
  `hellaswag mmlu mmlupro mmluredux mmmlu globalmmlu hendryckstest arceasy arcchallenge arce arcc ai2arc piqa siqa
  socialiqa winogrande boolq openbookqa obqa sciq csqa commonsenseqa truthfulqa raceh racem racehigh
  racemiddle logiqa logiqa2 agieval gpqa ceval cmmlu kmmlu xnli xcopa xstorycloze storycloze xwinograd
  wsc273 winograd belebele anli mnli qnli multirc sst2 mrpc qqp headqa medqa medmcqa pubmedqa mathqa blimp
  cosmosqa musr bbq superglue olmes rewardbench pawsx paws xquadqa jeopardyqa`.split(/\s+/),
);
const openBenchmarks = new Set(
  `gsm8k gsmplus gsmsymbolic math500 minervamath hendrycksmath competitionmath humaneval humanevalplus mbpp
  mbppplus triviaqa nq nqopen naturalqs naturalquestion naturalquestions webqs webquestions squad squadv2
  squad2 coqa lambada lambadaopenai lambadastandard bbh bigbench bigbenchhard mgsm tydiqa popqa simpleqa
  hotpotqa quac ifeval aime aime24 aime25 amc23 bigcodebench livecodebench ds1000 multiple cruxeval
  theoremqa svamp asdiv mawps jeopardy wikiqa narrativeqa qasper mtbench alpacaeval arenahard wildbench
  longbench infinitebench babilong xsum flores olympiadbench codexglue`
    .split(/\s+/)
    .filter((name) => name !== 'multiple'),
);
/** Benchmarks whose names are also domains or words of other meaning. */
const vagueBenchmarks = new Set(
  'math core race drop record arc copa cb cola wic wsc rte swag glue gsm wino ruler prost aqua'.split(
    ' ',
  ),
);
/** Text on which models of language are scored by perplexity. */
const perplexityTexts = new Set(
  'wikitext wikitext2 wikitext103 ptb penntreebank enwik8 text8 lm1b paloma'.split(' '),
);
const averages = new Set('avg average mean overall aggregate macroaverage macroavg'.split(' '));

/** Words that add nothing to what is measured. */
const qualifiers = new Set(
  `none norm mean avg average macro micro weighted final last val valid validation test dev eval evals
  evaluation metric metrics target targets downstream benchmark benchmarks lm leaderboard icl rc mc cf
  strict flexible extract match filter shot shots zeroshot fewshot zero few pct percent share raw per char
  token byte word all of the task tasks`.split(/\s+/),
);

/** A name's words in lower case: of `valLoss`, `hellaswag/acc_norm,none` and `5-shot MMLU`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\+/g, ' plus ')
    .split(/[^\p{L}\p{N}@]+/u)
    .filter((word) => word !== '');
}

/** The longest run of words from `start` whose joined form is known; null if there is none. */
function longestFrom<Entry>(
  words: readonly string[],
  start: number,
  find: (joined: string) => Entry | undefined,
): { readonly entry: Entry; readonly end: number } | null {
  for (let end = Math.min(words.length, start + 4); end > start; end--) {
    const entry = find(words.slice(start, end).join(''));
    if (entry !== undefined) return { entry, end };
  }
  return null;
}

/** `pass@10` and `maj@8` are shares of tasks. */
const isAttempts = (word: string) => /^(?:pass|maj\d*)@/.test(word);
const solved: Meaning = { direction: 'higher', sign: 1, isShare: true, isWeak: false };
const negations = new Set(['neg', 'negative', 'minus', 'negated']);
/** Those that turn a measure with other words between as well: `neg_web_loss`, not `negative_reviews_loss`. */
const leadingNegations = new Set(['neg', 'minus', 'negated']);

/** What the measure in a name says: the last one counts, a strong one before a weak one. */
function measureIn(header: string, words: readonly string[]): Meaning | null {
  const isOuter = (word: string, start: number) =>
    words.slice(start + 1).every((rest) => qualifiers.has(rest) || /^\d+$/.test(rest)) ||
    new RegExp(`(?:^|[/.:])${word}[/.:]`, 'i').test(header);
  let found: Meaning | null = null;
  for (let start = 0; start < words.length; start++) {
    const known = longestFrom(words, start, (joined) => {
      const plain = joined.replace(/\d+$/, '');
      return isAttempts(joined) ? solved : (measures.get(joined) ?? measures.get(plain));
    });
    const outer = known ? undefined : outerMeasures.get(words[start]);
    const here = known ?? (outer && { entry: outer, end: start + 1 });
    if (!here || (outer && !isOuter(words[start], start))) continue;
    const isTurned =
      negations.has(words[start - 1] ?? '') ||
      leadingNegations.has(words[0]) ||
      /^\s*[-−]/.test(header);
    const said = isTurned ? turned(here.entry) : here.entry;
    if (found === null || found.isWeak || !said.isWeak) found = said;
    start = here.end - 1;
  }
  return found;
}

function turned({ direction, sign, isWeak }: Meaning): Meaning {
  const other = direction === 'lower' ? 'higher' : 'lower';
  return { direction: other, sign: sign === 0 ? 0 : sign === 1 ? -1 : 1, isShare: false, isWeak };
}

type Named = 'choice' | 'open' | 'vague' | 'perplexity' | 'average';

/** What a name without a measure is the name of; null for an unknown one. */
function namedIn(header: string, words: readonly string[]): Named | null {
  const shots = /^\d+(?:shots?)?$/;
  for (let start = 0; start < words.length; start++) {
    const found = longestFrom(words, start, (joined): Named | undefined => {
      const plain = joined.replace(/\d*shots?$/, '');
      if (choiceBenchmarks.has(plain)) return 'choice';
      if (openBenchmarks.has(plain)) return 'open';
      return perplexityTexts.has(plain) ? 'perplexity' : undefined;
    });
    if (found) return found.entry;
  }
  const rest = words.filter((word) => !qualifiers.has(word) && !shots.test(word));
  const subject = rest.join('');
  if (vagueBenchmarks.has(subject)) {
    const isCapital = header.includes(subject.toUpperCase()) && subject.length > 2;
    return isCapital || words.some((word) => /shots?$/.test(word)) ? 'open' : 'vague';
  }
  return rest.length === 0 && words.some((word) => averages.has(word)) ? 'average' : null;
}

/** Words that no domain has in its name. */
const onlyMeasures =
  /(?:^|[^a-z])(?:acc|accuracy|scores?|f1|exact_match|em|loss|losses|ppl|bpb|perplexity|bits|nll|xent|bleu|rouge|mcc|auroc|brier|error_rate|win_?rate|log_?probs?)(?:[^a-z]|$)|pass@/i;

/**
 * Whether the name says that the column is a loss or a score, and cannot be a domain's: names of benchmarks do not
 * count, nor does `reward` or `recall`.
 */
export function namesMeasure(header: string): boolean {
  return splitMeasure(header).measure !== null || onlyMeasures.test(header);
}

/** Which way is better by the measure in the column's name; null where it names none. */
export function namedDirection(header: string): Direction | null {
  return measureIn(header, wordsOf(header))?.direction ?? null;
}

/** The unit by the column's name; empty when it does not say. */
export function guessUnit(header: string): string {
  const { measure } = splitMeasure(header);
  if (measure) return measure.unit;
  const isBits = /(?:^|[^a-z])bpb(?:[^a-z]|$)/i.test(header);
  if (isBits && namedDirection(header) === 'lower') return 'bits per byte';
  return /(?:^|[^a-z])acc(?:uracy)?(?:[^a-z]|$)/i.test(header) ? 'accuracy' : '';
}

/** Which way is better for a column, and what that was decided by. */
export interface Decided {
  readonly direction: Direction;
  /** `nothing` where the direction is only assumed. */
  readonly directionBy: Exclude<DirectionSource, 'user'>;
}

/** Values looked at in a column. */
const sampledValues = 2_000;

/** Largest validation loss, in nats per token, of anything that learns: the log of a large vocabulary. */
const largestLoss = 13;
/** Smallest best accuracy in percent on a choice between a few answers. */
const leastPercent = 12;

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Decides which way is better for every column of a file: by the measure that its name has (the last of several;
 * `neg_` turns it), else by the benchmark that it names, as far as its values allow both; for a name that says
 * nothing by the file's name, by values of a loss under the name of a domain, or by strong rank correlation
 * with two or more known targets that do not compete, among four domains or more. What remains is assumed, and said to be.
 *
 * @param roles one per column of the table
 * @param domains headers of the columns of weights in all files
 * @returns one per column
 */
export function decideDirections(
  table: CsvTable,
  roles: readonly ColumnRole[],
  domains: readonly string[],
): Decided[] {
  const values = table.columns.map((column) => sampledOf(column));
  const context = {
    ...fileSays(table.name),
    domains: domains.map((name) => wordsOf(name).join(' ')),
  };
  const first = table.columns.map((column, index) => byItself(column, values[index], context));
  const isTarget = (index: number) => roles[index] === 'target';
  const hasBenchmarks = first.some(
    ({ named, directionBy }, index) =>
      isTarget(index) && directionBy === 'name' && (named === 'choice' || named === 'open'),
  );
  const vouched = first.map((entry): Guess => {
    if (entry.named !== 'vague' || !hasBenchmarks || !couldBeShares(entry.range)) return entry;
    return { ...entry, direction: 'higher', directionBy: entry.isDomain ? 'nothing' : 'name' };
  });
  // Of few domains every target goes with or against every other, whatever it measures.
  const mayDecide = domains.length >= leastDomains;
  const known = vouched.flatMap(({ direction, directionBy }, index) =>
    isTarget(index) && directionBy !== 'nothing' ? [{ direction, values: values[index] }] : [],
  );
  return vouched.map(({ direction, directionBy, named, isOpen, isDomain }, index): Decided => {
    // What is named after a domain may compete with the others, and then agrees with none of them.
    if (directionBy !== 'nothing' || !isOpen || isDomain || roles[index] === 'domain') {
      return { direction, directionBy };
    }
    if (named === 'average') return byParts(known);
    const agreed = known.length > 0 && agreement(values[index], known);
    if (!agreed) return { direction, directionBy };
    return {
      direction: agreed.direction,
      directionBy: mayDecide && agreed.votes > 1 ? 'agreement' : 'nothing',
    };
  });
}

/** What a column says by itself. */
interface Guess extends Decided {
  readonly named: Named | null;
  readonly range: Range | null;
  /** Whether it is named after a domain of the study, so that it may be a loss on it. */
  readonly isDomain: boolean;
  /** Whether other targets may decide: its name and values do not contradict each other. */
  readonly isOpen: boolean;
}

interface FileContext {
  readonly direction: Direction | null;
  /** Words of each domain's header, with a blank between. */
  readonly domains: readonly string[];
}

function fileSays(name: string): { direction: Direction | null } {
  const words = wordsOf(name.replace(/\.[^.]*$/, ''));
  return { direction: measureIn('', words)?.direction ?? null };
}

function byItself(column: CsvColumn, values: Float64Array, context: FileContext): Guess {
  const { header } = column;
  const words = wordsOf(header);
  const range = rangeOf(values);
  const measure = measureIn(header, words);
  const subject = words.filter((word) => !qualifiers.has(word)).join(' ');
  const isDomain =
    measure === null &&
    subject !== '' &&
    context.domains.some((domain) => domain === subject || domain.endsWith(` ${subject}`));
  const named = measure === null ? namedIn(header, words) : null;
  const guess = (
    direction: Direction,
    directionBy: Decided['directionBy'],
    isOpen = false,
  ): Guess => ({ direction, directionBy, named, range, isDomain, isOpen });

  if (measure) return guess(...ofMeasure(measure, range));
  if (range === null)
    return guess(named ? usual(named) : 'lower', named ? 'name' : 'nothing', true);
  const isLoss = range.low >= 1 && range.high <= largestLoss && !column.isPercent;
  const isNegative = range.high <= 0 && range.low < 0;
  if (named === 'perplexity') return guess('lower', range.low < 0 ? 'nothing' : 'name', true);
  // Only a log-probability is below zero on every run.
  if (named === 'choice' || named === 'open' || named === 'vague') {
    if (isNegative) return guess('higher', 'range');
    const isShare = isShareOf(named, range) && !(isDomain && isLoss);
    if (named !== 'vague') {
      const isSure = isShare && !isDomain;
      return guess(isShare ? 'higher' : 'lower', isSure ? 'name' : 'nothing', true);
    }
    return guess('lower', 'nothing', true);
  }
  if (named === 'average') return guess('lower', 'nothing', true);
  if (isNegative) return guess('higher', 'range');
  const { direction } = context;
  if (direction === 'higher' && couldBeShares(range)) return guess('higher', 'name');
  if (direction === 'lower' && range.low >= 0 && (isDomain || isLoss))
    return guess('lower', 'name');
  if (isDomain && isLoss) return guess('lower', 'range');
  return guess(column.isPercent ? 'higher' : 'lower', 'nothing', true);
}

function usual(named: Named): Direction {
  return named === 'choice' || named === 'open' ? 'higher' : 'lower';
}

/** What a measure says of values that it may not be able to have. */
function ofMeasure(
  { direction, sign, isShare }: Meaning,
  range: Range | null,
): readonly [Direction, Decided['directionBy']] {
  if (range === null || sign === 0) return [direction, 'name'];
  const isAcross = sign === 1 ? range.low < 0 : range.high > 0;
  const isBeyond = sign === 1 ? range.high <= 0 : range.low >= 0;
  // A share may be counted from what chance gets, and then some are below zero.
  if (isShare) return [direction, range.high > 100 || isBeyondZero(range) ? 'nothing' : 'name'];
  if (!isAcross) return [direction, 'name'];
  const other = direction === 'lower' ? 'higher' : 'lower';
  return [isBeyond ? other : direction, 'nothing'];
}

function isBeyondZero({ low, high }: Range): boolean {
  return high <= 0 && low < 0;
}

function couldBeShares(range: Range | null): boolean {
  return range !== null && range.low >= 0 && range.high <= 100;
}

/** Whether values can be shares of right answers: as 0..1, or in percent. */
function isShareOf(named: Named, { low, high }: Range): boolean {
  if (high <= 1) return true;
  if (high > 100 || low < -100) return false;
  return named === 'choice' ? high >= leastPercent : true;
}

/** An average is better the way that all of its parts are. */
function byParts(known: readonly { readonly direction: Direction }[]): Decided {
  const [first] = known;
  const isOne = known.length > 1 && known.every(({ direction }) => direction === first.direction);
  return isOne
    ? { direction: first.direction, directionBy: 'agreement' }
    : { direction: first?.direction ?? 'lower', directionBy: 'nothing' };
}

const strong = 0.8;
const opposed = 0.3;
const leastShared = 10;
const leastDomains = 4;
/** Bounds on the work for files of very many columns and rows. */
const comparedTargets = 16;
const comparedRows = 400;

/**
 * Which way a column goes with known targets; null where none goes with it strongly, or some go against the
 * others, as losses on domains do that take weight from each other.
 */
function agreement(
  values: Float64Array,
  known: readonly { readonly direction: Direction; readonly values: Float64Array }[],
): { readonly direction: Direction; readonly votes: number } | null {
  let votes = 0;
  let least = 0;
  let most = 0;
  for (const { direction, values: others } of evenly(known, comparedTargets)) {
    const shared = [...values.keys()].filter((row) => Number.isFinite(values[row] + others[row]));
    const rows = evenly(shared, comparedRows);
    if (rows.length < leastShared) continue;
    const rho = spearman(
      rows.map((row) => values[row]),
      rows.map((row) => others[row]),
    );
    if (Number.isNaN(rho)) continue;
    const towardsHigher = direction === 'higher' ? rho : -rho;
    least = Math.min(least, towardsHigher);
    most = Math.max(most, towardsHigher);
    if (Math.abs(rho) >= strong) votes++;
  }
  if (votes === 0 || (least <= -opposed && most >= opposed)) return null;
  return { direction: most >= strong ? 'higher' : 'lower', votes };
}

/** All items, or `most` of them from all over the list. */
function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)]);
}

/** Up to {@link sampledValues} values of a column from all over it; NaN where there is none. */
function sampledOf({ numbers }: CsvColumn): Float64Array {
  if (numbers === null) return new Float64Array(0);
  const count = Math.min(numbers.length, sampledValues);
  return Float64Array.from(
    { length: count },
    (_, index) => numbers[Math.floor((index * numbers.length) / count)],
  );
}

/** null without values. */
function rangeOf(values: Float64Array): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high < low ? null : { low, high };
}
