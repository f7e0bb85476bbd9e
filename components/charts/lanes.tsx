'use client';

/**
 * Mixtures as a table: a row per domain, and in its last column a lane on which every mixture is a mark. The
 * layout is in lanes-geometry.ts.
 */
import { use, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatPercent, plural } from '../../lib/model/format';
import { WholePicture } from './chart-frame';
import type { LaneDrag } from './lane-grip';
import { Legend } from './lane-marks';
import { LaneRow } from './lane-row';
import {
  type Lane,
  type LaneAxis,
  type LaneColumn,
  type LaneFold,
  type LaneNote,
  type LaneScale,
  laneAxis,
  laneColumns,
  laneHeight,
  largestWeight,
  nameMargin,
  rowsInWindow,
} from './lanes-geometry';
import { useWidth } from './plot-box';
import { scrollFrom } from './row-height';

const initialWidth = 480;
/** Height of the window on more rows than fit, in pixels: see `.lanes-scroll`. */
const windowHeight = 640;

/**
 * Domain weights as positions: colour is the domain, shape is the mixture. The optimum is a dot on the range of
 * its refits, the prior a tick, the human mixture a diamond, the reader's a triangle, the former optimum a
 * dashed ring, the true best a cross. A lane ends at its cap, with a hatched wall where that binds.
 */
