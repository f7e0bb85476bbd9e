/**
 * What a mark says, in the corner that points along a diagonal leave free, so that it neither covers
 * them nor follows the pointer about. The table behind the chart says the same.
 */
export function Tooltip({
  corner,
  inset,
  title,
  lines,
}: {
  corner: 'top-left' | 'bottom-right';
  /** Pixels from the two edges of the chart to that corner of its plot area. */
  inset: readonly [horizontal: number, vertical: number];
  title: string;
  lines: readonly string[];
}) {
  const [horizontal, vertical] = inset;
  const place =
    corner === 'top-left'
      ? { left: horizontal + 8, top: vertical + 6 }
      : { right: horizontal + 8, bottom: vertical + 6 };
  return (
    <div className="chart-tooltip" aria-hidden="true" style={place}>
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
