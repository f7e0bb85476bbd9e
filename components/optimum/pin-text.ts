import { formatNumber, formatPercent } from '../../lib/model/format';

/** Smaller costs round to nothing. */
export const leastCost = 0.00005;
/**
 * A pin and its cost: `Pinned at 3.0%: costs +0.0008 nats`.
 *
 * @param cost in units of the score, >= 0; undefined = not known
 * @param unit of the cost; may be empty
 */
export function pinText(weight: number, cost: number | undefined, unit: string): string {
  return `Pinned at ${formatPercent(weight, 1)}${costText(cost, unit)}`;
}

/**
 * What a mark that can be dragged says before it is: `Drag to pin. 3.0% would cost +0.0008`.
 *
 * @param weight what is asked about, 0..1
 * @param cost of a pin there
 */
export function offerText(weight: number, cost: number): string {
  const price = cost < leastCost ? 'nothing' : `+${formatNumber(cost, 4)}`;
  return `Drag to pin. ${formatPercent(weight, 1)} would cost ${price}`;
}

/** Weights nearer to the optimum's than this are no alternative to it. */
const leastMove = 0.004;

/**
 * A weight to name the price of, where none is pointed at: the prior's, or where that is no choice, half as much;
 * of a domain without weight, what the axis still shows well.
 *
 * @param reach the weights at which the domain can be pinned
 * @returns null where it can hardly be moved
 */
export function alternative(
  weight: number,
  prior: number,
  reach: readonly [number, number],
): number | null {
  const within = (each: number) =>
    Math.round(Math.min(reach[1], Math.max(reach[0], each)) * 1000) / 1000;
  const choices = [prior, weight / 2, weight + 0.02].map(within);
  const isWithin = (each: number) => each >= reach[0] && each <= reach[1];
  return choices.find((each) => isWithin(each) && Math.abs(each - weight) >= leastMove) ?? null;
}

function costText(cost: number | undefined, unit: string): string {
  if (cost === undefined) return '';
  if (cost < leastCost) return ': costs nothing';
  return `: costs +${formatNumber(cost, 4)}${unit === '' ? '' : ` ${unit}`}`;
}
