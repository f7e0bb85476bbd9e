'use client';

import { type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { lazyPart } from '../ui/lazy-part';
import type { PlotFrame } from './plot-geometry';
import { StaticPlot } from './static-plot';

// Where its file cannot be loaded, the plain drawing stays.
const RechartsPlot = lazyPart(() => import('./recharts-plot'), StaticPlot);

/**
 * Axes and gridlines with marks drawn on them. The served page and the first moments draw them as
 * plain SVG; then recharts, which draws nothing on a server and is too heavy for the first load,
 * takes over the same picture at the same place.
 */
export function Plot({
  frame,
  children,
}: {
  frame: PlotFrame;
  /** The marks, as SVG placed by the frame's `plotScales`. */
  children: ReactNode;
}) {
  const isClient = useSyncExternalStore(neverChanges, inBrowser, onServer);
  const still = <StaticPlot frame={frame}>{children}</StaticPlot>;
  if (!isClient) return still;
  return (
    <Suspense fallback={still}>
      <RechartsPlot frame={frame}>{children}</RechartsPlot>
    </Suspense>
  );
}

const neverChanges = () => () => {};
const inBrowser = () => true;
const onServer = () => false;
