'use client';

/** One domain of a table of lanes: its name, its cells, and the lane with its grips. */
import { type CSSProperties, Suspense, useState } from 'react';
import { formatPercent } from '../../lib/model/format';
import { lazyPart } from '../ui/lazy-part';
import type { LaneDrag } from './lane-grip';
import { Marks } from './lane-marks';
import {
  type Lane,
  type LaneAxis,
  type LaneColumn,
  type LaneNote,
  laneHeight,
  placeBetweenMarks,
  snapped,
} from './lanes-geometry';
import { shorten, textWidth } from './text-fit';

// The marks can be read before they can be dragged.
const LaneGrip = lazyPart(
  () => import('./lane-grip'),
  () => null,
);

export function LaneRow({
  lane,
  row,
  axis,
  nameRoom,
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
  fold,
}: {
  lane: Lane;
  row: number;
  axis: LaneAxis;
  /** Pixels for the name's text. */
  nameRoom: number;
  leading: readonly LaneColumn[];
  trailing: readonly LaneColumn[];
  humanLabel: string | null;
  /** Stands for the optimum's weight where there is none. */
  unknown: string;
  /** Id of the hatch pattern. */
  hatch: string;
  dimmed: boolean;
  isLit: boolean;
  note: LaneNote['text'] | null;
  noteId: string;
  dragOptimum: LaneDrag | undefined;
  dragYours: LaneDrag | undefined;
  onHold: (holds: boolean) => void;
  onHover: (row: number | null) => void;
  onFocused: (row: number | null) => void;
  /** Makes the name a button that unfolds the row; null = it does not. */
  fold: { readonly id: string; readonly isOpen: boolean; readonly onToggle: () => void } | null;
}) {
  const { label, optimum, yours, reach } = lane;
  /** The weight under the pointer. */
  const [aimed, setAimed] = useState<number | null>(null);
  const said = note?.(aimed) ?? null;
  const shown = shorten(label, 13, nameRoom);
  const isShort = shown !== label;
  // Weights that round to zero are faint, so that the mixture reads at a glance.
  const weighs = optimum !== null && optimum >= 0.0005;
  const cell = (column: LaneColumn) => (
    <td key={column.key} className={column.numeric ? 'numeric' : undefined} data-not-in-picture="">
      {column.cell(row)}
    </td>
  );
  const name = (
    <>
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
    </>
  );
  return (
    <tr
      aria-rowindex={row + 2}
      className={isLit ? 'lit' : undefined}
      onPointerEnter={() => onHover(row)}
      // Rows may have changed places under a pointer that lies still.
      onPointerMove={() => {
        if (!isLit) onHover(row);
      }}
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
        {fold ? (
          <button
            type="button"
            className="lanes-name"
            aria-expanded={fold.isOpen}
            aria-controls={fold.isOpen ? fold.id : undefined}
            onClick={fold.onToggle}
          >
            {name}
          </button>
        ) : (
          <div className="lanes-name">{name}</div>
        )}
      </th>
      {leading.map(cell)}
      <td className={weighs ? 'numeric lanes-weight' : 'numeric quiet'}>
        <span data-in-picture="">
          {optimum === null ? unknown : weighs ? formatPercent(optimum, 1) : '0%'}
        </span>
      </td>
      <td
        className="lanes-lane"
        onPointerMove={(event) => {
          if (!reach || note === null) return;
          const box = event.currentTarget.getBoundingClientRect();
          const at = ((event.clientX - box.left) / box.width) * axis.width;
          const isAtDot = Math.abs(at - axis.x(optimum ?? 0)) < dotReach;
          setAimed(isAtDot ? null : snapped(axis.weightAt(at), reach));
        }}
        onPointerLeave={() => setAimed(null)}
      >
        <Marks lane={lane} axis={axis} hatch={hatch} dimmed={dimmed} />
        <span className="visually-hidden">{inWords(lane, humanLabel)}</span>
        <Suspense>
          {dragYours && yours !== null && (
            <LaneGrip
              name={`Yours, ${label}`}
              shape="yours"
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
              described={said === null ? undefined : noteId}
              reach={reach}
              row={row}
              axis={axis}
              drag={dragOptimum}
              onHold={onHold}
            />
          )}
        </Suspense>
        {said !== null && aimed !== null && !lane.pinned && (
          <span className="lanes-aim" style={{ left: axis.x(aimed) }} />
        )}
        {said !== null && (
          <div id={noteId} className="lanes-note" style={notePlace(said, lane, axis)}>
            {said}
          </div>
        )}
      </td>
      {trailing.map(cell)}
    </tr>
  );
}

/** Between the marks of the row where there is room, else under it. */
function notePlace(text: string, lane: Lane, axis: LaneAxis): CSSProperties {
  const needed = textWidth(text, 12) + 18;
  const left = placeBetweenMarks(lane, axis, needed);
  if (left !== null) return { left, top: 3 };
  // It may reach beyond the lane to its left, never to its right.
  return {
    right: Math.max(0, axis.width - axis.x(lane.optimum ?? 0) - needed / 2),
    top: laneHeight,
  };
}

/** Pixels from the dot within which the dot itself is meant. */
const dotReach = 12;

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
