'use client';

/**
 * Mixtures as a table: a row per domain, and in its last column a lane on which every mixture is a mark. The
 * layout is in lanes-geometry.ts.
 */
import {
  type CSSProperties,
  type ReactNode,
  Suspense,
  use,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatPercent, plural } from '../../lib/model/format';
import { lazyPart } from '../ui/lazy-part';
import { WholePicture } from './chart-frame';
import type { LaneDrag } from './lane-grip';
import {
  type Lane,
  type LaneAxis,
  type LaneScale,
  laneAxis,
  laneColumns,
  laneHeight,
  largestWeight,
  nameMargin,
  rowsInWindow,
  triangle,
} from './lanes-geometry';
import { useWidth } from './plot-box';
import { scrollFrom } from './row-height';
import { shorten, textWidth } from './text-fit';

// The marks can be read before they can be dragged.
const LaneGrip = lazyPart(
  () => import('./lane-grip'),
  () => null,
);

const initialWidth = 480;
/** Height of the window on more rows than fit, in pixels: see `.lanes-scroll`. */
const windowHeight = 640;
/** Height of a lane's drawing: the row less its rule. */
const drawn = laneHeight - 1;
const middle = drawn / 2;

/** A further column, beside the lane: its cells may be edited. */
export interface LaneColumn {
  readonly key: string;
  readonly label: string;
  /** Pixels. */
  readonly width: number;
  readonly numeric?: boolean;
  /** Width of the table from which the column is shown, in pixels; 0 = always. */
  readonly from: number;
  readonly cell: (row: number) => ReactNode;
}

/**
 * Domain weights as positions: colour is the domain, shape is the mixture. The optimum is a dot on the range of
 * its refits, the prior a tick, the human mixture a diamond, the reader's a triangle, the former optimum a
 * dashed ring, the true best a cross. A lane ends at its cap, with a hatched wall where that binds.
 */
