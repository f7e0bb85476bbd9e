'use client';

import { ChartFrame } from './chart-frame';
import { PlotBox, usePlot } from './plot-box';
import { axisTitle, linearFrame, type PlotFrame, paddedDomain } from './plot-geometry';

const height = 280;
const initialWidth = 480;

/** One quantity of a chart of points. */
interface Quantity {
  readonly name: string;
  /** Empty when unitless. */
  readonly unit: string;
}

/** A run with both quantities. */
interface Point {
  readonly id: string;
  /** Display name: `run 5`. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** A scatter of two measured quantities, one point per run. */
export function PointsChart({
  title,
  note,
  how,
  fileName,
  x,
  y,
  points,
}: {
  title: string;
  note: string;
  how: string;
  fileName: string;
  x: Quantity;
  y: Quantity;
  points: readonly Point[];
}) {
  const plot = usePlot(initialWidth, frameOf);
  const { scales } = plot;

  function frameOf(width: number): PlotFrame {
    const range = (key: 'x' | 'y') =>
      paddedDomain(
        points.map((point) => point[key]),
        0.08,
      );
    return linearFrame(
      { width, height },
      { range: range('x'), title: axisTitle(x.name, x.unit), labelWidth: 44 },
      { range: range('y'), title: axisTitle(y.name, y.unit) },
    );
  }

  return (
    <ChartFrame
      title={title}
      note={note}
      fileName={fileName}
      how={how}
      data={{
        columns: [
          { key: 'run', label: 'run' },
          { key: 'x', label: x.name, unit: x.unit, numeric: true },
          { key: 'y', label: y.name, unit: y.unit, numeric: true },
        ],
        rows: () => points.map((point) => [point.id, point.x, point.y]),
      }}
    >
      <PlotBox plot={plot} label={note}>
        {points.map((point) => (
          <circle
            key={point.id}
            cx={scales.x(point.x)}
            cy={scales.y(point.y)}
            r={4.5}
            fill="var(--accent)"
            fillOpacity={0.75}
          >
            <title>{point.name}</title>
          </circle>
        ))}
      </PlotBox>
    </ChartFrame>
  );
}
