'use client';

/**
 * The optimum panel: the chart of weights, the description of the result, and the controls of
 * engine and objective.
 */
import { Suspense, useMemo } from 'react';
import { targetShares } from '../../lib/analysis/keys';
import { formatList, formatNumber, parseQuantity, plural } from '../../lib/model/format';
import type { BoundSource, EngineId } from '../../lib/model/limits';
import { maxDrawnWeights, type ObjectiveSettings, olmixKl } from '../../lib/model/settings';
import { boundsOf, heldBy, isUntried } from '../../lib/optimum/constraints';
import { ChartFrame } from '../charts/chart-frame';
import { WeightBars } from '../charts/weight-bars';
import { HiddenAnswer } from '../lesson/lesson';
import { UnfittedRuns } from '../runs/far-runs';
import { mostDrawn, useAdvisedOptimum, useHover, useOrderedDomains } from '../shell/hooks';
import { Stage } from '../shell/stage';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useStores } from '../shell/stores';
import { Segmented, Select, Switch } from '../ui/controls';
import { Disclosure, DrawnNote } from '../ui/layout';
import { lazyPart, MissingPart } from '../ui/lazy-part';
import { MultiWeight } from '../ui/multi-weight';
import { ProgressLine } from '../ui/progress';
import { Slider } from '../ui/slider';
import { TypedOption } from '../ui/typed-value';
import { useFormer, useOutdated, useStability, useTruth } from './hooks';
import { ObjectiveNotes } from './objective-notes';
import { Predicted } from './predicted';
import { Prices } from './prices';

const TrueValues = lazyPart(() => import('./true-values'));

/** The mixture to train on, beside the prior and the human one, with the caps that limit it. */
export function OptimumPanel() {
  const { study, settings } = useSession();
  const optimum = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const ordered = useOrderedDomains();
  const hover = useHover(ordered.slice(0, mostDrawn));
  const bounds = useMemo(
    () => boundsOf(settings.constraints, study),
    [settings.constraints, study],
  );
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const { report, solved } = optimum;
  const stability = useStability();
  const isOutdated = useOutdated();
  const { truth, retry: retryTruth } = useTruth();
  const isFormer = useFormer();
  const isUnadvised = optimum.advice?.verb === 'none';
  const spread = stability.status === 'done' ? stability.value : null;
  const weights = useAdvisedOptimum();
  // The binding limits of an outdated mixture say nothing about limits that it breaks.
  const isCurrent = optimum.feasibility.feasible && !isOutdated && !isUnadvised;
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
    tried: bounds.source[index] === 'tried',
    binding: binding.has(index),
  }));

  if (isHidden) {
    return (
      <Stage id="optimum" title="Optimum" finding="Kept from you for now: guess first.">
        <HiddenAnswer />
        <Disclosure label={describeObjective(settings.objective)}>
          <ObjectiveControls />
        </Disclosure>
      </Stage>
    );
  }
  return (
    <Stage id="optimum" title="Optimum" finding={finding()}>
      <ObjectiveNotes />
      <ChartFrame
        title="Domain weights"
        fileName="regmix-weights"
        how={how()}
        data={{
          columns: [
            { key: 'domain', label: 'domain' },
            ...(isUnadvised ? [] : [{ key: 'optimum', label: 'optimum', numeric: true }]),
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
            { key: 'by', label: 'cap by' },
            { key: 'binds', label: 'binds' },
          ],
          rows: () =>
            rows.map((row, place) => [
              row.label,
              ...(isUnadvised ? [] : [row.optimum]),
              row.prior,
              ...(study.human ? [row.human] : []),
              ...(settings.yours ? [row.yours] : []),
              ...(truth ? [row.truth] : []),
              ...(spread ? [row.low, row.high] : []),
              row.lower,
              row.upper,
              capNames[bounds.source[ordered[place]]],
              row.binding ? 'yes' : 'no',
            ]),
        }}
      >
        <WeightBars
          rows={rows.slice(0, mostDrawn)}
          humanLabel={study.human?.name ?? null}
          dimmed={optimum.status === 'infeasible' || isOutdated}
          hasOptimum={!isUnadvised}
          {...hover}
        />
        <DrawnNote drawn={mostDrawn} total={rows.length} />
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
          <UnfittedRuns />
          {!isUnadvised && <Prices report={report} unit={priceUnit()} />}
        </>
      ) : (
        <p className="quiet">Waiting for the fit.</p>
      )}
      <Disclosure label={describeObjective(settings.objective)}>
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
    if (isUnadvised && optimum.advice) {
      return `${optimum.advice.words}, so that there is no advice: ${optimum.advice.reason}.`;
    }
    if (report.optimum.engine === 'paper') {
      return `The published procedure takes no notice of your limits. ${report.optimum.notes.join(' ')}`;
    }
    const sought = solved?.seek === 'worst' ? 'Worst' : 'Best';
    const what =
      solved && solved.terms.length > 1
        ? `${sought} for ${solved.terms.length} targets`
        : `${sought} predicted ${target.name}`;
    if (binding.size === 0) return `${what}; no limit holds it back.${untriedText()}`;
    const names = [...binding].slice(0, 3).map((index) => {
      const { name } = study.domains[index];
      const held = report ? heldBy(bounds, index, report.optimum.weights[index]) : 'none';
      return held === 'tried' || held === 'min' ? `${name} (${capNames[held]})` : name;
    });
    const rest = binding.size - names.length;
    return `${what} under your limits. At their limit: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.${untriedText()}`;
  }

  /** The domains without weight because no run has any of them. */
  function untriedText(): string {
    const names = study.domains.flatMap(({ name }, index) =>
      isUntried(bounds, index) ? [name] : [],
    );
    if (names.length === 0) return '';
    const rest = names.length - maxNamed;
    const named = names.slice(0, maxNamed);
    return ` Without weight, as no run has any: ${formatList(rest > 0 ? [...named, `${rest} more`] : named)}.`;
  }

  /** The unit of prices: the target's for one target, its spread for several. */
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

