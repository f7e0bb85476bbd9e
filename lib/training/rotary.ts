/** Angles of rotary embedding (Su et al. 2021, section 3.2) with the usual base. */
const base = 10_000;

/**
 * Cosines and sines for every position and every dimension of a head. Dimension j turns together
 * with dimension j + size / 2, as in LLaMA.
 *
 * @param size of a head, even
 * @returns context x size each, row-major
 */
export function rotaryTables(
  context: number,
  size: number,
): { readonly cosines: Float32Array; readonly sines: Float32Array } {
  const half = size / 2;
  const cosines = new Float32Array(context * size);
  const sines = new Float32Array(context * size);
  for (let position = 0; position < context; position++) {
    for (let dimension = 0; dimension < size; dimension++) {
      const angle = position / base ** ((dimension % half) / half);
      cosines[position * size + dimension] = Math.cos(angle);
      sines[position * size + dimension] = Math.sin(angle);
    }
  }
  return { cosines, sines };
}

/**
 * The matrix R with x R = (-x2, x1) for x = (x1, x2) split in halves: a turn by a quarter. Rotary
 * embedding is x cos + (x R) sin.
 *
 * @returns size x size, row-major
 */
export function quarterTurn(size: number): Float32Array {
  const half = size / 2;
  const out = new Float32Array(size * size);
  for (let dimension = 0; dimension < half; dimension++) {
    out[(dimension + half) * size + dimension] = -1;
    out[dimension * size + dimension + half] = 1;
  }
  return out;
}
