/** Holds the place of something that is still computed, at its true height, and says so. */
export function Skeleton({ height, label }: { height: number; label: string }) {
  return (
    <div className="skeleton" style={{ height }} role="status">
      {label}
    </div>
  );
}
