const word = new DataView(new ArrayBuffer(8));

/** The next float32 above; the value itself at infinity. */
export function nextFloat32(value: number): number {
  return fromOrder(Math.min(orderOf(value) + 1, orderOf(Number.POSITIVE_INFINITY)));
}

/** The next float32 below; the value itself at minus infinity. */
export function previousFloat32(value: number): number {
  return fromOrder(Math.max(orderOf(value) - 1, orderOf(Number.NEGATIVE_INFINITY)));
}

/** The largest float32 that is not above the value; the largest finite one for what is beyond. */
export function floorFloat32(value: number): number {
  const rounded = Math.fround(value);
  const floor = rounded > value ? previousFloat32(rounded) : rounded;
  const largest = previousFloat32(Number.POSITIVE_INFINITY);
  return Math.min(largest, Math.max(-largest, floor));
}

/**
 * The largest double that a float32 runtime still takes for at most `limit`: it rounds its inputs, so
 * that everything up to half a step above the limit (ties go to the even one) counts as the limit.
 *
 * @param limit a float32; may be infinite
 */
export function largestRoundedTo(limit: number): number {
  const next = nextFloat32(limit);
  if (!Number.isFinite(next)) return Number.MAX_VALUE;
  if (!Number.isFinite(limit)) return -Number.MAX_VALUE;
  const middle = (limit + next) / 2;
  return Math.fround(middle) <= limit ? middle : previousDouble(middle);
}

/**
 * The largest float32 from `low` to `high` for which a rule holds that, once it fails, fails for all
 * larger ones; null when it fails at `low`.
 */
export function lastFloat32(
  low: number,
  high: number,
  holds: (value: number) => boolean,
): number | null {
  let from = orderOf(low);
  let to = orderOf(high);
  if (!holds(low)) return null;
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (holds(fromOrder(middle))) from = middle;
    else to = middle - 1;
  }
  return fromOrder(from);
}

/** Whole numbers in the order of the float32 values that they stand for; both zeros are 0. */
function orderOf(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

function fromOrder(order: number): number {
  word.setInt32(0, Math.abs(order));
  const size = word.getFloat32(0);
  return order < 0 ? -size : size;
}

/** The next double below a finite one that is not 0. */
function previousDouble(value: number): number {
  word.setFloat64(0, value);
  word.setBigInt64(0, word.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return word.getFloat64(0);
}
