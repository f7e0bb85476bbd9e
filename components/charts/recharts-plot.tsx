'use client';

import type { ReactNode } from 'react';
import { CartesianGrid, ComposedChart, Label, XAxis, YAxis } from 'recharts';
import { fittedTitles, labelSize, type PlotFrame } from './plot-geometry';

const labels = { fill: 'var(--ink-2)', fontSize: labelSize };

/** The axes of a plot by recharts, laid out exactly as {@link StaticPlot} does. */
export default function RechartsPlot({
  frame,
  children,
}: {
  frame: PlotFrame;
  children: ReactNode;
}) {
  const { width, height, margin, x, y } = frame;
  const titles = fittedTitles(frame);
  return (
    <ComposedChart
      width={width}
      height={height}
      margin={{ top: margin.top, right: margin.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      data={[]}
    >
      <CartesianGrid stroke="var(--line)" syncWithTicks horizontal={y.ticks.length > 0} />
      <XAxis
        type="number"
        dataKey="x"
        domain={[x.domain[0], x.domain[1]]}
        ticks={[...x.ticks]}
        tickFormatter={x.format}
        interval={0}
        height={margin.bottom}
        tick={labels}
        tickLine={false}
        axisLine={false}
        tickMargin={4}
        allowDataOverflow
      >
        <Label value={titles.x} position="insideBottom" offset={2} {...labels} />
      </XAxis>
      <YAxis
        type="number"
        dataKey="y"
        domain={[y.domain[0], y.domain[1]]}
        ticks={[...y.ticks]}
        tickFormatter={y.format}
        interval={0}
        width={margin.left}
        tick={labels}
        tickLine={false}
        axisLine={false}
        tickMargin={6}
        allowDataOverflow
      >
        {y.title !== '' && (
          <Label
            value={titles.y}
            angle={-90}
            position="insideLeft"
            offset={6}
            style={{ textAnchor: 'middle' }}
            {...labels}
          />
        )}
      </YAxis>
      {children}
    </ComposedChart>
  );
}
