/** Columns factorised together: their part of the matrix stays in the cache. */
const block = 32;

/**
 * Cholesky factor of a symmetric positive definite matrix, in its lower triangle.
 *
 * @param matrix count x count, row-major, overwritten; only the lower triangle is read
 * @returns false when it is not positive definite
 */
export function factorise(matrix: Float64Array, count: number): boolean {
  for (let start = 0; start < count; start += block) {
    const end = Math.min(start + block, count);
    for (let i = start; i < count; i++) {
      const row = i * count;
      const last = Math.min(i + 1, end);
      for (let j = start; j < last; j++) {
        const sum = matrix[row + j] - dot(matrix, row, j * count, start, j);
        if (j < i) matrix[row + j] = sum / matrix[j * count + j];
        else if (sum > 0) matrix[row + i] = Math.sqrt(sum);
        else return false;
      }
    }
    // Subtract the finished columns from the remaining ones.
    for (let i = end; i < count; i++) {
      const row = i * count;
      for (let j = end; j <= i; j++) {
        matrix[row + j] -= dot(matrix, row, j * count, start, end);
      }
    }
  }
  return true;
}

/** Dot product of two rows over the columns start..end, in four independent sums. */
function dot(matrix: Float64Array, a: number, b: number, start: number, end: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let column = start;
  for (; column + 3 < end; column += 4) {
    first += matrix[a + column] * matrix[b + column];
    second += matrix[a + column + 1] * matrix[b + column + 1];
    third += matrix[a + column + 2] * matrix[b + column + 2];
    fourth += matrix[a + column + 3] * matrix[b + column + 3];
  }
  for (; column < end; column++) first += matrix[a + column] * matrix[b + column];
  return first + second + (third + fourth);
}

/** Solves L x = right for a factor of {@link factorise}; `right` is overwritten. */
export function solveLower(factor: Float64Array, count: number, right: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let sum = right[i];
    const row = i * count;
    for (let k = 0; k < i; k++) sum -= factor[row + k] * right[k];
    right[i] = sum / factor[row + i];
  }
}

/** Solves L^T x = right; `right` is overwritten. */
export function solveUpper(factor: Float64Array, count: number, right: Float64Array): void {
  for (let i = count - 1; i >= 0; i--) {
    const row = i * count;
    const value = right[i] / factor[row + i];
    right[i] = value;
    for (let k = 0; k < i; k++) right[k] -= factor[row + k] * value;
  }
}

/** Inverse of the matrix whose factor this is: count x count, both triangles. */
export function inverseOf(factor: Float64Array, count: number): Float64Array {
  // The inverse of the factor, row by row, then its transpose times itself.
  const lower = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const row = i * count;
    const scale = 1 / factor[row + i];
    for (let k = 0; k < i; k++) {
      const weight = factor[row + k] * scale;
      const other = k * count;
      for (let j = 0; j <= k; j++) lower[row + j] -= weight * lower[other + j];
    }
    lower[row + i] = scale;
  }
  const out = new Float64Array(count * count);
  for (let k = 0; k < count; k++) {
    const row = k * count;
    for (let i = 0; i <= k; i++) {
      const weight = lower[row + i];
      const into = i * count;
      for (let j = 0; j <= i; j++) out[into + j] += weight * lower[row + j];
    }
  }
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) out[j * count + i] = out[i * count + j];
  }
  return out;
}

/** Logarithm of the determinant of the matrix whose factor this is. */
export function logDeterminant(factor: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += 2 * Math.log(factor[i * count + i]);
  return sum;
}
