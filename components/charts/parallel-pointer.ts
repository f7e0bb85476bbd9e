import { type PointerEvent, useCallback, useRef, useState } from 'react';
import { type Drag, dragged, endsOf, gripAt, type Range } from './parallel-brush';
import { nearestRow, type ParallelAxis, type ParallelGeometry, shareAt } from './parallel-geometry';

/** How far from a line the pointer may be to be near it, in pixels. */
const reach = 10;
/** How far from an axis a gesture may begin. */
const axisReach = 12;
/** A pointer that moves less is a click. */
const slack = 4;

interface Press {
  readonly x: number;
  readonly y: number;
  /** What it drags; null when it went down beside all axes. */
  readonly drag: Drag | null;
  moved: boolean;
}

/**
 * Pointer gestures on parallel coordinates: along an axis they brush, on a line they pick. A finger
 * brushes by the handles alone, because elsewhere it scrolls.
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
  /** Rows that the pointer can find. */
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
      // The handle lies beyond its end: only how far the pointer goes counts.
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
