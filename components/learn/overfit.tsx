'use client';

/** Overfitting on the study's runs: a polynomial of as many terms as the reader likes. */
import { useEffect, useMemo, useState } from 'react';
import { formatNumber } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import type { Sample } from '../../lib/model/regressor';
import {
  chosenRuns,
  type FlexibleFit,
  flexibleFits,
  rowsOf,
} from '../../lib/regression/flexibility';
import { PointsChart } from '../charts/points-chart';
import { useSession } from '../shell/stores';
import { Slider } from '../ui/slider';
import { useProgress } from './learn-data';
import { LinesChart } from './lines-chart';
import { Act } from './parts';
import { useTarget } from './use-target';

/** Numbers of terms that are fitted; the first is the plainest. */
const termCounts = [1, 2, 3, 4, 5, 6, 7, 10, 14, 18, 22, 28, 34, 40, 46, 52, 60, 70, 80, 90];
const start = { runs: 48, terms: 7, seed: 1 };
const leastRuns = 16;
/** Milliseconds of work before the page has its turn. */
const slice = 12;

/** Fits with few or many terms to few or many runs; both errors, and predictions on unseen runs. */
export function Overfit() {
  const { study } = useSession();
  const { target, place } = useTarget();
  const [progress, update] = useProgress();
  const chosen = progress.fit ?? start;
  const all = useMemo(
    () => ({ features: study.training.mixtures, values: columnOf(study.training.losses, place) }),
    [study, place],
  );
  const [test] = study.testSets;
  const unseen = useMemo(
    () => ({ features: test.mixtures, values: columnOf(test.losses, place) }),
    [test, place],
  );
  const total = all.values.length;
  const runs = Math.min(total, Math.max(leastRuns, chosen.runs));
  const { seed } = chosen;
  const sample = useMemo(
    () => rowsOf(all, chosenRuns(total, runs, seed)),
    [all, total, runs, seed],
  );
  const made = useFits(sample, unseen);
  const fits = made?.fits ?? null;
  // Until the fits to newly chosen runs are made, what is shown is of the former ones, and says so.
  const fitted = made?.sample.values.length ?? runs;
  // As many terms as runs less one fit every run exactly: more say nothing further.
  const counts = countsFor(runs);
  const terms = counts.findLast((count) => count <= chosen.terms) ?? counts[0];
  const fit = fits?.find((each) => each.terms === terms) ?? null;
  const best = fits?.reduce((low, each) => (each.unseen < low.unseen ? each : low)) ?? null;
  const edit = (change: Partial<typeof start>) =>
    update({ fit: { runs, terms: chosen.terms, seed, ...change } });
  const points = fit
    ? Array.from(fit.predictedUnseen, (predicted, row) => ({
        id: test.ids[row],
        name: `run ${test.ids[row]}`,
        x: predicted,
        y: unseen.values[row],
      }))
    : [];
  // The plainest fit's error is the scale: what is worse than that is off the chart.
  const most = fits ? 1.4 * Math.max(...fits.slice(0, 2).map((each) => each.unseen)) : 1;
  return (
    <Act task="Add terms to the polynomial until it fits its own runs almost exactly. What happens on unseen runs? Then fit more runs.">
      <div className="learn-parameters">
        <Slider
          label="Terms of the polynomial"
          value={counts.indexOf(terms)}
          min={0}
          max={counts.length - 1}
          step={1}
          bigStep={3}
          format={(at) => String(counts[Math.round(at)] ?? terms)}
          parse={(text) => {
            const value = Number(text);
            if (!(value >= 1)) return null;
            return counts.findLastIndex((count) => count <= value);
          }}
          expected={`a number from 1 to ${counts[counts.length - 1]}`}
          onStart={() => {}}
          onChange={(at) => edit({ terms: counts[Math.round(at)] ?? terms })}
          onCommit={() => {}}
        />
        <Slider
          label="Runs fitted"
          value={runs}
          min={leastRuns}
          max={total}
          step={8}
          bigStep={32}
          format={(value) => String(Math.round(value))}
          parse={(text) => {
            const value = Math.round(Number(text));
            return value >= leastRuns && value <= total ? value : null;
          }}
          expected={`a number from ${leastRuns} to ${total}`}
          onStart={() => {}}
          onChange={(value) => edit({ runs: Math.round(value) })}
          onCommit={() => {}}
        />
        <button type="button" className="button" onClick={() => edit({ seed: seed + 1 })}>
          Other runs
        </button>
      </div>
      <p role="status" className="learn-large" aria-busy={made?.sample !== sample}>
        {fit && best ? verdictOf(fit, best, fitted, target.unit) : 'Fitting…'}
      </p>
      <div className="learn-figures-pair">
        <LinesChart
          title="Error on fitted and on unseen runs"
          note={`Fitted to ${fitted} runs. Errors beyond the axis are drawn along its top.`}
          fileName="learn-overfitting"
          how={`Polynomials in seven of the eight weights by least squares: weights first, then their squares and products, then cubes. Root mean squared error on the ${fitted} fitted runs and on the ${test.ids.length} runs of “${test.name}”.`}
          x={{ name: 'Terms', range: [0, counts[counts.length - 1]] }}
          y={{ name: 'RMSE', unit: target.unit }}
          lines={[
            {
              name: 'fitted runs',
              color: 'var(--ink-2)',
              points: (fits ?? []).map((each) => [each.terms, each.fitted]),
            },
            {
              name: 'unseen runs',
              color: 'var(--accent)',
              points: (fits ?? []).map((each) => [each.terms, each.unseen]),
            },
          ]}
          most={most}
          at={terms}
        />
        <PointsChart
          title="On unseen runs"
          note={`Predicted by ${terms} ${terms === 1 ? 'term' : 'terms'}, and measured.`}
          fileName="learn-overfitting-unseen"
          how={`One point for each run of “${test.name}”. A good fit puts them on the diagonal.`}
          x={{ name: 'predicted', unit: target.unit }}
          y={{ name: 'measured', unit: target.unit }}
          points={points}
        />
      </div>
    </Act>
  );
}

