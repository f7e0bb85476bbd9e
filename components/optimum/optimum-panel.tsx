'use client';

/**
 * The optimum panel: the chart of weights, the description of the result, and the controls of
 * engine and objective.
 */
import { Suspense, useMemo, useState } from 'react';
import { targetShares } from '../../lib/analysis/keys';
import { withWeight } from '../../lib/mixture/simplex';
import { formatList, formatNumber, parseQuantity, plural } from '../../lib/model/format';
import type { BoundSource, EngineId } from '../../lib/model/limits';
import { maxDrawnWeights, type ObjectiveSettings, olmixKl } from '../../lib/model/settings';
import { heldBy, isUntried } from '../../lib/optimum/constraints';
import { costAt } from '../../lib/optimum/pin-cost';
import { KeepYours } from '../challenge/keep-yours';
import { ChartFrame } from '../charts/chart-frame';
import type { LaneDrag } from '../charts/lane-grip';
import { Lanes } from '../charts/lanes';
import type { LaneColumn, LaneNote } from '../charts/lanes-geometry';
import { HiddenAnswer } from '../lesson/lesson';
import { useLimitCells } from '../limits/limit-cells';
import { editConstraints, withDomainLimit } from '../limits/limits';
import { UnfittedRuns } from '../runs/far-runs';
import { useAdvisedOptimum, useFormerOptimum, useHover, useOrderedDomains } from '../shell/hooks';
import { Stage } from '../shell/stage';
import {
  useActiveFit,
  useHidesAnswer,
  useOptimum,
  useSession,
  useStores,
  useStudyState,
  useView,
} from '../shell/stores';
import { Segmented, Select, Switch } from '../ui/controls';
import { Disclosure } from '../ui/layout';
import { lazyPart, MissingPart } from '../ui/lazy-part';
import { MultiWeight } from '../ui/multi-weight';
import { ProgressLine } from '../ui/progress';
import { Slider } from '../ui/slider';
import { TypedOption } from '../ui/typed-value';
import { AnswerVerdict } from './answer-verdict';
import { useHeldOrder } from './held-order';
import { useFormer, useOutdated, usePinPrices, useStability, useTruth } from './hooks';
import { ObjectiveNotes } from './objective-notes';
import { useOptimumLanes } from './optimum-lanes';
import { alternative, leastCost, offerText, pinText } from './pin-text';
import { RefitButtons, usePlayedRefits } from './played-refits';
import { Predicted } from './predicted';

const TrueValues = lazyPart(() => import('./true-values'));
const Pins = lazyPart(() => import('./pins'));
const Prices = lazyPart(() => import('./prices'));
const PinButton = lazyPart(
  () => import('./pin-button'),
  () => null,
);

