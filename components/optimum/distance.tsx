'use client';

/** How far the optimum lies from what was tried, beside how far the runs lie from each other. */
import { Suspense } from 'react';
import { formatPercent } from '../../lib/model/format';
import type { Coverage } from '../../lib/model/limits';
import { revisionOf } from '../../lib/study/identity';
import { ChartBlank } from '../charts/plot-box';
import { useNear, useTask } from '../shell/hooks';
import { useOptimum, useSession } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';
import '../ui/advice.css';

const DistanceChart = lazyPart(() => import('../charts/distance-chart'));

const blank = 104;
const bins = 24;

/** Share of the weight by which the optimum differs from the nearest run, over all runs' own distances. */
export function Distance() {
  const { report, advice } = useOptimum((state) => state);
  return report && advice?.verb !== 'none' ? <DistanceOf coverage={report.coverage} /> : null;
}

function DistanceOf({ coverage }: { coverage: Coverage }) {
  const { study } = useSession();
  const [place, isNear] = useNear<HTMLElement>();
  const revision = revisionOf(study);
  const task = useTask('neighbours', revision, () => ({ revision }), revision, isNear);
  const distances = task.value;
  const { title, text } = distanceClause(coverage, study.training.ids[coverage.nearest] ?? null);
  return (
    <section ref={place} className="clause" aria-label="Distance from what was tried">
      <h3>{title}</h3>
      <p className={coverage.far ? 'refused' : undefined}>{text}</p>
      {task.status === 'failed' && <p className="quiet">{task.problem}</p>}
      {distances && distances.length > 1 && (
        <Suspense fallback={<ChartBlank height={blank}>Loading the chart…</ChartBlank>}>
          <DistanceChart
            {...binsOf(distances, coverage.distance)}
            marked={coverage.distance}
            markName="this mixture"
            label={`Histogram of how far each run is from its nearest neighbour, 0% to ${formatPercent(distances[distances.length - 1], 0)}; this mixture is ${formatPercent(coverage.distance, 0)} from the nearest run.`}
          />
        </Suspense>
      )}
    </section>
  );
}

/**
 * The clause in words.
 *
 * @param nearest id of the nearest run; null = not known
 */
export function distanceClause(
  { distance, percentile, far, beyond }: Coverage,
  nearest: string | null,
): { readonly title: string; readonly text: string } {
  const run = nearest === null ? 'the nearest run' : `the nearest tested run (no. ${nearest})`;
  const title = far || beyond ? 'Beyond what was tried' : 'Within what was tried';
  if (distance < 0.005) return { title, text: `It is ${run}.` };
  const differs = `${formatPercent(distance, 0)} of its weight differs from ${run}`;
  if (far) return { title, text: `${differs}: unusually far.` };
  const largest = beyond ? ' At least one weight exceeds the largest in any run.' : '';
  return {
    title,
    text: `${differs}; ${formatPercent(percentile, 0)} of runs are at least as far from theirs.${largest}`,
  };
}

/** Runs per bin of equal width from 0 to beyond the largest of the distances and the mark. */
export function binsOf(
  distances: Float64Array,
  marked: number,
): { readonly counts: readonly number[]; readonly width: number } {
  const most = Math.max(marked, distances[distances.length - 1]);
  // To whole tenths, so that the axis ends on a round share.
  const end = Math.min(1, Math.max(0.1, Math.ceil(most * 10 + 1e-9) / 10));
  const width = end / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const distance of distances) counts[Math.min(bins - 1, Math.floor(distance / width))]++;
  return { counts, width };
}
