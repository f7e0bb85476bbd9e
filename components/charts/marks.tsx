/**
 * The marks of mixtures, the same in every chart: colour is the domain, shape is the mixture. The optimum is a
 * dot, the prior a tick (a cross where both axes count), the human mixture a diamond, the reader's a triangle.
 */
import type { ReactNode } from 'react';

interface MarkProps {
  /** The centre, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half of the height, in pixels. */
  readonly size?: number;
  /** What surrounds the mark; the paper by default. */
  readonly edge?: string;
  /** A `title`. */
  readonly children?: ReactNode;
}

/** @param color of the domain; ink where the mark is of no single domain */
export function OptimumMark({
  x,
  y,
  size = 5.5,
  edge = 'var(--paper)',
  color = 'var(--ink)',
  children,
}: MarkProps & { readonly color?: string }) {
  return (
    <circle
      data-mark="optimum"
      cx={x}
      cy={y}
      r={size}
      fill={color}
      stroke={edge}
      strokeWidth={size < 4 ? 1 : 1.5}
    >
      {children}
    </circle>
  );
}

/** A tick on an axis of weights; a cross where both directions count. */
export function PriorMark({
  x,
  y,
  size = 6,
  edge = 'var(--paper)',
  cross = false,
  children,
}: MarkProps & { readonly cross?: boolean }) {
  const path = `M${x} ${y - size}v${2 * size}${cross ? `M${x - size} ${y}h${2 * size}` : ''}`;
  return (
    <g data-mark="prior" fill="none">
      <path d={path} stroke={edge} strokeWidth={4.5} />
      <path d={path} stroke="var(--prior)" strokeWidth={2.2} />
      {children}
    </g>
  );
}

export function HumanMark({ x, y, size = 5.5, edge = 'var(--paper)', children }: MarkProps) {
  return (
    <path
      data-mark="human"
      d={`M${x} ${y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`}
      fill="var(--human)"
      stroke={edge}
    >
      {children}
    </path>
  );
}

export function YoursMark({ x, y, size = 6, edge = 'var(--paper)', children }: MarkProps) {
  return (
    <path
      data-mark="yours"
      d={`M${x} ${y - size}l${size * 1.1} ${size * 1.8}h${-2.2 * size}z`}
      fill="var(--yours)"
      stroke={edge}
      strokeWidth={1.5}
    >
      {children}
    </path>
  );
}
