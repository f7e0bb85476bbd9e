import type { ReactNode } from 'react';

/** The finding of a room in a sentence, and what stands under it: in the same place in every room. */
export function RoomHead({
  finding,
  isLive = false,
  children,
}: {
  finding: ReactNode;
  /** Whether changes of the finding are announced. */
  isLive?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="finding">
      <h1 aria-live={isLive ? 'polite' : undefined}>{finding}</h1>
      {children}
    </div>
  );
}
