'use client';

/** A small histogram of distances by recharts, with one value marked. */
import { Bar, BarChart, Label, ReferenceLine, XAxis, YAxis } from 'recharts';
import { formatPercent } from '../../lib/model/format';
import { useWidth } from './plot-box';
import { labelSize } from './plot-geometry';

const initialWidth = 280;
const height = 104;
const text = { fill: 'var(--ink-2)', fontSize: labelSize };

/** Counts of equal bins from 0, in shares; the bins from the mark on are darker. */
export default function DistanceChart({
  counts,
  width: binWidth,
  marked,
  markName,
  label,
}: {
  counts: readonly number[];
  /** Of one bin, in shares. */
  width: number;
  marked: number;
  markName: string;
  /** A description of the picture. */
  label: string;
}) {
  const [ref, width] = useWidth(initialWidth);
  const data = counts.map((count, bin) => ({
    at: (bin + 0.5) * binWidth,
    count,
    fill: (bin + 1) * binWidth > marked ? 'var(--prior)' : 'var(--line)',
  }));
  const end = counts.length * binWidth;
  return (
    <div ref={ref} className="chart" role="img" aria-label={label}>
      <BarChart
        width={width}
        height={height}
        data={data}
        barCategoryGap={0.5}
        margin={{ top: 20, right: 20, bottom: 0, left: 14 }}
        accessibilityLayer={false}
      >
        <XAxis
          type="number"
          dataKey="at"
          domain={[0, end]}
          ticks={[0, end / 2, end]}
          interval={0}
          tickFormatter={(share: number) => formatPercent(share, 0)}
          height={36}
          tick={text}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
        >
          <Label value="from the nearest run" position="insideBottom" offset={0} {...text} />
        </XAxis>
        <YAxis hide domain={[0, 'dataMax']} />
        <Bar dataKey="count" isAnimationActive={false} />
        <ReferenceLine
          x={marked}
          stroke="var(--ink)"
          strokeWidth={2}
          label={{
            value: `${formatPercent(marked, 0)} ${markName}`,
            position: 'top',
            fontSize: labelSize,
            fill: 'var(--ink)',
          }}
        />
      </BarChart>
    </div>
  );
}
