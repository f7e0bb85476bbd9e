'use client';

/** The grips by which marks on lanes are dragged. */
import { useRef, useState } from 'react';
import { useGesture } from '../ui/use-gesture';
import { keyedWeight, type LaneAxis, snapped } from './lanes-geometry';
import { OptimumMark, YoursMark } from './marks';

/** What dragging a mark of a row does, by pointer or by key. A drag is one gesture, as is a burst of keys. */
export interface LaneDrag {
  readonly onStart: (row: number) => void;
  /** @param weight 0..1, within the row's reach */
  readonly onMove: (row: number, weight: number) => void;
  readonly onEnd: (row: number) => void;
}

/** A pointer that moves less has pressed and not dragged, in pixels. */
const dragFrom = 3;

/** The grip of a mark: a slider on the lane. */
export default function LaneGrip({
  name,
  shape,
  color,
  weight,
  text,
  described,
  reach,
  row,
  axis,
  drag,
  onHold,
}: {
  name: string;
  shape: 'optimum' | 'yours';
  /** Of the optimum's domain. */
  color?: string;
  weight: number;
  /** The weight in words. */
  text: string;
  /** Id of the note on it. */
  described?: string;
  reach: readonly [number, number];
  row: number;
  axis: LaneAxis;
  drag: LaneDrag;
  onHold: (holds: boolean) => void;
}) {
  const gesture = useGesture({
    onStart: () => drag.onStart(row),
    onCommit: () => drag.onEnd(row),
  });
  /** Where the pointer was pressed, and how far from the mark's centre, both in pixels of the axis. */
  const pressed = useRef<{ readonly at: number; readonly offset: number } | null>(null);
  const [isDragging, setDragging] = useState(false);

  /** The pointer's place on the lane, whatever the page's zoom. */
  function placeOf(event: { clientX: number; currentTarget: HTMLElement }): number {
    const box = event.currentTarget.closest('td')?.querySelector('svg')?.getBoundingClientRect();
    return box ? ((event.clientX - box.left) / box.width) * axis.width : 0;
  }

  function release(): void {
    pressed.current = null;
    if (!isDragging) return;
    setDragging(false);
    onHold(false);
    gesture.commit();
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      className={isDragging ? 'lanes-grip dragging' : 'lanes-grip'}
      data-shape={shape}
      style={{ left: axis.x(weight) }}
      aria-label={name}
      aria-orientation="horizontal"
      aria-valuemin={Number((100 * reach[0]).toFixed(3))}
      aria-valuemax={Number((100 * reach[1]).toFixed(3))}
      aria-valuenow={Number((100 * weight).toFixed(3))}
      aria-valuetext={text}
      aria-describedby={described}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = placeOf(event);
        pressed.current = { at, offset: at - axis.x(weight) };
      }}
      onPointerMove={(event) => {
        const from = pressed.current;
        if (!from) return;
        const at = placeOf(event);
        if (!isDragging) {
          if (Math.abs(at - from.at) < dragFrom) return;
          setDragging(true);
          onHold(true);
          gesture.start();
        }
        const next = snapped(axis.weightAt(at - from.offset), reach);
        if (next !== weight) drag.onMove(row, next);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onKeyDown={(event) => {
        const isOther = event.ctrlKey || event.metaKey || event.altKey;
        const next = isOther ? null : keyedWeight(event.key, event.shiftKey, weight, reach);
        if (next === null) {
          if (event.key !== 'Shift') gesture.commit();
          return;
        }
        event.preventDefault();
        gesture.prolong();
        if (next !== weight) drag.onMove(row, next);
      }}
      onBlur={gesture.commit}
    >
      <svg aria-hidden="true" width={32} height={24} viewBox="0 0 32 24">
        <path d="M7 9l-4 3l4 3zM25 9l4 3l-4 3z" fill="var(--accent)" />
        {shape === 'optimum' ? (
          <OptimumMark x={16} y={12} size={6} color={color} isOutlined />
        ) : (
          <YoursMark x={16} y={11.5} />
        )}
      </svg>
    </div>
  );
}
