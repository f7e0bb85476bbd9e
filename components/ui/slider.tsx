'use client';

/** The slider with a text field, and its arithmetic: steps, keys and positions. */
import { type KeyboardEvent, useId } from 'react';
import { TypedValue } from './typed-value';
import { useGesture } from './use-gesture';

/** Half of the thumb's width, in pixels: its centre stops that far from the ends of the track. */
const thumbRadius = 8;

/**
 * A value set by dragging, by arrow keys or by typing. One drag, one burst of keys or one typed
 * value is one gesture: `onStart`, any number of `onChange`, `onCommit`.
 */
export function Slider({
  label,
  ariaLabel = label,
  unit,
  value,
  min,
  max,
  step,
  bigStep,
  mark,
  format,
  display = format(value),
  parse,
  expected,
  onStart,
  onChange,
  onTyped,
  onCommit,
}: {
  label: string;
  /** The full accessible name, where the visible label is shortened. */
  ariaLabel?: string;
  /** Shown after the text field. */
  unit?: string;
  /** May be outside min..max when typed. */
  value: number;
  min: number;
  max: number;
  step: number;
  bigStep: number;
  /** A value to mark on the track. */
  mark?: number;
  format: (value: number) => string;
  /** Shown in place of the formatted value. */
  display?: string;
  /** Parses a typed text for `onTyped`; null when it is not valid. */
  parse: (text: string) => number | null;
  /** What is accepted, to complete “Expected …”. */
  expected: string;
  onStart: () => void;
  /** Called with a position on the track. */
  onChange: (value: number) => void;
  /**
   * Called with the result of `parse`, which may be in another unit than the track; if omitted,
   * `onChange` is called.
   */
  onTyped?: (value: number) => void;
  onCommit: () => void;
}) {
  const id = useId();
  const gesture = useGesture({ onStart, onCommit });
  const range = { min, max, step, bigStep };
  const place = (at: number) => {
    const share = shareOfRange(at, range);
    return `calc(${thumbRadius}px + ${share} * (100% - ${2 * thumbRadius}px))`;
  };

  function move(next: number): void {
    if (next !== value) onChange(next);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const next =
      event.ctrlKey || event.metaKey || event.altKey
        ? null
        : keyedValue(event.key, event.shiftKey, value, range);
    if (next === null) {
      if (event.key !== 'Shift') gesture.commit();
      return;
    }
    event.preventDefault();
    gesture.prolong();
    move(next);
  }

  return (
    <div className="slider">
      <div className="slider-head">
        <label htmlFor={id}>{label}</label>
        <TypedValue
          label={`${ariaLabel}, typed`}
          text={display}
          unit={unit}
          parse={parse}
          expected={expected}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') onKeyDown(event);
          }}
          onValue={(typed) => {
            gesture.commit();
            gesture.start();
            (onTyped ?? move)(typed);
            gesture.commit();
          }}
        />
      </div>
      <div className="slider-track">
        <span className="slider-fill" style={{ width: place(value) }} />
        {mark !== undefined && <span className="slider-mark" style={{ left: place(mark) }} />}
        <input
          id={id}
          type="range"
          aria-label={ariaLabel}
          aria-valuetext={display}
          min={min}
          max={max}
          // Rounded here: the element itself would move a typed value that lies between steps.
          step="any"
          value={value}
          onPointerDown={gesture.start}
          onPointerUp={gesture.commit}
          onPointerCancel={gesture.commit}
          onKeyDown={onKeyDown}
          onBlur={gesture.commit}
          onChange={(event) => {
            // Assistive technology moves a slider without pointer or keys.
            gesture.prolongIfIdle();
            move(snap(event.currentTarget.valueAsNumber, range));
          }}
        />
      </div>
    </div>
  );
}

/** The range of a slider and its steps by key. */
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

/** The value that a key moves to from `value`, or null for keys that do not move a slider. */
export function keyedValue(
  key: string,
  shift: boolean,
  value: number,
  range: SliderRange,
): number | null {
  const { min, max, step, bigStep } = range;
  const size = shift ? bigStep : step;
  // A typed value may be outside the range, where steps must not jump past its ends.
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

/** Position of a value in the range, 0..1; values outside it are at its ends. */
export function shareOfRange(value: number, { min, max }: SliderRange): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}
