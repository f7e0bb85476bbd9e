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

function costText(cost: number | undefined, unit: string): string {
  if (cost === undefined) return '';
  if (cost < leastCost) return ': costs nothing';
  return `: costs +${formatNumber(cost, 4)}${unit === '' ? '' : ` ${unit}`}`;
}
