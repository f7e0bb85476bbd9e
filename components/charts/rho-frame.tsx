import type { ReactNode } from 'react';
import type { Matrix } from '../../lib/model/matrix';
import { ChartFrame } from './chart-frame';
import { Heatmap, HeatmapBlank } from './heatmap';

/** A matrix of Spearman's rho against the targets, as a picture with its table. */
export function RhoFrame({
  title,
  note,
  fileName,
  how,
  axis,
  names,
  targets,
  rho,
  waiting,
}: {
  title: string;
  note?: string;
  fileName: string;
  how: string;
  /** What the rows represent. */
  axis: 'domain' | 'target';
  /** Names of the rows. */
  names: readonly string[];
  targets: readonly { readonly id: string; readonly name: string }[];
  /** Rows x targets; NaN where undefined; null while it is not measured. */
  rho: Matrix | null;
  /** Shown instead while it is not measured. */
  waiting?: ReactNode;
}) {
  const columns = targets.map(({ name }) => name);
  const cells = rho
    ? names.map((_, row) => targets.map((__, at) => rho.values[row * rho.columns + at]))
    : [];
  return (
    <ChartFrame
      title={title}
      note={note}
      fileName={fileName}
      how={how}
      data={{
        columns: [
          { key: axis, label: axis },
          ...targets.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () => cells.map((row, place) => [names[place], ...row.map(finite)]),
      }}
    >
      {rho ? (
        <Heatmap
          rows={names}
          columns={columns}
          values={cells}
          quantity="Spearman’s rho"
          rowAxis={axis}
          columnAxis="target"
        />
      ) : (
        <HeatmapBlank rows={names} columns={columns} rowAxis={axis}>
          {waiting}
        </HeatmapBlank>
      )}
    </ChartFrame>
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
