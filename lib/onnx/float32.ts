const word = new DataView(new ArrayBuffer(4));

/** The next float32 below; the value itself at minus infinity. */
function previousFloat32(value: number): number {
  return fromOrder(Math.max(orderOf(value) - 1, orderOf(Number.NEGATIVE_INFINITY)));
}

/** The largest float32 that is not above the value; the largest finite one for larger values. */
export function floorFloat32(value: number): number {
  const rounded = Math.fround(value);
  const floor = rounded > value ? previousFloat32(rounded) : rounded;
  const largest = previousFloat32(Number.POSITIVE_INFINITY);
  return Math.min(largest, Math.max(-largest, floor));
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