/** Domains named in a sentence. */
const maxNamed = 3;

/** Where a cap comes from. */
const capNames: Readonly<Record<BoundSource, string>> = {
  none: '',
  tokens: 'tokens',
  max: 'largest weight',
  lock: 'lock',
  tried: 'largest tried',
  min: 'least weight',
};

/** Describes the selected engine in a sentence. */
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

/** Describes the objective in a line. */
function describeObjective({ kind, kl, discountRepeats, seek }: ObjectiveSettings): string {
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

const names: Record<EngineId, string> = {
  search: 'Direct search',
  simulation: 'Simulation, as in RegMix',
  exact: 'Exact',
  gradient: 'Gradient descent',
  paper: 'The paper’s notebook, no limits',
};

const sampleCounts = [10_000, 100_000, 300_000, 1_000_000];
const topCounts = [1, 16, 128, 1_000];

/** Selects the engine that searches for the optimum, and its effort. */
function EngineControls() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const optimum = useOptimum((state) => state);
  // Available engines depend on the models; the report names the engine it came from.
  const used = optimum.report?.optimum.engine;
  const automatic = settings.engine === null && used ? names[used] : 'by the regressor';
  const counts = sampleCounts.filter((count) => count * study.domains.length <= maxDrawnWeights);
  const { regressor } = useActiveFit();
  const isTrees = regressor === 'gbdt' || regressor === 'gbdt-paper';
  const engines: EngineId[] = isTrees
    ? ['search', 'simulation', 'paper']
    : ['exact', 'gradient', 'search', 'simulation', 'paper'];
  return (
    <div className="engine">
      <Select
        label="Engine"
        value={engines.find((id) => id === settings.engine) ?? 'automatic'}
        options={[
          { value: 'automatic', label: `Automatic: ${automatic}` },
          ...engines.map((id) => ({ value: id, label: names[id] })),
        ]}
        onChange={(value) =>
          store.editSettings({ engine: engines.find((id) => id === value) ?? null })
        }
      />
      <Select
        label="Mixtures drawn"
        value={String(settings.samples)}
        options={counts.map((count) => ({
          value: String(count),
          label: count.toLocaleString('en'),
        }))}
        onChange={(value) => store.editSettings({ samples: Number(value) })}
      />
      <Select
        label="Mean of the best"
        value={String(settings.topK)}
        options={topCounts.map((count) => ({
          value: String(count),
          label: count.toLocaleString('en'),
        }))}
        onChange={(value) => store.editSettings({ topK: Number(value) })}
      />
      <TypedOption
        key={study.id}
        label="Seed"
        name="folds, bootstrap and simulation"
        value={settings.seed}
        format={String}
        parse={wholeNumber}
        expected="a whole number from 0 to 2147483647"
        onChange={(seed) => seed !== null && store.editSettings({ seed })}
      />
      {optimum.progress && <ProgressLine progress={optimum.progress} />}
    </div>
  );
}

