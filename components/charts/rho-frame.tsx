import type { Matrix } from '../../lib/matrix';
import { ChartFrame } from './chart-frame';
import { Heatmap } from './heatmap';

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
}: {
  title: string;
  note?: string;
  fileName: string;
  how: string;
  /** What the rows are. */
  axis: 'domain' | 'target';
  /** Of the rows. */
  names: readonly string[];
  targets: readonly { readonly id: string; readonly name: string }[];
  /** Rows x targets; NaN where there is none. */
  rho: Matrix;
}) {
  const cells = names.map((_, row) => targets.map((__, at) => rho.values[row * rho.columns + at]));
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
        rows: () => names.map((name, row) => [name, ...cells[row].map(finite)]),
      }}
    >
      <Heatmap
        rows={names}
        columns={targets.map(({ name }) => name)}
        values={cells}
        quantity="Spearman’s rho"
        rowAxis={axis}
        columnAxis="target"
      />
    </ChartFrame>
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