/** What the two errors of a fit say. */
function verdictOf(fit: FlexibleFit, best: FlexibleFit, runs: number, unit: string): string {
  const errors = `${fit.terms} ${fit.terms === 1 ? 'term' : 'terms'}, ${runs} runs: error ${formatNumber(fit.fitted, 2)} on fitted runs, ${formatNumber(fit.unseen, 2)} ${unit} on unseen runs.`;
  if (fit.unseen <= 1.1 * best.unseen)
    return `${errors} Close to the best possible with these runs.`;
  return fit.terms > best.terms
    ? `${errors} Overfitted: ${best.terms} ${best.terms === 1 ? 'term' : 'terms'} would predict best.`
    : `${errors} Too few terms: ${best.terms} would predict best.`;
}

function countsFor(runs: number): readonly number[] {
  return termCounts.filter((count) => count < runs);
}

/** Fits, and what they were made to. */
interface Made {
  readonly fits: readonly FlexibleFit[];
  readonly sample: Sample;
}

/** The fits to a sample, computed between the page's own work; the former ones until then. */
function useFits(sample: Sample, unseen: Sample): Made | null {
  const [made, setMade] = useState<Made | null>(null);
  useEffect(() => {
    const job = flexibleFits(sample, unseen, countsFor(sample.values.length));
    const work = () => {
      const end = performance.now() + slice;
      let next = job.next();
      while (!next.done && performance.now() < end) next = job.next();
      if (next.done) setMade({ fits: next.value, sample });
      else timer = setTimeout(work);
    };
    let timer = setTimeout(work);
    return () => clearTimeout(timer);
  }, [sample, unseen]);
  return made;
}
