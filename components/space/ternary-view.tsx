'use client';

/**
 * The view of three domains: selects corners, requests the grid of predictions, and sets the
 * reader's mixture.
 */
import { useCallback, useMemo, useState } from 'react';
import { formatList, formatPercent } from '../../lib/model/format';
import { rowOf, zeros } from '../../lib/model/matrix';
import type { Study } from '../../lib/model/study';
import { boundsOf } from '../../lib/optimum/constraints';
import { ChartFrame } from '../charts/chart-frame';
import { TernaryChart } from '../charts/ternary-chart';
import { gridPoints } from '../charts/ternary-geometry';
import { useAdvisedOptimum, useFormerOptimum, useRunChoice, useTask } from '../shell/hooks';
import { useSession, useStores, useView } from '../shell/stores';
import { Segmented, Select } from '../ui/controls';
import { Disclosure } from '../ui/layout';
import { useViewModel } from './use-view-model';

/** Steps along an edge of the triangle: 1,891 mixtures are predicted. */
const steps = 60;
/** The example of RegMix's blog: three training domains and the validation loss of a fourth. */
const example = { domains: ['hackernews', 'github', 'philpapers'], target: 'stackexchange' };

/** The prediction over three domains, the others held constant. */
export default function TernaryView() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const { target, model, modelKey, at, baseName, waiting } = useViewModel();
  const optimum = useAdvisedOptimum();
  const former = useFormerOptimum();
  const picked = useView((state) => state.pickedRun);
  // The corners stay while the optimum changes.
  const [corners, setCorners] = useState<readonly number[]>(() => largestThree(at));
  const choice = useRunChoice();
  const [held, setHeld] = useState<'nothing' | 'mixture'>('nothing');
  const scale = held === 'nothing' ? 1 : corners.reduce((sum, domain) => sum + at[domain], 0) || 1;
  const grid = useMemo(() => gridPoints(steps), []);
  const mixtures = useMemo(() => {
    const table = zeros(grid.length, study.domains.length);
    grid.forEach((shares, row) => {
      const mixture = rowOf(table, row);
      if (held === 'mixture') mixture.set(at);
      corners.forEach((domain, corner) => {
        mixture[domain] = scale * shares[corner];
      });
    });
    return table;
  }, [grid, study, held, at, corners, scale]);
  const key = model
    ? JSON.stringify([modelKey, corners, held, held === 'mixture' && Array.from(at)])
    : null;
  const task = useTask(
    'predict',
    key,
    () => ({ model: model ?? missingModel(), mixtures }),
    JSON.stringify([study.id, target.id, corners, held]),
  );
  const settled = task.status === 'done' ? task.value : null;
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  const { training } = study;
  const runs = useMemo(
    () =>
      training.ids.map((id, row) => {
        const mixture = rowOf(training.mixtures, row);
        return {
          id,
          a: mixture[corners[0]],
          b: mixture[corners[1]],
          c: mixture[corners[2]],
          round: training.rounds ? training.rounds[row] : 0,
          dimmed: choice.rows !== null && choice.rows[row] === 0,
        };
      }),
    [training, corners, choice.rows],
  );
  // The limits of the three domains; the others keep their constant weights.
  const allowed = useCallback(
    (weights: readonly [number, number, number]) =>
      corners.every((domain, corner) => {
        const weight = weights[corner];
        return weight <= bounds.upper[domain] + 1e-9 && weight >= bounds.lower[domain] - 1e-9;
      }),
    [corners, bounds],
  );
  const hatched = useMemo(() => {
    const beyond = grid.filter(([a, b, c]) => !allowed([a * scale, b * scale, c * scale])).length;
    if (beyond === 0) return '';
    return beyond < grid.length
      ? 'Hatched: beyond your limits.'
      : 'All of it is beyond your limits.';
  }, [grid, scale, allowed]);
  const triple = (mixture: ArrayLike<number>): [number, number, number] => [
    mixture[corners[0]],
    mixture[corners[1]],
    mixture[corners[2]],
  ];
  const known = {
    optimum,
    former,
    prior: study.prior.weights,
    human: study.human?.weights,
    yours: settings.yours,
  };
  const marks = markNames.flatMap((name) => {
    const weights = known[name];
    return weights ? [{ name, weights: triple(weights) }] : [];
  });
  const names = corners.map((domain) => study.domains[domain].name);
  const hasExample = example.domains.every((id) =>
    study.domains.some((domain) => domain.id === id),
  );
  const isExample =
    hasExample && example.domains.every((id, place) => domainOf(study, id) === corners[place]);
  const exampleTarget = study.targets.find(({ id }) => id === example.target);
  return (
    <div className="stage-body">
      <ChartFrame
        title="Three domains at a time"
        note={[
          task.problem || `Predicted ${target.name} over ${names.join(', ')}.`,
          hatched,
          rescaledText(marks, scale),
        ]
          .filter(Boolean)
          .join(' ')}
        fileName={`regmix-ternary-${target.id}`}
        how={`${(grid.length).toLocaleString('en')} mixtures predicted by the current fit, drawn as filled contours. ${held === 'nothing' ? 'The other domains are at 0%.' : `The other domains are held at ${baseName}: the three share ${formatPercent(scale, 1)}.`} Runs and mixtures are placed by their proportions of the three domains; fainter runs have less weight in them.${choice.rows ? ' Runs that were not chosen are fainter still.' : ''} Table and CSV have the mixtures’ own weights.`}
        data={{
          columns: [
            { key: 'mixture', label: 'mixture' },
            ...names.map((name) => ({ key: name, label: name, numeric: true })),
            { key: 'together', label: 'in these three', numeric: true },
            {
              key: 'predicted',
              label: `predicted ${target.name}`,
              unit: target.unit,
              numeric: true,
            },
          ],
          rows: () => [
            ...marks.map(({ name, weights }) => [name, ...weights, sumOf(weights), null]),
            ...grid.map((shares, row) => [
              'predicted',
              ...Array.from(shares, (share) => share * scale),
              scale,
              settled ? settled[row] : null,
            ]),
          ],
        }}
      >
        <TernaryChart
          corners={[names[0], names[1], names[2]]}
          scale={scale}
          steps={steps}
          values={task.value}
          quantity={target.name}
          unit={target.unit}
          direction={target.direction}
          runs={runs}
          optimum={optimum ? triple(optimum) : null}
          former={former ? triple(former) : null}
          prior={triple(study.prior.weights)}
          human={study.human ? triple(study.human.weights) : null}
          waiting={waiting}
          yours={settings.yours ? triple(settings.yours) : null}
          allowed={allowed}
          picked={picked}
          onPick={(id) => view.setState({ pickedRun: id })}
          onStart={store.beginGesture}
          onCommit={store.endGesture}
          onYours={(shares) => {
            const mixture = Array.from(held === 'mixture' ? at : new Float64Array(at.length));
            corners.forEach((domain, corner) => {
              mixture[domain] = shares[corner];
            });
            store.editSettings({ yours: mixture });
          }}
        />
      </ChartFrame>
      <div className="stage-controls corners">
        {corners.map((corner, place) => (
          <Select
            // Corners are positions, which stay while their domain changes.
            key={['first', 'second', 'third'][place]}
            label={['Left corner', 'Right corner', 'Top corner'][place]}
            value={String(corner)}
            options={study.domains.map(({ name }, domain) => ({
              value: String(domain),
              label: name,
            }))}
            onChange={(value) => setCorners(swapped(corners, place, Number(value)))}
          />
        ))}
        <Disclosure
          label={`The other domains: ${held === 'mixture' ? `as in ${baseName}` : 'at 0%'}`}
        >
          <div className="stage-controls">
            <Segmented
              label="The other domains"
              value={held}
              options={[
                { value: 'nothing', label: 'At 0%' },
                { value: 'mixture', label: `As in ${baseName}` },
              ]}
              onChange={(value) => setHeld(value === 'mixture' ? 'mixture' : 'nothing')}
            />
            {hasExample && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setCorners(example.domains.map((id) => domainOf(study, id)));
                  setHeld('nothing');
                }}
              >
                RegMix’s example: Hacker News, GitHub, PhilPapers
              </button>
            )}
            {isExample && exampleTarget && exampleTarget.id !== target.id && (
              // The target is the whole page's: it changes only when told to.
              <button
                type="button"
                className="button"
                onClick={() => store.editSettings({ target: exampleTarget.id })}
              >
                Make {exampleTarget.name}, the example’s target, that of the page
              </button>
            )}
            <p className="quiet small">
              Drag the magenta triangle, or focus it and use the arrow keys, to set your own
              mixture. Answer shows it, too.
            </p>
            {settings.yours && (
              <button
                type="button"
                className="button"
                onClick={() => store.editSettings({ yours: null })}
              >
                Remove my mixture
              </button>
            )}
          </div>
        </Disclosure>
      </div>
    </div>
  );
}