/** The mixture to train on, beside the prior and the human one, with the caps that limit it. */
export function OptimumPanel() {
  const { study, settings } = useSession();
  const { study: store, view } = useStores();
  const optimum = useOptimum((state) => state);
  const isHidden = useHidesAnswer();
  const former = useFormerOptimum();
  const scale = useView((state) => state.laneScale);
  const order = useView((state) => state.order);
  const isMoving = useStudyState((state) => state.gesture !== null);
  const latest = useOrderedDomains();
  const { ordered, holding } = useHeldOrder(latest, [study.id, order, settings.target]);
  const hover = useHover(ordered);
  /** The domain under the pointer or focus in this chart, and in no other: its row may move. */
  const [pointed, setPointed] = useState<number | null>(null);
  const { constraints } = settings;
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const { report, solved } = optimum;
  const stability = useStability();
  const isOutdated = useOutdated();
  const { truth, retry: retryTruth } = useTruth();
  const isFormer = useFormer();
  const isUnadvised = optimum.advice?.verb === 'none';
  const spread = stability.status === 'done' ? stability.value : null;
  const pinPrices = usePinPrices(pointed);
  const played = usePlayedRefits();
  const advised = useAdvisedOptimum();
  const weights = advised && (played.weights ?? advised);
  const isPinned = (index: number) => constraints.locked[index] !== null;
  // Also while a fit is awaited: who has the grip keeps it.
  const isMovable =
    optimum.feasibility.feasible && !isUnadvised && weights !== null && settings.engine !== 'paper';
  const {
    lanes: rows,
    bounds,
    free,
    binding,
  } = useOptimumLanes(
    ordered,
    weights,
    {
      human: study.human?.weights,
      yours: settings.yours,
      truth: truth?.weights,
      former,
      low: spread?.low,
      high: spread?.high,
    },
    isMovable,
  );
  const pinColumn: LaneColumn = {
    key: 'pin',
    label: 'Pin',
    width: 32,
    from: 460,
    cell: (row) => {
      const domain = ordered[row];
      if (!isMovable) return null;
      return (
        <Suspense>
          <PinButton
            name={study.domains[domain].name}
            isPinned={isPinned(domain)}
            onToggle={() => pin(domain, isPinned(domain) ? null : (weights?.[domain] ?? null))}
          />
        </Suspense>
      );
    },
  };
  const limits = useLimitCells(ordered, bounds, free, binding, weights);
  const dragYours: LaneDrag = {
    onStart: store.beginGesture,
    onMove: (row, weight) => {
      const { gesture, session } = store.getState();
      const from = (gesture ?? session).settings.yours ?? study.prior.weights;
      store.editSettings({ yours: withWeight(from, ordered[row], weight, new Set()) });
    },
    onEnd: store.endGesture,
  };
  const drag: LaneDrag = {
    onStart: store.beginGesture,
    onMove: (row, weight) => pin(ordered[row], weight),
    onEnd: store.endGesture,
  };

  if (isHidden) {
    return (
      <Stage id="optimum" title="Optimum" finding="Hidden: guess first.">
        <HiddenAnswer />
        <Lanes
          lanes={rows.map((row) => ({ ...row, optimum: null, low: null, high: null, reach: null }))}
          before={limits.columns}
          fold={limits.fold}
          humanLabel={study.human?.name ?? null}
          scale={scale}
          onScale={(laneScale) => view.setState({ laneScale })}
          hasOptimum={false}
          dragYours={settings.yours ? dragYours : undefined}
          {...hover}
        />
        <Disclosure label={describeObjective(settings.objective)}>
          <ObjectiveControls />
        </Disclosure>
      </Stage>
    );
  }
  return (
    <Stage id="optimum" title="Optimum" finding={finding()}>
      <ObjectiveNotes />
      <div className="answer-columns">
        <div>
          <div {...holding}>
            <ChartFrame
              title="Domain weights"
              fileName="regmix-weights"
              how={how()}
              data={{
                columns: [
                  { key: 'domain', label: 'domain' },
                  ...(isUnadvised ? [] : [{ key: 'optimum', label: 'optimum', numeric: true }]),
                  { key: 'prior', label: 'prior', numeric: true },
                  ...(study.human
                    ? [{ key: 'human', label: study.human.name, numeric: true }]
                    : []),
                  ...(settings.yours ? [{ key: 'yours', label: 'yours', numeric: true }] : []),
                  ...(truth ? [{ key: 'truth', label: 'true best', numeric: true }] : []),
                  ...(spread
                    ? [
                        { key: 'low', label: '5% of refits', numeric: true },
                        { key: 'high', label: '95% of refits', numeric: true },
                      ]
                    : []),
                  ...(former
                    ? [{ key: 'former', label: 'before the last edit', numeric: true }]
                    : []),
                  { key: 'floor', label: 'at least', numeric: true },
                  { key: 'cap', label: 'cap', numeric: true },
                  { key: 'by', label: 'cap by' },
                  { key: 'binds', label: 'binds' },
                ],
                rows: () =>
                  rows.map((row, place) => [
                    row.label,
                    ...(isUnadvised ? [] : [advised ? advised[ordered[place]] : null]),
                    row.prior,
                    ...(study.human ? [row.human] : []),
                    ...(settings.yours ? [row.yours] : []),
                    ...(truth ? [row.truth] : []),
                    ...(spread ? [row.low, row.high] : []),
                    ...(former ? [row.former] : []),
                    bounds.lower[ordered[place]],
                    bounds.upper[ordered[place]],
                    capNames[bounds.source[ordered[place]]],
                    row.binding ? 'yes' : 'no',
                  ]),
              }}
            >
              <Lanes
                lanes={rows}
                before={limits.columns}
                after={[pinColumn]}
                fold={limits.fold}
                humanLabel={study.human?.name ?? null}
                scale={scale}
                onScale={(laneScale) => view.setState({ laneScale })}
                dimmed={optimum.status === 'infeasible' || isOutdated}
                hasOptimum={!isUnadvised}
                note={noteOn()}
                dragOptimum={isMovable ? drag : undefined}
                dragYours={settings.yours ? dragYours : undefined}
                hovered={hover.hovered}
                onHover={(row) => {
                  setPointed(row === null ? null : ordered[row]);
                  hover.onHover(row);
                }}
              />
            </ChartFrame>
          </div>
          <div className="under-lanes">
            <YoursLine />
            <RefitButtons {...played} />
          </div>
          {constraints.locked.some((weight) => weight !== null) && (
            <Suspense>
              <Pins unit={priceUnit()} />
            </Suspense>
          )}
        </div>
        <AnswerVerdict />
        <div className="answer-rest">
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
              {!isUnadvised && (
                <Suspense>
                  <Prices report={report} unit={priceUnit()} />
                </Suspense>
              )}
            </>
          ) : (
            <p className="quiet">Waiting for the fit.</p>
          )}
          <Disclosure label={describeObjective(settings.objective)}>
            <ObjectiveControls />
          </Disclosure>
          <Disclosure label="Search method">
            <EngineControls />
          </Disclosure>
        </div>
      </div>
    </Stage>
  );

  function finding(): string {
    if (optimum.status === 'infeasible')
      return report
        ? 'No mixture meets the limits; the last one that did is shown.'
        : 'No mixture meets the limits.';
    if (!report) return 'Waiting for the fit.';
    if (isOutdated) return 'The limits have changed; this is still the former mixture. Refitting…';
    if (isFormer) return 'Found from the former runs. Fitting the new ones…';
    if (isUnadvised && optimum.advice) {
      return `No advice. ${optimum.advice.words}: ${optimum.advice.reason}.`;
    }
    if (report.optimum.engine === 'paper') {
      return `The published procedure ignores your limits. ${report.optimum.notes.join(' ')}`;
    }
    const sought = solved?.seek === 'worst' ? 'Worst' : 'Best';
    const what =
      solved && solved.terms.length > 1
        ? `${sought} for ${solved.terms.length} targets`
        : `${sought} predicted ${target.name}`;
    const { locked } = constraints;
    const pins = locked.filter((weight) => weight !== null).length;
    if (binding.size === 0) {
      return `${what}; no limit binds${pins > 0 ? `, ${pins} pinned` : ''}.${untriedText()}`;
    }
    const names = [...binding].slice(0, 3).map((index) => {
      const { name } = study.domains[index];
      const held = report ? heldBy(bounds, index, report.optimum.weights[index]) : 'none';
      return held === 'tried' || held === 'min' ? `${name} (${capNames[held]})` : name;
    });
    const rest = binding.size - names.length;
    return `${what} under your limits. At their limit: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}${pins > 0 ? `; ${pins} pinned` : ''}.${untriedText()}`;
  }

  /** The domains without weight because no run has any of them. */
  function untriedText(): string {
    const names = study.domains.flatMap(({ name }, index) =>
      isUntried(bounds, index) ? [name] : [],
    );
    if (names.length === 0) return '';
    const rest = names.length - maxNamed;
    const named = names.slice(0, maxNamed);
    return ` Not in any run, so without weight: ${formatList(rest > 0 ? [...named, `${rest} more`] : named)}.`;
  }

  function pin(domain: number, weight: number | null): void {
    editConstraints(store, (limits) => withDomainLimit(limits, domain, { locked: weight }));
  }

  /** What moving the weight of the row under the pointer would cost, or has cost. */
  function noteOn(): LaneNote | null {
    const domain = pointed ?? -1;
    const row = ordered.indexOf(domain);
    const reach = rows[row]?.reach;
    if (!isMovable || !reach) return null;
    const pinned = constraints.locked[domain];
    if (pinned !== null) {
      const text = pinText(pinned, optimum.pinCosts.get(domain), '');
      return { row, text: () => text };
    }
    if (isMoving || !weights) return null;
    const gain = report?.prices?.[domain] ?? 0;
    const isHeld = binding.has(domain) && gain >= leastCost;
    return {
      row,
      text: (aimed) => {
        if (aimed === null && isHeld) {
          return `Drag to pin. One point more would gain ${formatNumber(gain, 4)}`;
        }
        const weight = aimed ?? alternative(weights[domain], rows[row].prior, reach);
        if (pinPrices.status === 'running') return 'Drag to pin. Finding what that costs…';
        if (!pinPrices.value || weight === null) return 'Drag to pin';
        return offerText(weight, costAt(pinPrices.value, weight));
      },
    };
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
        ? [
            `Ranges behind the dots: 5% to 95% of the weights over ${spread.refits} refits to resampled runs.`,
          ]
        : []),
      ...(truth
        ? [
            'Crosses: the true best mixture within the same limits, by the law that generated the runs.',
          ]
        : []),
    ].join(' ');
  }
}

