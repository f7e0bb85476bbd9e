'use client';

import { type KeyboardEvent, useId } from 'react';
import { keyedValue, shareOfRange, snap } from './step';
import { TypedValue } from './typed-value';
import { useGesture } from './use-gesture';

/** Half of the thumb, in pixels: its centre stops that far from the ends of the track. */
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
  /** The full name, where the label is short for its place. */
  ariaLabel?: string;
  /** Written after the text field. */
  unit?: string;
  /** May lie outside of min..max when typed. */
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
  /** The value that a typed text means, for `onTyped`, or null when it is not one. */
  parse: (text: string) => number | null;
  /** What may be typed, to complete “Expected …”. */
  expected: string;
  onStart: () => void;
  /** Called with a place on the track. */
  onChange: (value: number) => void;
  /** Called with what `parse` read, which may be in another unit than the track; else `onChange` is. */
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
          // Rounding is ours: the element's own would move a typed value that lies between steps.
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