export function Lanes({
  lanes,
  before = [],
  after = [],
  fold,
  humanLabel,
  scale,
  onScale,
  dimmed = false,
  hasOptimum = true,
  note = null,
  dragOptimum,
  dragYours,
  hovered,
  onHover,
}: {
  /** One per domain, in the order to draw. */
  lanes: readonly Lane[];
  /** Columns between the name and the weight, and after the lane. */
  before?: readonly LaneColumn[];
  after?: readonly LaneColumn[];
  /** What a row unfolds to where the table is too narrow for further columns. */
  fold?: LaneFold;
  /** Name of the human mixture; null when there is none. */
  humanLabel: string | null;
  scale: LaneScale;
  onScale: (scale: LaneScale) => void;
  /** Draws the marks faintly, because the optimum was found for limits that have changed since. */
  dimmed?: boolean;
  /** Whether there is an optimum to draw, or will be. */
  hasOptimum?: boolean;
  /** A text beside the dot of a row; null = none. */
  note?: LaneNote | null;
  /** Makes the dots and the triangles movable. */
  dragOptimum?: LaneDrag;
  dragYours?: LaneDrag;
  /** Index of the highlighted row. */
  hovered: number | null;
  onHover: (row: number | null) => void;
}) {
  const [ref, width] = useWidth(initialWidth);
  const hatch = useId();
  const noteId = useId();
  const isWhole = use(WholePicture);
  /** The right end of the axis, which must not move under the pointer that drags. */
  const [heldLargest, setHeldLargest] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const [scrolled, setScrolled] = useState(0);
  /** The domain whose row is unfolded. */
  const [unfolded, setUnfolded] = useState<string | null>(null);
  const lastScroll = useRef(0);
  const [leading, trailing] = [before, after].map((columns) =>
    columns.filter(({ from }) => width >= from),
  );
  const others = [...leading, ...trailing].reduce((sum, column) => sum + column.width, 0);
  const folds = fold && width < fold.below ? fold : null;
  const openRow = folds ? lanes.findIndex(({ id }) => id === unfolded) : -1;
  const margin = folds ? nameMargin.folds : nameMargin.plain;
  const columns = useMemo(
    () =>
      laneColumns(
        lanes.map(({ label }) => label),
        width,
        others,
        margin,
      ),
    [lanes, width, others, margin],
  );
  const largest = heldLargest ?? largestWeight(lanes);
  const axis = useMemo(
    () => laneAxis(scale, largest, columns.lane),
    [scale, largest, columns.lane],
  );
  const scrolls = lanes.length > scrollFrom && !isWhole;
  const rows = isWhole
    ? lanes.map((_, row) => row)
    : rowsInWindow(lanes.length, scrolled, windowHeight, [focused, note?.row ?? null, openRow]);
  // A picture is drawn without the window, which then begins at the top.
  useLayoutEffect(() => {
    if (!isWhole && ref.current) ref.current.scrollTop = lastScroll.current;
  }, [isWhole, ref]);
  const scrolling = {
    role: 'region',
    'aria-label': 'Weights of all domains, scrolls',
    tabIndex: 0,
    onScroll: (event: { currentTarget: HTMLElement }) => {
      lastScroll.current = event.currentTarget.scrollTop;
      // In steps of four rows: more are drawn than are in the window.
      setScrolled(lastScroll.current - (lastScroll.current % (4 * laneHeight)));
    },
  };
  const span = 3 + leading.length + trailing.length;
  const unknown = hasOptimum ? '…' : '–';

  return (
    <div className="lanes">
      {folds && (
        <p className="lanes-hint quiet small" data-not-in-picture="">
          {folds.hint}
        </p>
      )}
      <Legend lanes={lanes} humanLabel={humanLabel} hasOptimum={hasOptimum} hatch={hatch} />
      <div
        ref={ref}
        className={scrolls ? 'chart lanes-scroll' : 'chart'}
        {...(scrolls ? scrolling : {})}
      >
        <table
          className="lanes-table"
          aria-label={summarise(lanes, hasOptimum)}
          aria-rowcount={lanes.length + 2}
          onPointerLeave={() => onHover(null)}
        >
          <colgroup>
            <col style={{ width: columns.name }} />
            {leading.map((column) => (
              <col key={column.key} style={{ width: column.width }} />
            ))}
            <col style={{ width: columns.weight }} />
            <col style={{ width: columns.lane }} />
            {trailing.map((column) => (
              <col key={column.key} style={{ width: column.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">
                <span data-in-picture="">Domain</span>
              </th>
              {leading.map(columnHead)}
              <th scope="col" className="numeric">
                <span data-in-picture="">Weight</span>
              </th>
              <th scope="col">
                <div className="lanes-head" style={{ paddingLeft: axis.left }}>
                  <span data-in-picture="">{axis.width < 190 ? '%' : '% of tokens'}</span>
                  <fieldset className="lanes-scale">
                    <legend className="visually-hidden">Axis</legend>
                    {(['root', 'linear'] as const).map((each) => (
                      <button
                        key={each}
                        type="button"
                        aria-pressed={each === scale}
                        title={each === 'root' ? 'Square-root axis' : 'Linear axis'}
                        onClick={() => onScale(each)}
                      >
                        {each === 'root' ? (
                          <>
                            √<span className="visually-hidden"> root</span>
                          </>
                        ) : (
                          'linear'
                        )}
                      </button>
                    ))}
                  </fieldset>
                </div>
              </th>
              {trailing.map(columnHead)}
            </tr>
          </thead>
          <tbody>
            {/* One flat list: in a list of lists a row that changes its place is made anew. */}
            {rows.flatMap((row, place) => {
              const skipped = row - (place === 0 ? 0 : rows[place - 1] + 1);
              const lane = lanes[row];
              return [
                skipped > 0 && <Gap key={`before ${lane.id}`} rows={skipped} span={span} />,
                <LaneRow
                  key={lane.id}
                  lane={lane}
                  row={row}
                  axis={axis}
                  nameRoom={columns.name - margin}
                  leading={leading}
                  trailing={trailing}
                  humanLabel={humanLabel}
                  unknown={unknown}
                  hatch={hatch}
                  dimmed={dimmed}
                  isLit={row === hovered}
                  note={note?.row === row ? note.text : null}
                  noteId={noteId}
                  dragOptimum={dragOptimum}
                  dragYours={dragYours}
                  onHold={(holds) => setHeldLargest(holds ? largest : null)}
                  onHover={onHover}
                  onFocused={setFocused}
                  fold={
                    folds && {
                      id: `${hatch}${lane.id}`,
                      isOpen: row === openRow,
                      onToggle: () => setUnfolded(row === openRow ? null : lane.id),
                    }
                  }
                />,
                folds && row === openRow && (
                  <tr
                    key={`of ${lane.id}`}
                    id={`${hatch}${lane.id}`}
                    className={row === hovered ? 'lanes-fold lit' : 'lanes-fold'}
                    hidden={isWhole}
                  >
                    <td colSpan={span} data-not-in-picture="">
                      {folds.cell(row)}
                    </td>
                  </tr>
                ),
              ];
            })}
            {rows.length > 0 && rows[rows.length - 1] < lanes.length - 1 && (
              <Gap rows={lanes.length - 1 - rows[rows.length - 1]} span={span} />
            )}
          </tbody>
          <tfoot>
            <tr aria-rowindex={lanes.length + 2}>
              <td colSpan={1 + leading.length}>
                <span data-in-picture="">{plural(lanes.length, 'domain')}</span>
              </td>
              <td className="numeric">
                <span data-in-picture="">
                  {lanes.every(({ optimum }) => optimum !== null) ? '100%' : ''}
                </span>
              </td>
              <td>
                <AxisLabels axis={axis} />
              </td>
              {trailing.length > 0 && <td colSpan={trailing.length} />}
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}

function columnHead({ key, label, numeric }: LaneColumn) {
  return (
    <th key={key} scope="col" className={numeric ? 'numeric' : undefined} data-not-in-picture="">
      <span>{label}</span>
    </th>
  );
}

/** The room of rows that are not drawn, since they are far from the window. */
function Gap({ rows, span }: { rows: number; span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can take the focus
    <tr aria-hidden="true">
      <td colSpan={span} className="lanes-gap" style={{ height: rows * laneHeight }} />
    </tr>
  );
}

function AxisLabels({ axis }: { axis: LaneAxis }) {
  return (
    <svg
      data-chart=""
      aria-hidden="true"
      width={axis.width}
      height={24}
      viewBox={`0 0 ${axis.width} 24`}
      fontSize={12}
      fill="var(--ink-2)"
      textAnchor="middle"
    >
      {axis.ticks.map(({ weight, label }) => (
        <text key={weight} x={axis.x(weight)} y={16}>
          {label}
        </text>
      ))}
    </svg>
  );
}

function summarise(lanes: readonly Lane[], hasOptimum: boolean): string {
  const largest = lanes
    .filter(({ optimum }) => optimum !== null)
    .sort((a, b) => (b.optimum ?? 0) - (a.optimum ?? 0))
    .slice(0, 3)
    .map(({ label, optimum }) => `${label} ${formatPercent(optimum ?? 0, 1)}`);
  const weights =
    largest.length > 0
      ? `Largest: ${largest.join(', ')}.`
      : hasOptimum
        ? 'No optimum yet.'
        : 'No optimum.';
  const binding = lanes.filter((lane) => lane.binding).length;
  const pinned = lanes.filter((lane) => lane.pinned).length;
  const pins = pinned > 0 ? `, ${pinned} pinned` : '';
  return `Weights of ${lanes.length} domains. ${weights} ${binding} at their limit${pins}.`;
}
