import { type FocusEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { useKeyedState } from '../ui/use-keyed-state';

interface HeldOrder {
  /** The order to draw rows in. */
  readonly ordered: readonly number[];
  /** For the element that holds the rows. */
  readonly holding: {
    readonly ref: RefObject<HTMLDivElement | null>;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: (event: PointerEvent) => void;
  };
}

/**
 * Holds the order of rows from when the reader takes hold of one until pointer and focus have left all of them:
 * what was dragged stays under the pointer, and the next key finds its row. A finger leaves when it is lifted, so
 * that there the next touch elsewhere counts.
 *
 * @param latest the order that rows would have
 * @param basis what sorts rows anew, held or not
 */
export function useHeldOrder(latest: readonly number[], basis: readonly unknown[]): HeldOrder {
  const [held, setHeld] = useKeyedState<readonly number[]>(basis);
  const ref = useRef<HTMLDivElement>(null);
  const isInside = useRef(false);
  const isHeld = held !== null;
  const hold = () => setHeld(held ?? latest);
  const hasFocus = () => ref.current?.querySelector(':focus-visible') !== null;
  const release = useRef(() => {});
  useEffect(() => {
    release.current = () => setHeld(null);
  });
  useEffect(() => {
    if (!isHeld) return;
    const onPress = ({ target }: globalThis.PointerEvent) => {
      if (target instanceof Node && !ref.current?.contains(target)) release.current();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [isHeld]);
  return {
    ordered: held?.length === latest.length ? held : latest,
    holding: {
      ref,
      onFocus: ({ target }) => {
        if (target.matches('tbody :focus-visible')) hold();
      },
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!isInside.current && !currentTarget.contains(relatedTarget)) setHeld(null);
      },
      onPointerDown: ({ target }) => {
        if (target instanceof Element && target.closest('tbody')) hold();
      },
      onPointerEnter: () => {
        isInside.current = true;
      },
      onPointerLeave: ({ pointerType }) => {
        isInside.current = false;
        if (pointerType === 'mouse' && !hasFocus()) setHeld(null);
      },
    },
  };
}
