/**
 * Windows of a validation stream, evenly spaced over all of it, so that every proxy is measured on the
 * same text and no stretch of it is left out for another.
 *
 * @param tokens at least context + 1
 * @param most windows at most
 * @returns windows x (context + 1) tokens
 * @throws RangeError when the stream is shorter than one window
 */
export function validationWindows(tokens: Uint16Array, context: number, most: number): Int32Array {
  const length = context + 1;
  const room = Math.floor(tokens.length / length);
  if (room < 1) {
    throw new RangeError(`${tokens.length} tokens of validation text are fewer than ${length}`);
  }
  const count = Math.min(most, room);
  const out = new Int32Array(count * length);
  for (let window = 0; window < count; window++) {
    const place = count === 1 ? 0 : (window * (tokens.length - length)) / (count - 1);
    const start = Math.floor(place);
    out.set(tokens.subarray(start, start + length), window * length);
  }
  return out;
}
