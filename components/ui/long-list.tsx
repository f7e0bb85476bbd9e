'use client';

import { type ReactNode, useLayoutEffect, useState } from 'react';
import { useNear } from '../shell/hooks';

/** Lists of at most so many rows are drawn as they are. */
const short = 100;
/** Rows that are drawn together. */
const partSize = 20;

/**
 * The rows of a list of any length: of a long one only those are drawn that are visible or near, or
 * hold the focus. The others take the room that they will need.
 */
export function LongList<Row>({
  rows,
  keyOf,
  rowHeight,
  children,
}: {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Of a row that is not drawn yet, in pixels. */
  rowHeight: number;
  /** Draws a row; its key is set here. */
  children: (row: Row) => ReactNode;
}) {
  if (rows.length <= short)
    return rows.map((row) => <Keyed key={keyOf(row)}>{children(row)}</Keyed>);
  const parts = Array.from({ length: Math.ceil(rows.length / partSize) }, (_, part) =>
    rows.slice(part * partSize, (part + 1) * partSize),
  );
  return parts.map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the list
    <Part key={place} height={part.length * rowHeight}>
      {() => part.map((row) => <Keyed key={keyOf(row)}>{children(row)}</Keyed>)}
    </Part>
  ));
}

function Keyed({ children }: { children: ReactNode }) {
  return children;
}

function Part({ height, children }: { height: number; children: () => ReactNode }) {
  const [place, isNear] = useNear();
  const [isHeld, setHeld] = useState(false);
  const [known, setKnown] = useState(height);
  const isDrawn = isNear || isHeld;
  // What is below must not move when rows are drawn, or taken away again.
  useLayoutEffect(() => {
    if (isDrawn && place.current) setKnown(place.current.offsetHeight);
  }, [isDrawn, place]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices focus that its fields bring
    <div
      ref={place}
      className="long-list-part"
      style={isDrawn ? undefined : { height: known }}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {isDrawn && children()}
    </div>
  );
}
