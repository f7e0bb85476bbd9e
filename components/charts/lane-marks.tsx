/** What is drawn on a lane, and the legend of it. */
import { formatPercent } from '../../lib/model/format';
import { type Lane, type LaneAxis, laneHeight, triangle } from './lanes-geometry';

/** Height of a lane's drawing: the row less its rule. */
const drawn = laneHeight - 1;
const middle = drawn / 2;

/** A diamond and a cross round a point: the same in lanes and legend. */
const diamond = (x: number, y: number) => `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`;
const cross = (x: number, y: number) => `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`;
const ring = { fill: 'none', stroke: 'var(--ink-2)', strokeWidth: 1.2, strokeDasharray: '2.5 2' };
/** A cap by what was tried is dashed: in lanes and legend. */
const triedDashes = '3 2';
const wallWidth = 7;
const wallGap = 7;

/** All marks of one lane. */
export function Marks({
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
export function Legend({
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
