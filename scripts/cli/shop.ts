/** The command `regmix shop`: which tokens to collect next, for every budget of them. */
import { formatNumber, formatPercent, formatTokens } from '../../lib/model/format';
import { runJob } from '../../lib/model/job';
import type { Objective } from '../../lib/model/limits';
import { significance } from '../../lib/model/regressor';
import { uniqueShares } from '../../lib/optimum/constraints';
import {
  orderOfPurchase,
  type Purchase,
  purchaseAt,
  type ShoppingList,
  shoppingList,
} from '../../lib/optimum/shopping';
import { alignColumns, choice, type Notify, quantity, readOptions, UsageError } from './arguments';
import {
  assessTerms,
  byDomain,
  directionsOf,
  objectiveTerms,
  problemOptions,
  type ReadProblem,
  readKl,
  readProblem,
} from './problem';

const shopOptions = {
  ...problemOptions,
  'beyond-tried': { type: 'boolean' },
  more: { type: 'string' },
} as const;

/** `regmix shop`: the best use of further tokens of any domains. */
export async function runShop(args: readonly string[], notify: Notify): Promise<string> {
  const options = readOptions(args, shopOptions);
  const more =
    options.more === undefined ? null : quantity(options.more, '--more', { low: 0, high: 1e18 });
  const kl = readKl(options);
  const kind = choice(options.objective, '--objective', ['weighted', 'regret'] as const);
  const problem = await readProblem(options, false, notify);
  const { study, prior, terms } = problem;
  const constraints = { ...problem.constraints, beyondTried: options['beyond-tried'] ?? false };
  const { requestedTokens } = constraints;
  if (requestedTokens === null || constraints.availableTokens.every((own) => own === null)) {
    throw new UsageError('shop needs the tokens at hand: --requested with --available or --sizes');
  }
  const assessments = assessTerms(problem);
  for (const { target, signal } of assessments) {
    if (signal.p > significance) {
      notify(
        `regmix: the runs do not tell mixtures apart on ${target} (p = ${formatNumber(signal.p, 2)}): the list is not advice.`,
      );
    }
  }
  const objective: Objective = {
    kind: kind ?? 'weighted',
    terms: objectiveTerms(problem, assessments, options.raw ?? false),
    kl,
    prior,
    unique: options['discount-repeats'] ? uniqueShares(constraints) : null,
    seek: 'best',
  };
  const list = runJob(shoppingList(objective, constraints, study));
  const at = more === null ? null : purchaseAt(list, more / requestedTokens);
  if (!options.json) return asText(problem, requestedTokens, list, at);
  const inTokens = (shares: Float64Array) =>
    byDomain(
      study,
      shares.map((share) => share * requestedTokens),
    );
  return JSON.stringify({
    ...directionsOf(terms),
    feasible: list.length > 0,
    order: orderOfPurchase(list).map((domain) => study.domains[domain].id),
    ...(at && {
      at: {
        more: at.budget * requestedTokens,
        collect: inTokens(at.tokens),
        score: at.score,
      },
    }),
    budgets: list.map(({ budget, tokens, weights, predictions, score }) => ({
      more: budget * requestedTokens,
      collect: inTokens(tokens),
      weights: byDomain(study, weights),
      predictions: Object.fromEntries(
        terms.map(({ target }, place) => [target.id, predictions[place]]),
      ),
      score,
    })),
  });
}

function asText(
  { study, terms }: ReadProblem,
  requested: number,
  list: ShoppingList,
  at: Omit<Purchase, 'weights'> | null,
): string {
  if (list.length === 0) {
    return 'No mixture meets the limits, whatever is collected: raise the largest weights.';
  }
  const order = orderOfPurchase(list);
  const [first] = list;
  if (list.length === 1 && order.length === 0) {
    return 'More tokens would change nothing: no token limit binds.';
  }
  const needed =
    first.budget > 0
      ? [`No mixture meets the limits without ${formatTokens(first.budget * requested)} more.`]
      : [];
  const collect =
    at === null
      ? []
      : [
          `With ${formatTokens(at.budget * requested)} more tokens collect ${listText(at.tokens)}: ${formatNumber(first.score - at.score, 4)} better.`,
        ];
  const shown = list.filter((_, place) => place % Math.ceil(list.length / rowsShown) === 0);
  const last = list[list.length - 1];
  const rows = [...new Set([...shown, last])].map(({ budget, tokens, predictions }) => [
    formatTokens(budget * requested),
    ...predictions.map((value) => formatNumber(value, 4)),
    ...order.map((domain) => cell(tokens[domain])),
  ]);
  const heads = [
    'more tokens',
    ...terms.map(({ target }) => target.name),
    ...order.map((domain) => study.domains[domain].id),
  ];
  return [
    `Collect in this order: ${order.map((domain) => study.domains[domain].name).join(', ')}.`,
    ...needed,
    ...collect,
    ...alignColumns([heads, ...rows]),
    `More than ${formatTokens(last.budget * requested)} (${formatPercent(last.budget, 0)} of those requested) changes nothing.`,
  ].join('\n');

  function cell(share: number): string {
    return share < leastShown ? '' : formatTokens(share * requested);
  }

  function listText(tokens: Float64Array): string {
    const bought = order.filter((domain) => tokens[domain] >= leastShown);
    if (bought.length === 0) return 'nothing';
    return bought
      .map((domain) => `${cell(tokens[domain])} ${study.domains[domain].name}`)
      .join(', ');
  }
}

/** Rows of the text; the JSON has every budget. */
const rowsShown = 8;
/** Shares of the requested tokens below this are not named. */
const leastShown = 1e-5;
