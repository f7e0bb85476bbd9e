'use client';

/** The shopping list: which tokens to collect next, and what they are worth. */
import { Suspense, useState } from 'react';
import { activeModels } from '../../lib/analysis/analysis-store';
import { problemOf } from '../../lib/analysis/plan';
import type { Task } from '../../lib/analysis/task';
import {
  formatList,
  formatNumber,
  formatPercent,
  formatTokens,
  parseQuantity,
} from '../../lib/model/format';
import type { Study } from '../../lib/model/study';
import {
  orderOfPurchase,
  type Purchase,
  purchaseAt,
  type ShoppingList,
  turnOf,
} from '../../lib/optimum/shopping';
import { revisionOf } from '../../lib/study/identity';
import { ChartFrame } from '../charts/chart-frame';
import { domainColors } from '../charts/domain-colors';
import { ChartBlank } from '../charts/plot-box';
import { axisTitle } from '../charts/plot-geometry';
import { useNear, useTask } from '../shell/hooks';
import {
  useAnalysis,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStudyState,
} from '../shell/stores';
import { NumericHead, ScrollX } from '../ui/layout';
import { lazyPart } from '../ui/lazy-part';
import { ProgressLine } from '../ui/progress';
import { Slider } from '../ui/slider';
import { usePredictedOptimum } from './hooks';
import '../ui/advice.css';

const ShoppingChart = lazyPart(() => import('../charts/shopping-chart'));

/** Domains drawn by name; what others get is one area. */
const maxSeries = 7;
/** Shares of the requested tokens below this are not named. */
const leastShown = 1e-5;
/** Height of the charts while they load. */
const blank = 420;

/** With N more tokens of anything, collect these: by budget, the loss and the order of purchase. */
export function Shopping() {
  const { study, settings } = useSession();
  const isHidden = useHidesAnswer();
  const isAdvised = useOptimum(({ advice }) => advice?.verb !== 'none');
  const [place, isNear] = useNear();
  const { requestedTokens, availableTokens } = settings.constraints;
  const isLimited = requestedTokens !== null && availableTokens.some((own) => own !== null);
  const isAsked = isLimited && isAdvised && !isHidden && settings.objective.seek === 'best';
  const task = useShopping(isAsked && isNear);
  if (isHidden) return null;
  return (
    <div ref={place} className="shopping">
      {isAsked ? (
        <ShoppingBody study={study} task={task} requested={requestedTokens} />
      ) : (
        <p className="quiet">{whyNone()}</p>
      )}
    </div>
  );

  function whyNone(): string {
    if (settings.objective.seek === 'worst') return 'The worst mixture has no shopping list.';
    if (!isLimited) {
      return 'No token limits are set: enter the tokens at hand to see what to collect next.';
    }
    return 'These runs do not tell mixtures apart, so there is no basis for a shopping list.';
  }
}

/** The list for the fits on view, once limits stop changing. */
function useShopping(isEnabled: boolean): Task<ShoppingList> {
  const session = useSession();
  const isMoving = useStudyState((state) => state.gesture !== null);
  const fits = useAnalysis((state) => state.fits);
  const { study, settings } = session;
  const { models, key, isPreliminary } = activeModels(session, fits);
  const inputs = [key, settings.objective, settings.constraints, Array.from(study.prior.weights)];
  const isReady = models !== null && !isPreliminary && !isMoving;
  return useTask(
    'shop',
    isReady ? JSON.stringify(inputs) : null,
    () => {
      if (!models) throw new RangeError('nothing is asked for without a fit');
      return {
        revision: revisionOf(study),
        objective: problemOf(session, key, models).objective,
        constraints: settings.constraints,
      };
    },
    JSON.stringify([study.id, settings.target, settings.objective, settings.regressor]),
    isEnabled,
  );
}

/** A list once it is known; what is awaited until then. */
export function ShoppingBody({
  study,
  task: { value: list, progress, status, problem },
  requested,
}: {
  study: Study;
  task: Task<ShoppingList>;
  /** Tokens that are requested. */
  requested: number;
}) {
  if (status === 'failed') return <p className="notice notice-danger">{problem}</p>;
  if (!list) {
    // As high as the list will be: it is not to grow under the reader.
    return (
      <div className="shopping-wait">
        {progress ? (
          <ProgressLine progress={progress} />
        ) : (
          <p className="quiet">Waiting for the fit.</p>
        )}
      </div>
    );
  }
  const [first] = list;
  if (!first) {
    return (
      <p>Tokens would not help: largest weights, least weights or locks rule out every mixture.</p>
    );
  }
  const order = orderOfPurchase(list);
  if (list.length === 1 && order.length === 0) {
    return <p>More tokens would change nothing: no token limit binds.</p>;
  }
  return <KnownList key={study.id} study={study} list={list} order={order} requested={requested} />;
}

