'use client';

/** Two recharts on one axis of budgets: the loss that is reached, and what is bought, stacked by domain. */
import { useMemo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  Label,
  Legend,
  Line,
  LineChart,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatNumber, formatTokens } from '../../lib/model/format';
import { useWidth } from './plot-box';
import { labelSize, leftMargin, linearAxis, paddedDomain, tickCount } from './plot-geometry';

const initialWidth = 480;
const heights = { loss: 220, tokens: 250 };
const text = { fill: 'var(--ink-2)', fontSize: labelSize };

/** One budget. */
export interface ShoppingRow {
  /** Further tokens in all. */
  readonly budget: number;
  readonly value: number;
  /** Per series the tokens bought. */
  readonly bought: readonly number[];
}

/** The value that is reached by budget, above the tokens that are bought for it. */
export default function ShoppingChart({
  rows,
  series,
  quantity,
  chosen,
  label,
}: {
  /** By ascending budget, two at least. */
  rows: readonly ShoppingRow[];
  /** In the order of purchase, the first at the bottom. */
  series: readonly { readonly name: string; readonly color: string }[];
  /** What the value is, with its unit. */
  quantity: string;
  /** A budget to mark. */
  chosen: number;
  /** A description of the pictures. */
  label: string;
}) {
  const [ref, width] = useWidth(initialWidth);
  const { x, value, tokens, left } = useMemo(() => {
    const last = rows[rows.length - 1].budget;
    const most = Math.max(...rows.map(({ bought }) => bought.reduce((sum, each) => sum + each, 0)));
    const ofValue = linearAxis(
      paddedDomain(
        rows.map((row) => row.value),
        0.08,
      ),
      4,
      quantity,
    );
    const ofTokens = { ...linearAxis([0, most * 1.04], 4, 'collected'), format: formatTokens };
    return {
      x: linearAxis([rows[0].budget, last], tickCount(width - 80, 44), 'more tokens in all'),
      value: ofValue,
      tokens: ofTokens,
      left: Math.max(leftMargin(ofValue), leftMargin(ofTokens)),
    };
  }, [rows, quantity, width]);
  const data = useMemo(
    () =>
      rows.map(({ budget, value: reached, bought }) => ({
        budget,
        value: reached,
        ...Object.fromEntries(bought.map((each, place) => [`s${place}`, each])),
      })),
    [rows],
  );
  const shared = {
    width,
    data,
    syncId: 'shopping',
    accessibilityLayer: false,
    margin: { top: 8, right: 16, bottom: 0, left: 0 },
  };
  const axis = (hasTitle: boolean) => (
    <XAxis
      type="number"
      dataKey="budget"
      domain={[x.domain[0], x.domain[1]]}
      ticks={[...x.ticks]}
      tickFormatter={formatTokens}
      height={hasTitle ? 42 : 22}
      tick={text}
      tickLine={false}
      axisLine={false}
    >
      {hasTitle && <Label value={x.title} position="insideBottom" offset={2} {...text} />}
    </XAxis>
  );
  const side = (of: typeof value) => (
    <YAxis
      type="number"
      domain={[of.domain[0], of.domain[1]]}
      ticks={[...of.ticks]}
      tickFormatter={of.format}
      width={left}
      tick={text}
      tickLine={false}
      axisLine={false}
    >
      <Label
        value={of.title}
        angle={-90}
        position="insideLeft"
        offset={6}
        style={{ textAnchor: 'middle' }}
        {...text}
      />
    </YAxis>
  );
  const tip = {
    isAnimationActive: false,
    itemStyle: { color: 'var(--ink)' },
    contentStyle: { background: 'var(--surface)', border: '1px solid var(--line)', fontSize: 12 },
    labelFormatter: (budget: unknown) => `with ${formatTokens(Number(budget))} more`,
  };
  return (
    <div ref={ref} className="chart" role="img" aria-label={label}>
      <LineChart {...shared} height={heights.loss}>
        <CartesianGrid stroke="var(--line)" />
        {axis(false)}
        {side(value)}
        <Tooltip {...tip} formatter={(reached) => formatNumber(Number(reached), 4)} />
        <ReferenceLine x={chosen} stroke="var(--accent)" />
        <Line
          dataKey="value"
          name={quantity}
          stroke="var(--ink)"
          strokeWidth={2}
          dot={{ r: 2, fill: 'var(--ink)' }}
          isAnimationActive={false}
        />
      </LineChart>
      <AreaChart {...shared} height={heights.tokens}>
        <CartesianGrid stroke="var(--line)" />
        {axis(true)}
        {side(tokens)}
        <Tooltip {...tip} formatter={(bought) => formatTokens(Math.round(Number(bought)))} />
        <Legend
          verticalAlign="top"
          iconSize={10}
          itemSorter={null}
          wrapperStyle={{ fontSize: 12 }}
        />
        <ReferenceLine x={chosen} stroke="var(--accent)" />
        {series.map(({ name, color }, place) => (
          <Area
            key={name}
            dataKey={`s${place}`}
            name={name}
            stackId="bought"
            stroke={color}
            fill={color}
            fillOpacity={0.9}
            isAnimationActive={false}
          />
        ))}
      </AreaChart>
    </div>
  );
}
