'use client';

import { Suspense, useMemo } from 'react';
import { formatNumber, plural } from '../../lib/format';
import { boundsOf } from '../../lib/optimum/constraints';
import type { ObjectiveSettings } from '../../lib/study/settings';
import { ChartFrame } from '../charts/chart-frame';
import { WeightBars } from '../charts/weight-bars';
import { Stage } from '../explorer/stage';
import { useHidesAnswer, useOptimum, useSession } from '../explorer/stores';
import { useHover, useOrderedDomains } from '../explorer/use-ordered-domains';
import { HiddenAnswer } from '../lesson/hidden-answer';
import { Disclosure } from '../ui/disclosure';
import { lazyPart, MissingPart } from '../ui/lazy-part';
import { EngineControls } from './engine-controls';
import { ObjectiveControls } from './objective-controls';
import { Predicted } from './predicted';
import { Prices } from './prices';
import { useFormer } from './use-former';
import { useOutdated } from './use-outdated';
import { useStability } from './use-stability';
import { useTruth } from './use-truth';

const TrueValues = lazyPart(() => import('./true-values'));

/** The mixture to train on, beside the prior and the human one, with the caps that hold it back. */
export function OptimumPanel() {
  const { study, settings } = useSession();
  const optimum = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered);
  const bounds = useMemo(() => boundsOf(settings.constraints), [settings.constraints]);
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const { report, solved } = optimum;
  const stability = useStability();
  const isOutdated = useOutdated();
  const { truth, retry: retryTruth } = useTruth();
  const isFormer = useFormer();
  const spread = stability.status === 'done' ? stability.value : null;
  const weights = report?.optimum.weights ?? null;
  // What bound the last mixture says nothing of limits that it does not meet.
  const isCurrent = optimum.feasibility.feasible && !isOutdated;
  const binding = new Set(isCurrent ? report?.optimum.binding : []);
  const rows = ordered.map((index) => ({
    id: study.domains[index].id,
    label: study.domains[index].name,
    optimum: weights ? weights[index] : null,
    prior: study.prior.weights[index],
    human: study.human ? study.human.weights[index] : null,
    yours: settings.yours ? settings.yours[index] : null,
    truth: truth ? truth.weights[index] : null,
    low: spread ? spread.low[index] : null,
    high: spread ? spread.high[index] : null,
    lower: bounds.lower[index],
    upper: bounds.upper[index],
    binding: binding.has(index),
  }));

  if (isHidden) {
    return (
      <Stage id="optimum" title="Optimum" finding="Kept from you for now: guess first.">
        <HiddenAnswer />
        <Disclosure label={objectiveInWords(settings.objective)}>
          <ObjectiveControls />
        </Disclosure>
      </Stage>
    );
  }
  return (
    <Stage id="optimum" title="Optimum" finding={finding()}>
      <ChartFrame
        title="Domain weights"
        fileName="regmix-weights"
        how={how()}
        data={{
          columns: [
            { key: 'domain', label: 'domain' },
            { key: 'optimum', label: 'optimum', numeric: true },
            { key: 'prior', label: 'prior', numeric: true },
            ...(study.human ? [{ key: 'human', label: study.human.name, numeric: true }] : []),
            ...(settings.yours ? [{ key: 'yours', label: 'yours', numeric: true }] : []),
            ...(truth ? [{ key: 'truth', label: 'true best', numeric: true }] : []),
            ...(spread
              ? [
                  { key: 'low', label: '5% of refits', numeric: true },
                  { key: 'high', label: '95% of refits', numeric: true },
                ]
              : []),
            { key: 'floor', label: 'at least', numeric: true },
            { key: 'cap', label: 'cap', numeric: true },
            { key: 'binds', label: 'binds' },
          ],
          rows: () =>
            rows.map((row) => [
              row.label,
              row.optimum,
              row.prior,
              ...(study.human ? [row.human] : []),
              ...(settings.yours ? [row.yours] : []),
              ...(truth ? [row.truth] : []),
              ...(spread ? [row.low, row.high] : []),
              row.lower,
              row.upper,
              row.binding ? 'yes' : 'no',
            ]),
        }}
      >
        <WeightBars
          rows={rows}
          humanLabel={study.human?.name ?? null}
          dimmed={optimum.status === 'infeasible' || isOutdated}
          {...hover}
        />
      </ChartFrame>
      {report && solved ? (
        <>
          <Predicted report={report} solved={solved} />
          {truth && (
            <Suspense>
              <TrueValues truth={truth} />
            </Suspense>
          )}
          {retryTruth && <MissingPart retry={retryTruth} />}
          <Prices report={report} unit={priceUnit()} />
        </>
      ) : (
        <p className="quiet">Waiting for the fit.</p>
      )}
      <Disclosure label={objectiveInWords(settings.objective)}>
        <ObjectiveControls />
      </Disclosure>
      <Disclosure label="How it is looked for">
        <EngineControls />
      </Disclosure>
    </Stage>
  );

  function finding(): string {
    if (optimum.status === 'infeasible')
      return 'No mixture meets the limits; the last one is shown.';
    if (!report) return 'Waiting for the fit.';
    if (isOutdated)
      return 'The limits have changed: this is the mixture from before, until the fit is made.';
    if (isFormer)
      return 'Found from the former runs: it stays on view until the fit to the new ones is made.';
    if (report.optimum.engine === 'paper') {
      return `The published procedure takes no notice of your limits. ${report.optimum.notes.join(' ')}`;
    }
    const sought = solved?.seek === 'worst' ? 'Worst' : 'Best';
    const what =
      solved && solved.terms.length > 1
        ? `${sought} for ${solved.terms.length} targets`
        : `${sought} predicted ${target.name}`;
    if (binding.size === 0) return `${what}; no limit holds it back.`;
    const names = [...binding].slice(0, 3).map((index) => study.domains[index].name);
    const rest = binding.size - names.length;
    return `${what} under your limits. At their limit: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
  }

  /** Prices are in the target's unit where there is one target, in units of its spread otherwise. */
  function priceUnit(): string {
    if (!solved || solved.terms.length > 1 || settings.objective.kl > 0) return '';
    return target.unit;
  }

  function how(): string {
    if (!report) return 'Waiting for the fit.';
    return [
      describeEngine(report.optimum.engine, settings.topK, settings.samples, settings.seed),
      ...report.optimum.notes,
      ...(spread
        ? [`Whiskers: 5% to 95% of the weights over ${spread.refits} refits to resampled runs.`]
        : []),
      ...(truth
        ? [
            'Diamonds: the best mixture within the same limits by the law that the runs were drawn from.',
          ]
        : []),
    ].join(' ');
  }
}

/** How the engine on view works, in a sentence. */
function describeEngine(engine: string, topK: number, samples: number, seed: number): string {
  switch (engine) {
    case 'exact':
      return 'The exact optimum under the limits: of a law by water-filling, where all domains between their bounds gain the same from one more bit of weight; of a linear model by filling the best coefficient first.';
    case 'gradient':
      return 'Scaled gradient projection from several starts: the exact optimum of the law, the prior and the best runs among them.';
    case 'search':
      return `Search by moving weight between pairs of domains, from the best of ${samples.toLocaleString('en')} simulated mixtures and of the runs, until no move improves the prediction (seed ${seed}).`;
    case 'paper':
      return 'The published notebook: numpy’s seed 42, 100,000 draws from Dirichlet(prior), no limits, the mean of the 128 best predicted.';
    default:
      return `RegMix’s simulation: ${samples.toLocaleString('en')} draws from Dirichlet(prior), seed ${seed}; the mean of the ${plural(topK, 'best draw')} that meet the limits.`;
  }
}

/** What is optimised, in a line. */
function objectiveInWords({ kind, kl, discountRepeats, seek }: ObjectiveSettings): string {
  const parts = [
    { single: 'one target', weighted: 'several targets, weighted', regret: 'the worst-off target' }[
      kind
    ],
    ...(kl > 0 ? [`pull to the prior ${formatNumber(kl, 2)}`] : []),
    ...(discountRepeats ? ['repeats count less'] : []),
    ...(seek === 'worst' ? ['the worst mixture'] : []),
  ];
  return `What is optimised: ${parts.join(', ')}`;
}
