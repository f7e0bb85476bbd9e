/**
 * The marks of mixtures, the same in every chart: colour is the domain, shape is the mixture. The optimum is a
 * dot, the former one a dashed ring, the prior a tick (a cross where both axes count), the human mixture a
 * diamond, the reader's a triangle, the true best a cross lying down.
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

/**
 * @param color of the domain; ink where the mark is of no single domain
 * @param isOutlined whether ink surrounds it, faintly: light colours need it where the paper is light
 */
export function OptimumMark({
  x,
  y,
  size = 5.5,
  edge = 'var(--paper)',
  color = 'var(--ink)',
  isOutlined = false,
  children,
}: MarkProps & { readonly color?: string; readonly isOutlined?: boolean }) {
  return (
    <circle
      data-mark="optimum"
      cx={x}
      cy={y}
      r={size}
      fill={color}
      stroke={isOutlined ? 'var(--ink)' : edge}
      strokeOpacity={isOutlined ? 0.45 : undefined}
      strokeWidth={isOutlined || size < 4 ? 1 : 1.5}
    >
      {children}
    </circle>
  );
}

/**
 * The optimum before the last edit.
 *
 * @param color of the domain, whose dashes ink surrounds faintly; none where the mark is of no single domain
 * @param ink of the dashes where there is no colour
 */
export function FormerMark({
  x,
  y,
  size = 5.5,
  edge = 'var(--paper)',
  color,
  ink = 'var(--ink-2)',
  children,
}: MarkProps & { readonly color?: string; readonly ink?: string }) {
  const ring = { cx: x, cy: y, r: size, strokeDasharray: formerDashes };
  return (
    <g data-mark="former" fill="none">
      <circle
        {...ring}
        fill={edge}
        stroke={color === undefined ? ink : 'var(--ink)'}
        strokeOpacity={color === undefined ? undefined : 0.45}
        strokeWidth={color === undefined ? 1.2 : 2.8}
      />
      {color !== undefined && <circle {...ring} stroke={color} strokeWidth={1.8} />}
      {children}
    </g>
  );
}

/** Dashes of what was before the last edit. */
export const formerDashes = '2.5 2';

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

/** Hollow, so that it is told apart from dots in any colour. */
export function HumanMark({ x, y, size = 5.5, edge = 'var(--paper)', children }: MarkProps) {
  const path = `M${x} ${y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`;
  return (
    <g data-mark="human">
      <path d={path} fill="var(--paper)" stroke={edge} strokeWidth={4} />
      <path d={path} fill="none" stroke="var(--human)" strokeWidth={1.5} />
      {children}
    </g>
  );
}

export function YoursMark({ x, y, size = 5.5, edge = 'var(--paper)', children }: MarkProps) {
  return (
    <path
      data-mark="yours"
      d={`M${x} ${y - size}l${size} ${size * 1.8}h${-2 * size}z`}
      fill="var(--yours)"
      stroke={edge}
      strokeWidth={1.5}
      paintOrder="stroke"
    >
      {children}
    </path>
  );
}

export function TruthMark({ x, y, size = 5, edge = 'var(--paper)', children }: MarkProps) {
  const path = `M${x - size} ${y - size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`;
  return (
    <g data-mark="truth" fill="none">
      <path d={path} stroke={edge} strokeWidth={4} />
      <path d={path} stroke="var(--ink)" strokeWidth={1.8} />
      {children}
    </g>
  );
}
