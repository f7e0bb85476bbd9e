/**
 * Brushes of parallel coordinates: which runs they select, how pointer gestures and keys change
 * them, and the hook that handles the pointer.
 */
import { type PointerEvent, useCallback, useRef, useState } from 'react';
import { plural } from '../../lib/model/format';
import {
  type AxisPlace,
  nearestRow,
  type ParallelAxis,
  type ParallelGeometry,
  shareAt,
} from './parallel-geometry';

/** The values that a brush admits, both ends included, in the unit of its axis. */
export type Range = readonly [low: number, high: number];

/** What a gesture on an axis moves: an end of its brush, all of it, or the far end of a new one. */
export type Grip = 'low' | 'high' | 'whole' | 'new';

/** A gesture on an axis, with the state at its start. */
interface Drag {
  /** Index of the axis. */
  readonly axis: number;
  readonly grip: Grip;
  /** Share of the axis below the pointer at the start. */
  readonly from: number;
  /** Shares of the axis at the ends of the brush at the start. */
  readonly ends: Range;
}

/**
 * Which runs are inside every brush.
 *
 * @param axes each with one value per run
 * @param brushes ranges by the key of an axis; unknown keys are ignored
 * @returns one per run: 1 = inside every brush. A missing value is inside no brush.
 */
export function brushedRows(
  axes: readonly Pick<ParallelAxis, 'key' | 'values'>[],
  brushes: ReadonlyMap<string, Range>,
): Uint8Array {
  const rows = new Uint8Array(axes[0]?.values.length ?? 0).fill(1);
  for (const { key, values } of axes) {
    const range = brushes.get(key);
    if (!range) continue;
    const [low, high] = range;
    for (let row = 0; row < rows.length; row++) {
      if (!(values[row] >= low && values[row] <= high)) rows[row] = 0;
    }
  }
  return rows;
}

/** How many runs are inside the brushes, in words: `37 of 512 runs brushed`. */
export function brushedText(inside: Uint8Array): string {
  const count = inside.reduce((sum, one) => sum + one, 0);
  return `${count.toLocaleString('en')} of ${plural(inside.length, 'run')} brushed`;
}

/** The shares of an axis at the ends of its brush; the whole axis when it has none. */
export function endsOf(place: AxisPlace, range: Range | undefined): Range {
  if (!range) return [0, 1];
  return [within(place.share(range[0])), within(place.share(range[1]))];
}

/**
 * What a pointer pressed at `share` grabs.
 *
 * @param slack how near to an end counts as on it, as a share of the axis
 */
export function gripAt(
  place: AxisPlace,
  range: Range | undefined,
  share: number,
  slack: number,
): Grip {
  if (!range) return 'new';
  const [low, high] = endsOf(place, range);
  if (Math.abs(share - high) <= slack) return 'high';
  if (Math.abs(share - low) <= slack) return 'low';
  return share > low && share < high ? 'whole' : 'new';
}

/** The brush when the pointer of a gesture is at `share`; null when it covers the whole axis. */
export function dragged(place: AxisPlace, { grip, from, ends }: Drag, share: number): Range | null {
  const [low, high] = ends;
  const moved = share - from;
  switch (grip) {
    case 'new':
      return rangeOf(place, Math.min(from, share), Math.max(from, share));
    case 'low':
      return rangeOf(place, Math.min(low + moved, high), high);
    case 'high':
      return rangeOf(place, low, Math.max(high + moved, low));
    case 'whole': {
      const shift = Math.max(-low, Math.min(1 - high, moved));
      return rangeOf(place, low + shift, high + shift);
    }
  }
}

/** Steps of an end by key, as shares of the axis. */
const steps: Readonly<Record<string, number>> = {
  ArrowUp: 0.01,
  ArrowDown: -0.01,
  PageUp: 0.1,
  PageDown: -0.1,
  End: 1,
  Home: -1,
};

/**
 * The brush after a key on one of its ends: arrows move it by a hundredth of the axis, pages by a
 * tenth, Home and End to the limits; Escape and Delete remove the brush.
 *
 * @returns null = no brush; undefined = the key does nothing here
 */
export function keyed(
  place: AxisPlace,
  range: Range | undefined,
  end: 'low' | 'high',
  key: string,
): Range | null | undefined {
  if (key === 'Escape' || key === 'Delete' || key === 'Backspace') return null;
  const step = steps[key];
  if (step === undefined) return undefined;
  const drag: Drag = { axis: 0, grip: end, from: 0, ends: endsOf(place, range) };
  return dragged(place, drag, step);
}