/**
 * Says how much of each mixture lies in the three domains of a slice, whose proportions it is drawn by; empty where
 * that is as much as the slice has.
 *
 * @param marks with their weights of the three domains
 * @param scale total weight of the three domains in the slice, 0..1
 */
export function rescaledText(
  marks: readonly { readonly name: MarkName; readonly weights: readonly number[] }[],
  scale: number,
): string {
  const moved = marks
    .map(({ name, weights }) => ({ name, share: sumOf(weights) }))
    .filter(({ share }) => Math.abs(share - scale) >= 0.005);
  if (moved.length === 0) return '';
  const parts = moved.map(
    ({ name, share }) => `${formatPercent(share, share < 0.1 ? 1 : 0)} of ${phrases[name]}`,
  );
  const slice = scale < 1 ? `; ${formatPercent(scale, 0)} of the slice` : '';
  return `Marks are rescaled to these three: ${formatList(parts)}${slice}.`;
}

const markNames = ['optimum', 'former', 'prior', 'human', 'yours'] as const;
type MarkName = (typeof markNames)[number];

const phrases: Readonly<Record<MarkName, string>> = {
  optimum: 'the optimum',
  former: 'the optimum before the last edit',
  prior: 'the prior',
  human: 'the human mixture',
  yours: 'your mixture',
};

function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function domainOf(study: Study, id: string): number {
  return study.domains.findIndex((domain) => domain.id === id);
}

/** The three domains with the largest weights. */
function largestThree(weights: Float64Array): number[] {
  return Array.from(weights.keys())
    .sort((a, b) => weights[b] - weights[a] || a - b)
    .slice(0, 3);
}

/** The corners with one changed; a corner that had the new domain gets the old one. */
function swapped(corners: readonly number[], place: number, domain: number): number[] {
  return corners.map((corner, index) => {
    if (index === place) return domain;
    return corner === domain ? corners[place] : corner;
  });
}

function missingModel(): never {
  throw new RangeError('a task without a key asks nothing');
}
