'use client';

import { useEffect, useRef } from 'react';
import type { DeletedDocument } from '../../lib/store/documents';

/**
 * What was deleted on this visit, each with its undo. The newest undo takes the focus, which
 * the row that went away had.
 */
export function DeletedNotices({
  deleted,
  onUndo,
}: {
  /** The latest first. */
  deleted: readonly DeletedDocument[];
  onUndo: (one: DeletedDocument) => void;
}) {
  const newest = useRef<HTMLButtonElement>(null);
  const count = useRef(deleted.length);
  useEffect(() => {
    if (deleted.length > count.current) newest.current?.focus();
    count.current = deleted.length;
  }, [deleted]);
  return (
    <div role="status">
      {deleted.map((one, index) => (
        <p key={one.head.id} className="notice">
          {one.head.name} was deleted.{' '}
          <button
            ref={index === 0 ? newest : undefined}
            type="button"
            className="link"
            aria-label={`Undo deleting ${one.head.name}`}
            onClick={() => onUndo(one)}
          >
            Undo deleting
          </button>
        </p>
      ))}
    </div>
  );
}