function wholeNumber(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value < 2 ** 31 ? value : null;
}

const kinds = [
  { value: 'single', label: 'One target' },
  { value: 'weighted', label: 'Several, weighted' },
  { value: 'regret', label: 'Several, worst-off first' },
] as const;
/** Far above the strength at which the optimum equals the prior, for losses in nats. */
const maxKl = 1;
const typedKl = 100;

/**
 * The objective: one target or several, the strength of the pull to the prior, and whether repeats
 * are discounted.
 */
function ObjectiveControls() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const { objective } = settings;
  const shares = useMemo(() => targetShares({ study, settings }), [study, settings]);
  const edit = (change: Partial<ObjectiveSettings>) =>
    store.edit((session) => ({
      ...session,
      settings: {
        ...session.settings,
        objective: { ...session.settings.objective, ...change },
      },
    }));
  /** Several targets start with equal weights for all. */
  function chooseKind(value: string): void {
    const kind = kinds.find((each) => each.value === value)?.value ?? 'single';
    const isUnset = Object.values(objective.weights).every((weight) => weight === 0);
    const weights = isUnset
      ? Object.fromEntries(study.targets.map(({ id }) => [id, 1]))
      : objective.weights;
    edit(kind === 'single' ? { kind } : { kind, weights });
  }
  return (
    <div className="objective">
      {study.targets.length > 1 && (
        <Segmented label="Optimise" value={objective.kind} options={kinds} onChange={chooseKind} />
      )}
      {objective.kind !== 'single' && (
        <>
          <MultiWeight
            targets={study.targets}
            weights={objective.weights}
            families={objective.families}
            shares={new Map(shares.map(({ target, weight }) => [target, weight]))}
            onChange={edit}
          />
          <Switch
            label="In units of each target’s spread over the runs"
            checked={objective.normalised}
            onChange={(normalised) => edit({ normalised })}
          />
        </>
      )}
      <Slider
        label="Pull to the prior (KL)"
        value={objective.kl}
        min={0}
        max={maxKl}
        step={0.01}
        bigStep={0.1}
        mark={olmixKl}
        format={(value) => formatNumber(value, 2)}
        display={String(objective.kl)}
        parse={parseKl}
        expected={`a number from 0 to ${typedKl}; olmix takes ${olmixKl}, the mark`}
        onStart={store.beginGesture}
        onChange={(kl) => edit({ kl })}
        onCommit={store.endGesture}
      />
      <Switch
        label="Repeated tokens count less than fresh ones"
        hint="Effective data after Muennighoff et al. (2023): matters where a domain’s tokens are fewer than its weight asks for."
        checked={objective.discountRepeats}
        onChange={(discountRepeats) => edit({ discountRepeats })}
      />
      <Switch
        label="Show the worst mixture instead"
        checked={objective.seek === 'worst'}
        onChange={(worst) => edit({ seek: worst ? 'worst' : 'best' })}
      />
    </div>
  );
}

function parseKl(text: string): number | null {
  const value = parseQuantity(text);
  return value !== null && value >= 0 && value <= typedKl ? value : null;
}
