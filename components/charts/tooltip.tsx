/** A note beside a mark, kept inside the chart. The table behind the chart says the same. */
export function Tooltip({
  x,
  y,
  width,
  height,
  title,
  lines,
}: {
  /** The mark, in pixels of the chart. */
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  lines: readonly string[];
}) {
  const horizontal = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  const vertical = y > height / 2 ? { bottom: height - y + 8 } : { top: y + 8 };
  return (
    <div className="chart-tooltip" aria-hidden="true" style={{ ...horizontal, ...vertical }}>
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
