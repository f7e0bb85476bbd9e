/** The range that a slider moves in and how far a key moves it. */
export interface SliderRange {
  readonly min: number;
  readonly max: number;
  /** One arrow key; also what a drag is rounded to. > 0. */
  readonly step: number;
  /** Shift and an arrow key, or Page Up and Page Down. */
  readonly bigStep: number;
}

/** The value rounded to a whole number of steps from 0, within the range. */
export function snap(value: number, { min, max, step }: SliderRange): number {
  const steps = Math.round(value / step);
  // Dividing by a whole number where possible keeps 0.3 from becoming 0.30000000000000004.
  const inverse = Math.round(1 / step);
  const snapped = Math.abs(inverse * step - 1) < 1e-9 ? steps / inverse : steps * step;
  return Math.min(max, Math.max(min, snapped));
}

/** The value that a key leads to from `value`, or null for keys that do not move a slider. */
export function keyedValue(
  key: string,
  shift: boolean,
  value: number,
  range: SliderRange,
): number | null {
  const { min, max, step, bigStep } = range;
  const size = shift ? bigStep : step;
  // A typed value may lie outside of the range, where steps must not jump past its ends.
  const start = Math.min(max, Math.max(min, value));
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return snap(start + size, range);
    case 'ArrowLeft':
    case 'ArrowDown':
      return snap(start - size, range);
    case 'PageUp':
      return snap(start + bigStep, range);
    case 'PageDown':
      return snap(start - bigStep, range);
    case 'Home':
      return min;
    case 'End':
      return max;
    default:
      return null;
  }
}

/** Where a value lies in the range, 0..1; values outside of it lie at its ends. */
export function shareOfRange(value: number, { min, max }: SliderRange): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}
