import { subsample } from './subsample';

/** Points of all lines together beyond which drawing them stalls the page. */
const mostPoints = 60_000;

/** Lines drawn at most over so many axes: more would hide one another, or be slow to draw. */
export function mostLines(axes: number): number {
  return Math.max(200, Math.min(1500, Math.floor(mostPoints / Math.max(1, axes))));
}

/**
 * The rows to draw: those inside of the brushes first, up to the limit, then others for what is left
 * of it, both picked at random with the same seed every time.
 *
 * @param inside one per run: 1 = inside of every brush
 */
export function shownRows(
  inside: Uint8Array,
  axes: number,
): { readonly inside: readonly number[]; readonly outside: readonly number[] } {
  const limit = mostLines(axes);
  const rows: [number[], number[]] = [[], []];
  inside.forEach((one, row) => {
    rows[one === 1 ? 0 : 1].push(row);
  });
  const [within, without] = rows;
  const kept = subsample(within.length, limit, 1).map((place) => within[place]);
  const rest = subsample(without.length, limit - kept.length, 1).map((place) => without[place]);
  return { inside: kept, outside: rest };
}
