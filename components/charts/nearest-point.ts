/**
 * Index of the item nearest to (x, y), or null when none lies within `reach` pixels.
 *
 * @param place the item's pixel
 */
export function nearestPoint<Item>(
  items: readonly Item[],
  place: (item: Item) => readonly [number, number],
  x: number,
  y: number,
  reach: number,
): number | null {
  let nearest: number | null = null;
  let least = reach * reach;
  items.forEach((item, index) => {
    const [itemX, itemY] = place(item);
    const distance = (itemX - x) ** 2 + (itemY - y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = index;
    }
  });
  return nearest;
}
