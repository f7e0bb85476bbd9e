/** Which arrow keys move through a set of items: along a row or down a column. */
export type RovingAxis = 'horizontal' | 'vertical';

/**
 * The item that a key moves to, in a set of which only one item is in the tab order: arrow keys
 * wrap around at the ends, Home and End go there.
 *
 * @param at index of the item that has the focus, -1 = none
 * @param count items, > 0
 * @returns an index, or null for other keys
 */
export function rovingIndex(
  key: string,
  at: number,
  count: number,
  axis: RovingAxis,
): number | null {
  const [back, forth] =
    axis === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  switch (key) {
    case forth:
      return (at + 1) % count;
    case back:
      return at <= 0 ? count - 1 : at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