export function Lanes({
  lanes,
  before = [],
  after = [],
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
  /** Name of the human mixture; null when there is none. */
  humanLabel: string | null;
  scale: LaneScale;
  onScale: (scale: LaneScale) => void;
  /** Draws the marks faintly, because the optimum was found for limits that have changed since. */
  dimmed?: boolean;
  /** Whether there is an optimum to draw, or will be. */
  hasOptimum?: boolean;
  /** A text beside the dot of a row; null = none. */
  note?: { readonly row: number; readonly text: string } | null;
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
  const lastScroll = useRef(0);
  const [leading, trailing] = [before, after].map((columns) =>
    columns.filter(({ from }) => width >= from),
  );
  const others = [...leading, ...trailing].reduce((sum, column) => sum + column.width, 0);
  const columns = useMemo(
    () =>
      laneColumns(
        lanes.map(({ label }) => label),
        width,
        others,
      ),
    [lanes, width, others],
  );
  const largest = heldLargest ?? largestWeight(lanes);
  const axis = useMemo(
    () => laneAxis(scale, largest, columns.lane),
    [scale, largest, columns.lane],
  );
  const scrolls = lanes.length > scrollFrom && !isWhole;
  const rows = isWhole
    ? lanes.map((_, row) => row)
    : rowsInWindow(lanes.length, scrolled, windowHeight, [focused, note?.row ?? null]);
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
            {rows.map((row, place) => {
              const skipped = row - (place === 0 ? 0 : rows[place - 1] + 1);
              const lane = lanes[row];
              return [
                skipped > 0 && <Gap key={`before ${lane.id}`} rows={skipped} span={span} />,
                <LaneRow
                  key={lane.id}
                  lane={lane}
                  row={row}
                  axis={axis}
                  nameWidth={columns.name}
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
                />,
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

/** Everything that a lane shows, in words. */
function inWords(lane: Lane, humanLabel: string | null): string {
  const percent = (weight: number) => formatPercent(weight, 1);
  const parts: string[] = [];
  if (lane.pinned) parts.push('pinned');
  if (lane.low !== null && lane.high !== null) {
    parts.push(`refits ${percent(lane.low)} to ${percent(lane.high)}`);
  }
  parts.push(`prior ${percent(lane.prior)}`);
  if (lane.human !== null) parts.push(`${humanLabel ?? 'human'} ${percent(lane.human)}`);
  if (lane.yours !== null) parts.push(`yours ${percent(lane.yours)}`);
  if (lane.former !== null) parts.push(`before the last edit ${percent(lane.former)}`);
  if (lane.truth !== null) parts.push(`true best ${percent(lane.truth)}`);
  if (lane.lower > 0) parts.push(`at least ${percent(lane.lower)}`);
  if (lane.upper < 1) parts.push(`${lane.tried ? 'largest tried' : 'cap'} ${percent(lane.upper)}`);
  if (lane.binding) parts.push('its limit binds');
  return parts.join(', ');
}

function LaneRow({
  lane,
  row,
  axis,
  nameWidth,
  leading,
  trailing,
  humanLabel,
  unknown,
  hatch,
  dimmed,
  isLit,
  note,
  noteId,
  dragOptimum,
  dragYours,
  onHold,
  onHover,
  onFocused,
}: {
  lane: Lane;
  row: number;
  axis: LaneAxis;
  /** Pixels. */
  nameWidth: number;
  leading: readonly LaneColumn[];
  trailing: readonly LaneColumn[];
  humanLabel: string | null;
  /** Stands for the optimum's weight where there is none. */
  unknown: string;
  /** Id of the hatch pattern. */
  hatch: string;
  dimmed: boolean;
  isLit: boolean;
  note: string | null;
  noteId: string;
  dragOptimum: LaneDrag | undefined;
  dragYours: LaneDrag | undefined;
  onHold: (holds: boolean) => void;
  onHover: (row: number | null) => void;
  onFocused: (row: number | null) => void;
}) {
  const { label, optimum, yours, reach } = lane;
  const shown = shorten(label, 13, nameWidth - nameMargin);
  const isShort = shown !== label;
  // Weights that round to zero are faint, so that the mixture reads at a glance.
  const weighs = optimum !== null && optimum >= 0.0005;
  const cell = (column: LaneColumn) => (
    <td key={column.key} className={column.numeric ? 'numeric' : undefined} data-not-in-picture="">
      {column.cell(row)}
    </td>
  );
  return (
    <tr
      aria-rowindex={row + 2}
      className={isLit ? 'lit' : undefined}
      onPointerEnter={() => onHover(row)}
      onPointerDown={() => onHover(row)}
      onFocus={() => {
        onFocused(row);
        onHover(row);
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        onFocused(null);
        onHover(null);
      }}
    >
      <th scope="row" title={isShort ? label : undefined}>
        <div className="lanes-name">
          <svg data-chart="" aria-hidden="true" width={10} height={10} viewBox="0 0 10 10">
            <rect
              x={0.5}
              y={0.5}
              width={9}
              height={9}
              rx={2}
              fill={lane.color}
              stroke="var(--ink)"
              strokeOpacity={0.35}
            />
          </svg>
          {isShort && <span className="visually-hidden">{label}</span>}
          <span data-in-picture="" aria-hidden={isShort}>
            {shown}
          </span>
        </div>
      </th>
      {leading.map(cell)}
      <td className={weighs ? 'numeric lanes-weight' : 'numeric quiet'}>
        <span data-in-picture="">
          {optimum === null ? unknown : weighs ? formatPercent(optimum, 1) : '0%'}
        </span>
      </td>
      <td className="lanes-lane">
        <Marks lane={lane} axis={axis} hatch={hatch} dimmed={dimmed} />
        <span className="visually-hidden">{inWords(lane, humanLabel)}</span>
        <Suspense>
          {dragYours && yours !== null && (
            <LaneGrip
              name={`Yours, ${label}`}
              shape="yours"
              color="var(--yours)"
              weight={yours}
              text={formatPercent(yours, 1)}
              reach={[0, 1]}
              row={row}
              axis={axis}
              drag={dragYours}
              onHold={onHold}
            />
          )}
          {dragOptimum && optimum !== null && reach && (
            <LaneGrip
              name={`Optimum, ${label}`}
              shape="optimum"
              color={lane.color}
              weight={optimum}
              text={`${formatPercent(optimum, 1)}${lane.pinned ? ', pinned' : ''}`}
              described={note === null ? undefined : noteId}
              reach={reach}
              row={row}
              axis={axis}
              drag={dragOptimum}
              onHold={onHold}
            />
          )}
        </Suspense>
        {note !== null && (
          <div id={noteId} className="lanes-note" style={notePlace(note, optimum ?? 0, axis)}>
            {note}
          </div>
        )}
      </td>
      {trailing.map(cell)}
    </tr>
  );
}

/** Room between a dot and the note on it, in pixels. */
const noteGap = 22;

/** Beside the dot where there is room, else under the row. */
function notePlace(text: string, weight: number, axis: LaneAxis): CSSProperties {
  const needed = textWidth(text, 12) + 16;
  const x = axis.x(weight);
  if (x + noteGap + needed <= axis.width) return { left: x + noteGap, top: 3 };
  if (x - noteGap - needed >= 0) return { right: axis.width - x + noteGap, top: 3 };
  return { right: 0, top: laneHeight };
}

/** A diamond and a cross round a point: the same in lanes and legend. */
const diamond = (x: number, y: number) => `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`;
const cross = (x: number, y: number) => `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`;
const ring = { fill: 'none', stroke: 'var(--ink-2)', strokeWidth: 1.2, strokeDasharray: '2.5 2' };
/** A cap by what was tried is dashed: in lanes and legend. */
const triedDashes = '3 2';
const wallWidth = 7;
const wallGap = 7;

/** All marks of one lane. */
function Marks({
  lane,
  axis,
  hatch,
  dimmed,
}: {
  lane: Lane;
  axis: LaneAxis;
  hatch: string;
  dimmed: boolean;
}) {
  const { x, width } = axis;
  const { optimum, prior, human, yours, truth, former, low, high, lower, upper, binding } = lane;
  const isCapped = upper < 1 && upper <= axis.largest;
  const end = x(Math.min(upper, axis.largest));
  const atFloor = binding && lower > 0 && (optimum ?? 0) - lower < upper - (optimum ?? 0);
  const weighs = optimum !== null && optimum >= 0.0005;
  const at = x(optimum ?? 0);
  // Behind the dot that it stops.
  const wall = atFloor ? x(lower) - wallGap : end + wallGap;
  const capName = lane.tried ? 'largest tried' : 'cap';
  return (
    <svg
      data-chart=""
      aria-hidden="true"
      width={width}
      height={drawn}
      viewBox={`0 0 ${width} ${drawn}`}
      fill="none"
    >
      {axis.ticks.map(({ weight }) => (
        <path key={weight} d={`M${x(weight)} 0V${drawn}`} stroke="var(--line)" />
      ))}
      <g opacity={dimmed ? 0.4 : undefined}>
        <path d={`M${axis.left} ${middle}H${end}`} stroke="var(--ink-2)" strokeOpacity={0.45} />
        {isCapped && (
          <path
            data-mark="cap"
            d={`M${end} ${middle - 5}v10`}
            stroke="var(--ink-2)"
            strokeDasharray={lane.tried ? triedDashes : undefined}
          >
            <title>{`${capName} ${formatPercent(upper, 1)}`}</title>
          </path>
        )}
        {lower > 0 && (
          <path
            data-mark="floor"
            d={`M${x(lower) + 4} ${middle - 7}h-4v14h4`}
            stroke="var(--ink-2)"
          >
            <title>{`at least ${formatPercent(lower, 1)}`}</title>
          </path>
        )}
        {binding && (
          <g data-mark="binding">
            <rect
              x={atFloor ? wall - wallWidth : wall}
              y={middle - 8.5}
              width={wallWidth}
              height={17}
              fill={`url(#${hatch})`}
            />
            <path d={`M${wall} ${middle - 8.5}v17`} stroke="var(--binding)" strokeWidth={1.5} />
          </g>
        )}
        {former !== null && optimum !== null && (
          <g data-mark="former">
            <path
              d={`M${x(former)} ${middle}H${at}`}
              stroke="var(--ink-2)"
              strokeDasharray={ring.strokeDasharray}
            />
            <circle cx={x(former)} cy={middle} r={5.5} {...ring} fill="var(--paper)">
              <title>{`before the last edit ${formatPercent(former, 1)}`}</title>
            </circle>
          </g>
        )}
        {low !== null && high !== null && optimum !== null && (
          <path
            data-mark="refits"
            d={`M${x(low)} ${middle}H${x(high)}`}
            stroke={lane.color}
            strokeOpacity={0.45}
            strokeWidth={6}
            strokeLinecap="round"
          />
        )}
        <path
          data-mark="prior"
          d={`M${x(prior)} ${middle - 7}v14`}
          stroke="var(--ink-2)"
          strokeWidth={2}
        >
          <title>{`prior ${formatPercent(prior, 1)}`}</title>
        </path>
        {human !== null && (
          <path
            data-mark="human"
            d={diamond(x(human), middle)}
            fill="var(--paper)"
            stroke="var(--human)"
            strokeWidth={1.5}
          >
            <title>{`human ${formatPercent(human, 1)}`}</title>
          </path>
        )}
        {optimum !== null && (
          <circle
            data-mark="optimum"
            cx={at}
            cy={middle}
            r={weighs ? 6.5 : 4}
            fill={lane.color}
            stroke="var(--ink)"
            strokeOpacity={lane.pinned ? 1 : 0.45}
            strokeWidth={lane.pinned ? 2 : 1}
          />
        )}
        {yours !== null && (
          <path
            data-mark="yours"
            d={triangle(x(yours), middle)}
            fill="var(--yours)"
            stroke="var(--paper)"
          >
            <title>{`yours ${formatPercent(yours, 1)}`}</title>
          </path>
        )}
        {truth !== null && (
          <g data-mark="truth">
            <path d={cross(x(truth), middle)} stroke="var(--paper)" strokeWidth={4} />
            <path d={cross(x(truth), middle)} stroke="var(--ink)" strokeWidth={1.8} />
            <title>{`true best ${formatPercent(truth, 1)}`}</title>
          </g>
        )}
        {lane.pinned && optimum !== null && <Pin x={at} y={middle} />}
      </g>
    </svg>
  );
}

/** A needle through a dot: its weight is fixed. */
function Pin({ x, y }: { x: number; y: number }) {
  return (
    <g data-mark="pin">
      <path d={`M${x} ${y - 2}v${13}`} stroke="var(--ink)" strokeWidth={2} strokeLinecap="round" />
      <circle cx={x} cy={y - 2} r={2.6} fill="var(--ink)" stroke="var(--paper)" />
    </g>
  );
}

type Sampled =
  | 'optimum'
  | 'refits'
  | 'former'
  | 'prior'
  | 'human'
  | 'yours'
  | 'truth'
  | 'cap'
  | 'tried'
  | 'floor'
  | 'binding'
  | 'pin';

/** Every mark that occurs in the lanes, as it looks there. The colours are the domains'. */
function Legend({
  lanes,
  humanLabel,
  hasOptimum,
  hatch,
}: {
  lanes: readonly Lane[];
  humanLabel: string | null;
  hasOptimum: boolean;
  hatch: string;
}) {
  const has = (test: (lane: Lane) => boolean) => lanes.some(test);
  const items: readonly (readonly [Sampled, string, boolean])[] = [
    ['optimum', 'optimum', hasOptimum],
    ['refits', '90% of refits', has(({ high }) => high !== null)],
    ['former', 'before the last edit', has(({ former }) => former !== null)],
    ['prior', 'prior', true],
    ['human', humanLabel ?? 'human', has(({ human }) => human !== null)],
    ['yours', 'yours', has(({ yours }) => yours !== null)],
    ['truth', 'true best', has(({ truth }) => truth !== null)],
    ['cap', 'cap', has(({ upper, tried }) => upper < 1 && !tried)],
    ['tried', 'largest tried', has(({ upper, tried }) => upper < 1 && tried)],
    ['floor', 'floor', has(({ lower }) => lower > 0)],
    ['binding', 'limit binds', has(({ binding }) => binding)],
    ['pin', 'pinned', has(({ pinned }) => pinned)],
  ];
  return (
    <ul className="lanes-legend">
      {items.map(([mark, label, occurs], place) =>
        occurs ? (
          <li key={mark}>
            <svg data-chart="" aria-hidden="true" width={18} height={18} viewBox="0 0 18 18">
              {/* The first sample holds the pattern of all drawings; the prior's is always there. */}
              {items[place][0] === 'prior' && (
                <defs>
                  <pattern
                    id={hatch}
                    width={4}
                    height={4}
                    patternUnits="userSpaceOnUse"
                    patternTransform="rotate(45)"
                  >
                    <rect width={1.8} height={4} fill="var(--binding)" />
                  </pattern>
                </defs>
              )}
              <Sample mark={mark} hatch={hatch} />
            </svg>
            <span data-in-picture="">{label}</span>
          </li>
        ) : null,
      )}
    </ul>
  );
}

function Sample({ mark, hatch }: { mark: Sampled; hatch: string }) {
  const line = { fill: 'none', stroke: 'var(--ink-2)' };
  switch (mark) {
    case 'optimum':
      return <circle cx={9} cy={9} r={6} fill="var(--ink-2)" />;
    case 'refits':
      return (
        <path d="M4 9h10" {...line} strokeOpacity={0.45} strokeWidth={6} strokeLinecap="round" />
      );
    case 'former':
      return <circle cx={9} cy={9} r={5.5} {...ring} />;
    case 'prior':
      return <path d="M9 2v14" {...line} strokeWidth={2} />;
    case 'human':
      return <path d={diamond(9, 9)} fill="none" stroke="var(--human)" strokeWidth={1.5} />;
    case 'yours':
      return <path d={triangle(9, 8.5)} fill="var(--yours)" />;
    case 'truth':
      return <path d={cross(9, 9)} fill="none" stroke="var(--ink)" strokeWidth={1.8} />;
    case 'cap':
      return <path d="M1 9h11M12 4v10" {...line} />;
    case 'tried':
      return (
        <>
          <path d="M1 9h11" {...line} />
          <path d="M12 4v10" {...line} strokeDasharray={triedDashes} />
        </>
      );
    case 'floor':
      return <path d="M12 2h-4v14h4" {...line} />;
    case 'binding':
      return (
        <>
          <rect x={6} y={1} width={wallWidth} height={16} fill={`url(#${hatch})`} />
          <path d="M6 1v16" stroke="var(--binding)" strokeWidth={1.5} />
        </>
      );
    case 'pin':
      return <Pin x={9} y={5} />;
  }
}