function KnownList({
  study,
  list,
  order,
  requested,
}: {
  study: Study;
  list: ShoppingList;
  order: readonly number[];
  requested: number;
}) {
  const { settings } = useSession();
  const headline = usePredictedOptimum();
  const [share, setShare] = useState(0.25);
  const [first] = list;
  const last = list[list.length - 1];
  const { objective } = settings;
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  // With several targets, or a pull to the prior, what is minimised is no loss: its change is shown.
  const isPlain = first.predictions.length === 1 && objective.kl === 0;
  const correction = headline === null ? 0 : headline - first.predictions[0];
  const reached = ({ predictions, score }: Pick<Purchase, 'predictions' | 'score'>) =>
    isPlain ? predictions[0] + correction : score - first.score;
  const quantity = isPlain
    ? axisTitle(target.name, target.unit, target.direction)
    : 'change of what is optimised';
  const names = (domain: number) => study.domains[domain].name;
  const at = purchaseAt(list, first.budget + share * (last.budget - first.budget));
  const inTokens = (part: number) => Math.round(part * requested);
  const [low, high] = [inTokens(first.budget), inTokens(last.budget)];
  const budget = inTokens(at.budget);
  const bought = order.filter((domain) => at.tokens[domain] >= leastShown);
  const drawn = order.length > maxSeries ? order.slice(0, maxSeries - 1) : order;
  const others = order.slice(drawn.length);
  const colors = domainColors(study.prior.weights);
  const series = [
    ...drawn.map((domain) => ({ name: names(domain), color: colors[domain] })),
    ...(others.length > 0 ? [{ name: `${others.length} more`, color: 'var(--domain-even)' }] : []),
  ];
  const groups = [...drawn.map((domain) => [domain]), ...(others.length > 0 ? [others] : [])];
  const rows = list.map((each) => ({
    budget: each.budget * requested,
    value: reached(each),
    bought: groups.map((group) =>
      group.reduce((sum, domain) => sum + each.tokens[domain] * requested, 0),
    ),
  }));
  const sentence =
    bought.length === 0
      ? 'nothing'
      : formatList(
          bought.map((domain) => `${formatTokens(inTokens(at.tokens[domain]))} ${names(domain)}`),
        );
  const change = at.score - first.score;
  const turn = turnOf(list);
  const bend = turn
    ? ` At ${formatTokens(inTokens(turn.budget))} the curve bends: from there another mixture is best, with more ${names(turn.more)} and less ${names(turn.less)}.`
    : '';
  return (
    <>
      <p className="shopping-finding">
        Collect first: <strong>{formatList(order.slice(0, 3).map(names))}</strong>.
        {first.budget > leastShown &&
          ` No mixture meets the limits without ${formatTokens(low)} more tokens.`}
      </p>
      {high > low && (
        <Slider
          label="More tokens of anything"
          value={budget}
          min={low}
          max={high}
          step={Math.max(1, (high - low) / 200)}
          bigStep={Math.max(1, (high - low) / 20)}
          format={formatTokens}
          parse={(text) => {
            const typed = parseQuantity(text);
            return typed === null ? null : Math.min(high, Math.max(low, typed));
          }}
          expected="a number of tokens, such as 500M"
          onStart={() => {}}
          onChange={(tokens) => setShare((tokens - low) / (high - low))}
          onCommit={() => {}}
        />
      )}
      <p aria-live="polite">
        With {formatTokens(budget)} more tokens of anything, collect {sentence}:{' '}
        {isPlain && (
          <>
            {target.name} {formatNumber(reached(first), 3)} → {formatNumber(reached(at), 3)},{' '}
          </>
        )}
        <strong>{formatNumber(Math.abs(change), 4)}</strong> {change <= 0 ? 'better' : 'worse'}.
      </p>
      <ScrollX label="What to collect, scrolls sideways">
        <table className="figures" aria-label={`What to collect with ${formatTokens(budget)} more`}>
          <thead>
            <tr>
              <th scope="col">Domain</th>
              <NumericHead>Collect of {formatTokens(budget)}</NumericHead>
              <NumericHead title="Share of the further tokens">Share</NumericHead>
              <NumericHead title={`Beyond ${formatTokens(high)}, more tokens change nothing`}>
                Enough, of {formatTokens(high)}
              </NumericHead>
            </tr>
          </thead>
          <tbody>
            {order.map((domain) => (
              <tr key={study.domains[domain].id}>
                <th scope="row">
                  <span
                    className="shopping-key"
                    style={{ background: colors[domain] }}
                    aria-hidden="true"
                  />
                  {names(domain)}
                </th>
                <td className="numeric">{formatTokens(inTokens(at.tokens[domain]))}</td>
                <td className="numeric">
                  {at.budget > 0 ? formatPercent(at.tokens[domain] / at.budget, 0) : '–'}
                </td>
                <td className="numeric">{formatTokens(inTokens(last.tokens[domain]))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {list.length > 1 && (
        <ChartFrame
          title="What more tokens would buy"
          note={`Upper plot: the value reached. Lower plot: the tokens collected. Beyond ${formatTokens(high)}, more tokens change nothing.${bend}`}
          fileName="regmix-shopping-list"
          how="Each budget is solved on its own: weights and further tokens are chosen together. A domain’s cap is its epochs times the tokens at hand and collected; all other limits apply. A larger budget may drop what a smaller one bought. With the law each result is exact; with other fits it is the best found from several starts."
          data={{
            columns: [
              { key: 'budget', label: 'more tokens', numeric: true },
              { key: 'value', label: quantity, numeric: true },
              ...order.map((domain) => ({
                key: study.domains[domain].id,
                label: `${names(domain)}, tokens`,
                numeric: true,
              })),
            ],
            rows: () =>
              list.map((each) => [
                inTokens(each.budget),
                reached(each),
                ...order.map((domain) => inTokens(each.tokens[domain])),
              ]),
          }}
        >
          <Suspense fallback={<ChartBlank height={blank}>Loading the chart…</ChartBlank>}>
            <ShoppingChart
              rows={rows}
              series={series}
              quantity={quantity}
              chosen={at.budget * requested}
              label={`${quantity} by further tokens: ${formatNumber(reached(first), 3)} with ${formatTokens(low)}, ${formatNumber(reached(last), 3)} with ${formatTokens(high)}. Bought in this order: ${order.map(names).join(', ')}.`}
            />
          </Suspense>
        </ChartFrame>
      )}
    </>
  );
}
