/** What stands in the place of a chart that has nothing to draw, as high as the chart will be. */
export function ChartBlank({ height, children }: { height: number; children: string }) {
  return (
    <p className="chart-blank" style={{ height }}>
      {children}
    </p>
  );
}