function rangeOf(place: AxisPlace, low: number, high: number): Range | null {
  const [from, to] = [within(low), within(high)];
  return from === 0 && to === 1 ? null : [place.at(from), place.at(to)];
}

/** A share clamped to the axis; values within rounding error of an end count as that end. */
function within(share: number): number {
  if (share < 1e-9) return 0;
  return share > 1 - 1e-9 ? 1 : share;
}

/** How far from a line the pointer may be to be near it, in pixels. */
const reach = 10;
/** How far from an axis a gesture may begin. */
const axisReach = 12;
/** A shorter pointer movement is a click. */
const slack = 4;

interface Press {
  readonly x: number;
  readonly y: number;
  /** What is dragged; null when the pointer was pressed away from every axis. */
  readonly drag: Drag | null;
  moved: boolean;
}

/**
 * Pointer gestures on parallel coordinates: along an axis they brush, on a line they pick. Touch
 * brushes by the handles only, because elsewhere it scrolls.
 */
export function useParallelPointer({
  geometry,
  axes,
  brushes,
  rows,
  hovered,
  onHover,
  picked,
  onPick,
  onBrush,
}: {
  geometry: ParallelGeometry;
  axes: readonly ParallelAxis[];
  brushes: ReadonlyMap<string, Range>;
  /** Rows that the pointer can hit. */
  rows: readonly number[];
  hovered: number | null | undefined;
  onHover: ((row: number | null) => void) | undefined;
  picked: number | null;
  onPick: (row: number | null) => void;
  onBrush: (key: string, range: Range | null) => void;
}) {
  const press = useRef<Press | null>(null);
  const [own, setOwn] = useState<number | null>(null);
  const near = hovered === undefined ? own : hovered;

  function hover(row: number | null): void {
    if (row === near) return;
    setOwn(row);
    onHover?.(row);
  }

  function dragFrom(event: PointerEvent<SVGSVGElement>, x: number, y: number): Drag | null {
    const from = shareAt(geometry, y);
    const handle = event.target instanceof Element ? event.target.closest('[data-handle]') : null;
    const [index, end] = handle?.getAttribute('data-handle')?.split(' ') ?? [];
    if (end === 'low' || end === 'high') {
      const axis = Number(index);
      const ends = endsOf(geometry.places[axis], brushes.get(axes[axis].key));
      // The handle lies outside its end: only the distance of the movement counts.
      return { axis, grip: end, from, ends };
    }
    if (event.pointerType === 'touch') return null;
    const axis = geometry.places.findIndex((place) => Math.abs(place.x - x) <= axisReach);
    if (axis < 0 || y < geometry.top - slack || y > geometry.bottom + slack) return null;
    const place = geometry.places[axis];
    const range = brushes.get(axes[axis].key);
    const grip = gripAt(place, range, from, slack / (geometry.bottom - geometry.top));
    return { axis, grip, from, ends: endsOf(place, range) };
  }

  const pixel = useCallback((event: PointerEvent<SVGSVGElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }, []);

  const handlers = {
    onPointerDown(event: PointerEvent<SVGSVGElement>) {
      if (event.button !== 0) return;
      const [x, y] = pixel(event);
      press.current = { x, y, drag: dragFrom(event, x, y), moved: false };
      if (!press.current.drag) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      hover(null);
    },
    onPointerMove(event: PointerEvent<SVGSVGElement>) {
      const [x, y] = pixel(event);
      const held = press.current;
      if (held) held.moved ||= Math.hypot(x - held.x, y - held.y) > slack;
      if (held?.drag) {
        if (!held.moved) return;
        const { axis } = held.drag;
        onBrush(axes[axis].key, dragged(geometry.places[axis], held.drag, shareAt(geometry, y)));
        return;
      }
      hover(nearestRow(geometry, axes, rows, x, y, reach));
    },
    onPointerUp(event: PointerEvent<SVGSVGElement>) {
      const held = press.current;
      press.current = null;
      if (!held || held.moved) return;
      const [x, y] = pixel(event);
      const row = nearestRow(geometry, axes, rows, x, y, reach);
      const handle = held.drag && !(held.drag.grip === 'new' || held.drag.grip === 'whole');
      if (handle) return;
      if (held.drag?.grip === 'new' && brushes.has(axes[held.drag.axis].key)) {
        onBrush(axes[held.drag.axis].key, null);
      } else {
        onPick(row === picked ? null : row);
      }
    },
    onPointerCancel() {
      press.current = null;
    },
    onPointerLeave() {
      hover(null);
    },
  };
  return { near, handlers };
}
