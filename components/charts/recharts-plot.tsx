'use client';

import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Label,
  Legend,
  Line,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
  ZIndexLayer,
} from 'recharts';
import { fittedTitles, labelSize } from './plot-geometry';
import { knownPoints, outlined, type PlotParts, type PlotSeries, whiskerCap } from './plot-series';

const labels = { fill: 'var(--ink-2)', fontSize: labelSize };
const tooltipStyle = {
  padding: '6px 10px',
  border: '1px solid var(--line)',
  borderRadius: 4,
  background: 'var(--surface)',
  fontSize: 12,
  lineHeight: '16px',
};
/** Above every line and dot of recharts. */
const topLayer = 700;

/** A plot by recharts, laid out exactly as {@link StaticPlot} does. */
export default function RechartsPlot({
  frame,
  series = [],
  levels = [],
  legend = false,
  under,
  children,
}: PlotParts) {
  const { width, height, margin, x, y } = frame;
  const isRead = series.some(({ isQuiet }) => !isQuiet);
  const titles = fittedTitles(frame);
  return (
    <ComposedChart
      width={width}
      height={height}
      margin={{ top: margin.top, right: margin.right, bottom: 0, left: 0 }}
      accessibilityLayer={isRead}
      aria-label={isRead ? 'Values by the left and right arrow keys' : undefined}
      data={rowsOf(series)}
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
      {under}
      {series.map((one, index) => drawnBy(one, `s${index}`))}
      {levels.map(({ name, y: value, at }) => (
        <ReferenceLine
          key={name}
          y={value}
          stroke="var(--ink)"
          strokeDasharray="5 4"
          label={{
            value: name,
            position: at === 'left' ? 'insideBottomLeft' : 'insideBottomRight',
            offset: 4,
            fontSize: labelSize,
            fill: 'var(--ink)',
            ...outlined,
          }}
        />
      ))}
      {isRead && (
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--ink-2)', strokeOpacity: 0.5 }}
          wrapperStyle={{ zIndex: 5 }}
          contentStyle={tooltipStyle}
          itemStyle={{ color: 'var(--ink)', padding: 0 }}
          labelStyle={{ color: 'var(--ink-2)' }}
          separator=" "
          itemSorter={() => 0}
          labelFormatter={(label) => `${x.title}: ${x.format(Number(label))}`}
          formatter={(_, name, { dataKey, payload }) => [textOf(payload, dataKey), name]}
        />
      )}
      {legend && (
        // In the middle it takes no room from the plot, whose margins have it already.
        <Legend
          layout="horizontal"
          align="center"
          verticalAlign="middle"
          iconSize={12}
          wrapperStyle={{
            top: 0,
            left: margin.left,
            right: margin.right,
            width: 'auto',
            fontSize: labelSize,
          }}
          formatter={(name: string) => (
            <span data-in-picture="" style={{ color: 'var(--ink-2)' }}>
              {name}
            </span>
          )}
        />
      )}
      {series.length > 0 ? <ZIndexLayer zIndex={topLayer}>{children}</ZIndexLayer> : children}
    </ComposedChart>
  );
}

/** One place on the x axis with the values of all series there, by their keys. */
type Row = Readonly<Record<string, number | string | readonly [number, number]>>;

function rowsOf(series: readonly PlotSeries[]): Row[] {
  const rows = new Map<number, Record<string, Row[string]>>();
  series.forEach((one, index) => {
    for (const { x, y, low, high, text } of knownPoints(one)) {
      const row = rows.get(x) ?? { x };
      const key = `s${index}`;
      row[key] = one.kind === 'area' && low !== undefined ? [low, y] : y;
      row[`${key} text`] = text;
      if (one.kind === 'line' && low !== undefined && high !== undefined) {
        row[`${key} spread`] = [y - low, high - y];
      }
      rows.set(x, row);
    }
  });
  return [...rows.values()].sort((a, b) => Number(a.x) - Number(b.x));
}

function textOf(row: Row, key: unknown): string {
  return typeof key === 'string' ? String(row[`${key} text`] ?? '') : '';
}

/** A series as recharts' own; a function, because recharts looks its children up by their types. */
function drawnBy(one: PlotSeries, key: string) {
  const { kind, name, color, width = 1.5, opacity = 0.3, dot, isStepped, isQuiet } = one;
  const shared = {
    dataKey: key,
    name,
    type: isStepped ? ('stepAfter' as const) : ('linear' as const),
    isAnimationActive: false,
    connectNulls: true,
    tooltipType: isQuiet ? ('none' as const) : undefined,
  };
  if (kind === 'area') {
    return (
      <Area
        key={name}
        {...shared}
        stroke="var(--paper)"
        strokeWidth={1}
        fill={color}
        fillOpacity={opacity}
        onMouseEnter={() => one.onHover?.(true)}
        onMouseLeave={() => one.onHover?.(false)}
        activeDot={false}
        legendType={isQuiet ? 'none' : 'rect'}
      />
    );
  }
  const hasSpread = one.points.some(({ low }) => low !== undefined && Number.isFinite(low));
  return (
    <Line
      key={name}
      {...shared}
      stroke={color}
      strokeWidth={width}
      dot={
        dot === undefined
          ? false
          : { r: dot, fill: color, stroke: 'var(--paper)', strokeWidth: 1.5 }
      }
      activeDot={isQuiet ? false : { r: 4, fill: color, stroke: 'var(--paper)' }}
      legendType={isQuiet ? 'none' : 'plainline'}
    >
      {hasSpread && (
        <ErrorBar
          dataKey={`${key} spread`}
          width={whiskerCap}
          stroke="var(--ink-2)"
          strokeWidth={1}
          isAnimationActive={false}
        />
      )}
    </Line>
  );
}
