/** The SVG parts of the ternary chart: contours, forbidden area, edges, runs, marks and legend. */
import { scaleLinear } from 'd3-scale';
import { memo } from 'react';
import { formatNumber, formatPercent } from '../../lib/model/format';
import { ColorBar, colorBarHeight } from './color-bar';
import { FormerMark, HumanMark, OptimumMark, PriorMark } from './marks';
import { axisTitle } from './plot-geometry';
import { roundMark } from './rounds';
import {
  contourPaths,
  gridPoints,
  placeOf,
  sharesOf,
  type TernaryFrame,
  type Triple,
} from './ternary-geometry';
import { shorten, textWidth } from './text-fit';

/** A run with its weights of the three domains; they need not sum to 1. */
export interface TernaryRun {
  readonly id: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly round: number;
  /** Whether the run is outside a brush. */
  readonly dimmed: boolean;
}

/** Filled bands between levels, and the lines between them. */
export const Contours = memo(function Contours({
  frame,
  steps,
  values,
  levels,
  direction,
}: {
  frame: TernaryFrame;
  steps: number;
  values: Float64Array;
  levels: readonly number[];
  direction: 'lower' | 'higher';
}) {
  const { bands, lines } = contourPaths(frame, steps, values, levels);
  return (
    <g>
      {bands.map((path, band) => (
        <path key={levels[band]} d={path} {...bandFill(band, bands.length, direction)} />
      ))}
      {lines.map((path, line) => (
        <path
          key={levels[line + 1]}
          d={path}
          fill="none"
          stroke="#ffffff"
          strokeOpacity={0.55}
          strokeWidth={0.7}
        />
      ))}
    </g>
  );
});

/** Hatches the mixtures that the limits do not allow, on a coarse grid. */
export const Forbidden = memo(function Forbidden({
  frame,
  scale,
  allowed,
  hatch,
}: {
  frame: TernaryFrame;
  scale: number;
  allowed: (weights: Triple) => boolean;
  hatch: string;
}) {
  const cells = 40;
  const points = gridPoints(cells);
  const forbidden = points.filter(([a, b, c]) => !allowed([a * scale, b * scale, c * scale]));
  if (forbidden.length === 0 || forbidden.length === points.length) return null;
  const half = frame.side / cells / 2 + 0.5;
  const [left, right, top] = frame.corners;
  const clip = `${hatch}clip`;
  return (
    <>
      <clipPath id={clip}>
        <path d={`M${left.join(' ')}L${right.join(' ')}L${top.join(' ')}Z`} />
      </clipPath>
      <path
        clipPath={`url(#${clip})`}
        fill={`url(#${hatch})`}
        d={forbidden
          .map((shares) => {
            const [x, y] = placeOf(frame, shares);
            return `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`;
          })
          .join('')}
      />
    </>
  );
});

/** The triangle with its ticks, the names of its corners, and a note on how to read its edges. */
export function Edges({
  frame,
  corners,
  scale,
  width,
}: {
  frame: TernaryFrame;
  corners: readonly [string, string, string];
  scale: number;
  width: number;
}) {
  const [left, right, top] = frame.corners;
  const ticks = [0.2, 0.4, 0.6, 0.8];
  const percent = (share: number) => formatPercent(share * scale, scale < 0.1 ? 1 : 0);
  return (
    <g>
      <path
        d={`M${left.join(' ')}L${right.join(' ')}L${top.join(' ')}Z`}
        fill="none"
        stroke="var(--ink)"
      />
      <g fill="var(--ink-2)">
        {ticks.map((share) => {
          const below = placeOf(frame, [1 - share, share, 0]);
          const beside = placeOf(frame, [0, 1 - share, share]);
          const other = placeOf(frame, [share, 0, 1 - share]);
          return (
            <g key={share}>
              <text x={below[0]} y={below[1] + 15} textAnchor="middle">
                {percent(share)}
              </text>
              <text x={beside[0] + 6} y={beside[1] + 4}>
                {percent(share)}
              </text>
              <text x={other[0] - 6} y={other[1] + 4} textAnchor="end">
                {percent(share)}
              </text>
            </g>
          );
        })}
      </g>
      <g fontWeight={600}>
        <text x={top[0]} y={top[1] - 20} textAnchor="middle">
          {shorten(corners[2], 12, width)}
        </text>
        <text x={Math.max(0, left[0] - 40)} y={left[1] + 34}>
          {shorten(corners[0], 12, width / 2.2)}
        </text>
        <text x={Math.min(width, right[0] + 40)} y={right[1] + 34} textAnchor="end">
          {shorten(corners[1], 12, width / 2.2)}
        </text>
      </g>
      <text x={(left[0] + right[0]) / 2} y={left[1] + 50} textAnchor="middle" fill="var(--ink-2)">
        {edgeNotes.find((note) => textWidth(note, 12) <= width) ?? edgeNotes[1]}
      </text>
    </g>
  );
}

