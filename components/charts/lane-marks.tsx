/** What is drawn on a lane, and the legend of it. */
import { formatPercent } from '../../lib/model/format';
import { type Lane, type LaneAxis, laneHeight } from './lanes-geometry';
import {
  FormerMark,
  formerDashes,
  HumanMark,
  OptimumMark,
  PriorMark,
  TruthMark,
  YoursMark,
} from './marks';

/** Height of a lane's drawing: the row less its rule. */
const drawn = laneHeight - 1;
const middle = drawn / 2;

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
          <>
            <path
              d={`M${x(former)} ${middle}H${at}`}
              stroke="var(--ink-2)"
              strokeDasharray={formerDashes}
            />
            <FormerMark x={x(former)} y={middle} color={lane.color}>
              <title>{`before the last edit ${formatPercent(former, 1)}`}</title>
            </FormerMark>
          </>
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
        <PriorMark x={x(prior)} y={middle} size={7}>
          <title>{`prior ${formatPercent(prior, 1)}`}</title>
        </PriorMark>
        {human !== null && (
          <HumanMark x={x(human)} y={middle}>
            <title>{`human ${formatPercent(human, 1)}`}</title>
          </HumanMark>
        )}
        {optimum !== null && (
          <OptimumMark x={at} y={middle} size={weighs ? 6.5 : 4} color={lane.color} isOutlined />
        )}
        {yours !== null && (
          <YoursMark x={x(yours)} y={middle}>
            <title>{`yours ${formatPercent(yours, 1)}`}</title>
          </YoursMark>
        )}
        {truth !== null && (
          <TruthMark x={x(truth)} y={middle}>
            <title>{`true best ${formatPercent(truth, 1)}`}</title>
          </TruthMark>
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
      return <OptimumMark x={9} y={9} size={6} color="var(--ink-2)" />;
    case 'refits':
      return (
        <path d="M4 9h10" {...line} strokeOpacity={0.45} strokeWidth={6} strokeLinecap="round" />
      );
    case 'former':
      return <FormerMark x={9} y={9} />;
    case 'prior':
      return <PriorMark x={9} y={9} size={7} />;
    case 'human':
      return <HumanMark x={9} y={9} />;
    case 'yours':
      return <YoursMark x={9} y={8.5} />;
    case 'truth':
      return <TruthMark x={9} y={9} />;
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
