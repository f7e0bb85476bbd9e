/**
 * Cholesky factor of a small symmetric positive definite matrix, in its lower triangle.
 *
 * @param matrix count x count, row-major, overwritten
 * @returns false when it is not positive definite
 */
export function factorise(matrix: Float64Array, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const row = i * count;
    for (let j = 0; j <= i; j++) {
      const other = j * count;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      if (j < i) {
        matrix[row + j] = sum / matrix[other + j];
      } else {
        if (!(sum > 0)) return false;
        matrix[row + i] = Math.sqrt(sum);
      }
    }
  }
  return true;
}

/** Solves with a factor of {@link factorise}; `right` is overwritten with the solution. */
export function solveFactorised(factor: Float64Array, count: number, right: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= factor[i * count + k] * right[k];
    right[i] = sum / factor[i * count + i];
  }
  for (let i = count - 1; i >= 0; i--) {
    let sum = right[i];
    for (let k = i + 1; k < count; k++) sum -= factor[k * count + i] * right[k];
    right[i] = sum / factor[i * count + i];
  }
}