/** The reader's own mixture: where it begins, and what it is predicted to reach. */
function YoursLine() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const { report, solved } = useOptimum((state) => state);
  if (!settings.yours) {
    return (
      <p className="small">
        <span className="yours-word">Your turn.</span>{' '}
        <button
          type="button"
          className="link"
          onClick={() => store.editSettings({ yours: Array.from(study.prior.weights) })}
        >
          Start from the prior
        </button>{' '}
        and drag its triangles.
      </p>
    );
  }
  const target = study.targets.find(({ id }) => id === solved?.terms[0].target);
  const reached =
    report?.yours && target
      ? `yours is predicted to reach ${formatNumber(report.yours[0], 3)}, ${gapText(report.yours[0] - report.optimum.predictions[0])} the optimum.`
      : '';
  return (
    <p className="small">
      <span className="yours-word">Your turn.</span> Drag the triangles: {reached} <KeepYours />{' '}
      <button type="button" className="link" onClick={() => store.editSettings({ yours: null })}>
        Remove
      </button>
    </p>
  );
}

function gapText(difference: number): string {
  return `${formatNumber(Math.abs(difference), 3)} ${difference >= 0 ? 'above' : 'below'}`;
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
      return 'The exact optimum under the limits. For a law: water-filling, which equalises the marginal gain of all domains between their bounds. For a linear model: the best coefficient is filled first.';
    case 'gradient':
      return 'Scaled gradient projection from several starts, among them the exact optimum of the law, the prior and the best runs.';
    case 'search':
      return `Moves weight between pairs of domains until no move improves the prediction (seed ${seed}). It starts from the best of ${samples.toLocaleString('en')} simulated mixtures and of the runs.`;
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
        hint="Effective data after Muennighoff et al. (2023). It matters where a domain’s weight needs more tokens than there are."
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
