/**
 * A mixture with one weight set: the others keep their proportions and share what is left. Where they
 * have no weight to keep a proportion of, they share it equally.
 *
 * @param mixture D weights >= 0 that sum to 1
 * @param domain whose weight is set
 * @param weight wanted, 0..1; less where held weights leave less, all that is left where every other is held
 * @param held domains whose weight stays; that of `domain` itself does not count
 * @returns D weights >= 0 that sum to 1
 */
export function withWeight(
  mixture: ArrayLike<number>,
  domain: number,
  weight: number,
  held: ReadonlySet<number> = new Set(),
): number[] {
  const weights = Array.from(mixture);
  const free: number[] = [];
  let room = 1;
  for (let other = 0; other < weights.length; other++) {
    if (other === domain) continue;
    if (held.has(other)) room -= weights[other];
    else free.push(other);
  }
  room = Math.max(0, room);
  const set = free.length === 0 ? room : Math.min(room, Math.max(0, weight));
  const rest = room - set;
  const before = free.reduce((sum, other) => sum + weights[other], 0);
  for (const other of free) {
    weights[other] = before > 0 ? (weights[other] / before) * rest : rest / free.length;
  }
  weights[domain] = set;
  return weights;
}