/** How to read the edges; the second text is for charts too narrow for the first. */
const edgeNotes = [
  'each edge: % of tokens, towards the corner it leads to',
  '% of tokens, towards each corner',
] as const;

/**
 * The contours are the same in both themes, so marks on them must not become light in the dark one.
 */
const firstRoundInk = '#16181d';

export const Runs = memo(function Runs({
  frame,
  runs,
  picked,
}: {
  frame: TernaryFrame;
  runs: readonly TernaryRun[];
  picked: string | null;
}) {
  return (
    <g stroke="#ffffff" strokeWidth={0.7}>
      {runs.map(({ id, a, b, c, round, dimmed }) => {
        const shares = sharesOf([a, b, c]);
        if (!shares) return null;
        const [x, y] = placeOf(frame, shares);
        const { color, shape } = roundMark(round);
        const weight = Math.min(1, a + b + c);
        const isPicked = id === picked;
        return (
          <path
            key={id}
            d={shape(x, y, isPicked ? 5 : 1.6 + 1.6 * weight)}
            fill={round === 0 ? firstRoundInk : color}
            fillOpacity={isPicked ? 1 : (0.25 + 0.6 * weight) * (dimmed ? 0.3 : 1)}
            strokeOpacity={dimmed ? 0.2 : 1}
          />
        );
      })}
    </g>
  );
});

/** A mixture's shares of the three; not drawn where it has no weight in them. */
export function Mark({
  frame,
  weights,
  name,
}: {
  frame: TernaryFrame;
  weights: Triple | null;
  name: 'prior' | 'human' | 'former' | 'optimum';
}) {
  const shares = sharesOf(weights);
  if (!shares) return null;
  const [x, y] = placeOf(frame, shares);
  const place = { x, y, edge: markEdge };
  const title = <title>{name === 'former' ? 'the optimum before the last edit' : name}</title>;
  if (name === 'human') return <HumanMark {...place}>{title}</HumanMark>;
  if (name === 'former') {
    // A mixture has the colours of all its domains, so it has none here.
    return (
      <FormerMark {...place} size={6.5} ink={firstRoundInk}>
        {title}
      </FormerMark>
    );
  }
  return name === 'optimum' ? (
    <OptimumMark {...place} size={6.5} color={firstRoundInk}>
      {title}
    </OptimumMark>
  ) : (
    <PriorMark {...place} cross>
      {title}
    </PriorMark>
  );
}

/** The contours are the same in both themes, and so is what sets marks off from them. */
export const markEdge = '#ffffff';

/** The better, the lighter. A thin line of the same colour hides the seams between triangles. */
function bandFill(band: number, count: number, direction: 'lower' | 'higher') {
  const share = count < 2 ? 0.5 : band / (count - 1);
  const color = sequentialColor(direction === 'lower' ? 1 - share : share);
  return { fill: color, stroke: color, strokeWidth: 0.4 };
}

/** The legend of a triangle's colours: a separate drawing below it; none before there is a prediction. */
export function TernaryLegend({
  levels,
  direction,
  quantity,
  unit,
  width,
}: {
  /** Ends of the bands, ascending. */
  levels: readonly number[];
  direction: 'lower' | 'higher';
  quantity: string;
  unit: string;
  /** Pixels. */
  width: number;
}) {
  if (levels.length < 2) return null;
  const [low, high] = [levels[0], levels[levels.length - 1]];
  const span = high - low;
  const decimals = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.max(span, 1e-9)))));
  const at = (level: number) => (span > 0 ? (level - low) / span : 0);
  const length = Math.min(320, width - 2);
  return (
    <svg
      data-chart=""
      viewBox={`0 0 ${width} ${colorBarHeight}`}
      height={colorBarHeight}
      aria-hidden="true"
    >
      <ColorBar
        x={(width - length) / 2}
        y={1}
        length={length}
        stretches={levels.slice(0, -1).map((level, band) => ({
          from: at(level),
          to: at(levels[band + 1]),
          color: bandFill(band, levels.length - 1, direction).fill,
        }))}
        ticks={levels.map((level) => ({ at: at(level), label: formatNumber(level, decimals) }))}
        title={shorten(`predicted ${axisTitle(quantity, unit, direction)}`, 12, length)}
      />
    </svg>
  );
}

/**
 * Stops of viridis (van der Walt and Smith 2015): lightness rises evenly, distinguishable with
 * every colour vision.
 */
const ramp = scaleLinear<string>()
  .domain([0, 0.25, 0.5, 0.75, 1])
  .range(['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'])
  .clamp(true);

/** The colour of a magnitude, 0..1, the same in both themes. */
function sequentialColor(share: number): string {
  return ramp(share);
}
