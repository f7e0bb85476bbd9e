/** Handlers of the explore worker: refits, dependence, stability, schedules and proposals. */
import { StageError } from '../model/errors';
import type { Job } from '../model/job';
import type { AtOptimum, Bounds, Objective, PinPrices } from '../model/limits';
import { selectRows } from '../model/matrix';
import { recentCache } from '../model/recent';
import type { Model } from '../model/regressor';
import { isSmooth } from '../optimum/engines';
import { rateRows } from '../optimum/objective';
import { paretoFront } from '../optimum/pareto';
import { pinPrices } from '../optimum/prices';
import { shoppingList } from '../optimum/shopping';
import { measureNeighbourhood } from '../optimum/solver';
import { bestRunsWithin, type Stability, stabilityOf } from '../optimum/stability';
import { proposalRefits, proposeForStudy } from '../proposals/propose-study';
import type { ProposedRound } from '../proposals/types';
import { assessStudy } from '../regression/assess';
import { type DependenceCurve, partialDependence } from '../regression/effects';
import { fewestForLinear, measureInteractions } from '../regression/interactions';
import { isRowModel, predictModel } from '../regression/predict';
import { bootstrapModels, byRefit, type LearningCurve, learningCurve } from '../regression/refits';
import { findRegressor } from '../regression/regressors';
import { targetSample } from '../regression/sample';
import { fewestMixtures, findTies } from '../regression/ties';
import { rankAgreement } from '../regression/trust';
import type { Handlers } from '../rpc/serve';
import { optimaOverTraining } from '../schedule/optima';
import type { ExploreMethods, FitRequest, StudyTables } from './methods';
import { indexOfTarget, optimismOfStudy, optionsOfStudy, sampleOfStudy } from './optimism';

/** Number of refits for the bands of dependence curves. */
const dependenceRefits = 20;
/** Number of fits whose refits are cached: enough for an objective of many targets. */
const maxRefitted = 32;

/** Number of domains whose prices are cached. */
const maxPriced = 256;

/** What the explore worker does, for one study at a time. */
export function createExploreHandlers(): Handlers<ExploreMethods> {
  let loaded: StudyTables | null = null;
  /** Refitted models by fit, shared by bands and whiskers. */
  const refitted = recentCache<readonly Model[]>(maxRefitted);
  /** Both are asked for by several rooms and panels. */
  const optimisms = recentCache<readonly AtOptimum[]>(maxRefitted);
  const stabilities = recentCache<Stability>(maxRefitted);
  /** Of domains that the pointer comes back to. */
  const prices = recentCache<PinPrices>(maxPriced);

  function tablesOf(revision: string): StudyTables {
    if (loaded?.revision !== revision) {
      throw new StageError('regression', 'Another study has been opened since.', 'Try again.');
    }
    return loaded;
  }

  const targetIndex = (revision: string, target: string) =>
    indexOfTarget(tablesOf(revision), target);

  const sampleFor = ({ revision, target, regressor }: FitRequest) =>
    sampleOfStudy(tablesOf(revision), target, regressor);

  const optionsFor = ({ revision, target, options }: FitRequest) =>
    optionsOfStudy(tablesOf(revision), target, options);

  function* refits(request: FitRequest, model: Model, count: number): Job<readonly Model[]> {
    const regressor = findRegressor(request.regressor);
    if (!regressor.refit || !isRowModel(model)) return [];
    const { revision, target, options } = request;
    const key = JSON.stringify([revision, target, regressor.id, options, count]);
    const known = refitted.get(key);
    if (known) return known;
    const made = yield* bootstrapModels(
      regressor,
      sampleFor(request),
      model,
      optionsFor(request),
      count,
    );
    refitted.set(key, made);
    return made;
  }

  /** Per refit one model per term; none where the regressor is not refitted. */
  function* refitSets(
    request: Omit<FitRequest, 'target'>,
    { terms }: Objective,
    count: number,
  ): Job<readonly (readonly Model[])[]> {
    const byTerm: (readonly Model[])[] = [];
    for (const { target, model } of terms) {
      byTerm.push(yield* refits({ ...request, target }, model, count));
    }
    if (byTerm.some((models) => models.length === 0)) return [];
    return byRefit(byTerm);
  }

  return {
    *load(tables) {
      loaded = tables;
      refitted.clear();
      optimisms.clear();
      stabilities.clear();
      prices.clear();
      yield { done: 1, total: 1, unit: 'studies' };
      return null;
    },
    *learningCurve(request): Job<LearningCurve> {
      const { revision, target, regressor } = request;
      const { usesRecordedWeights } = findRegressor(regressor);
      const rows = targetSample(
        tablesOf(revision).training,
        targetIndex(revision, target),
        usesRecordedWeights,
      );
      return yield* learningCurve(findRegressor(regressor), rows, optionsFor(request));
    },
    rankAgreement: ({ revision, target, seed }) => {
      const { targets, training, testSets } = tablesOf(revision);
      const place = targetIndex(revision, target);
      return rankAgreement([training, ...testSets], place, seed, targets[place].direction);
    },
    *model({ revision, target, regressor, options, imported }) {
      const known = new Map();
      const { model } = yield* assessStudy(
        tablesOf(revision),
        target,
        regressor,
        options,
        known,
        imported,
      );
      return model;
    },
    predict: ({ model, mixtures }) => predictModel(model, mixtures),
    *rate({ objective, mixtures }) {
      return { mixtures, ...(yield* rateRows(objective, mixtures)) };
    },
    *dependence({ model, at, ...request }): Job<DependenceCurve[]> {
      const models = yield* refits(request, model, dependenceRefits);
      return yield* partialDependence(model, at, models);
    },
    *stability({ objective, bounds, refits: count, ...request }): Job<Stability | null> {
      const key = questionOf({ ...request, count }, objective, bounds);
      const known = stabilities.get(key);
      if (known) return known;
      const sets = yield* refitSets(request, objective, count);
      // Linear models are not refitted: they have no whiskers.
      if (sets.length === 0) return null;
      const { mixtures } = tablesOf(request.revision).training;
      const runs = yield* bestRunsWithin(objective, mixtures, bounds);
      const made = yield* stabilityOf(objective, sets, bounds, runs);
      stabilities.set(key, made);
      return made;
    },
    *optimism({ objective, bounds, ...request }): Job<readonly AtOptimum[] | null> {
      const key = questionOf(request, objective, bounds);
      const known = optimisms.get(key);
      if (known) return known;
      const tables = tablesOf(request.revision);
      const made = yield* optimismOfStudy(tables, request, objective, bounds);
      if (made) optimisms.set(key, made);
      return made;
    },
    *pinPrices({ objective, bounds, domain, weights, ...request }): Job<PinPrices | null> {
      if (!isSmooth(objective) || objective.seek === 'worst') return null;
      // An imported model may be replaced by another of the same target.
      const models =
        request.regressor === 'imported' ? objective.terms.map(({ model }) => model) : [];
      const around = { ...request, domain, weights: Array.from(weights), models };
      const key = questionOf(around, objective, bounds);
      const known = prices.get(key);
      if (known) return known;
      const { mixtures } = tablesOf(request.revision).training;
      const runs =
        objective.kind === 'regret' ? yield* bestRunsWithin(objective, mixtures, bounds) : [];
      const made = yield* pinPrices(objective, bounds, domain, weights, runs);
      if (made) prices.set(key, made);
      return made;
    },
    shop: ({ revision, objective, constraints }) =>
      shoppingList(objective, constraints, tablesOf(revision)),
    *pareto({ revision, first, second, base, bounds, count }) {
      const { mixtures } = tablesOf(revision).training;
      const objective: Objective = {
        ...base,
        kind: 'weighted',
        seek: 'best',
        terms: [first, second],
      };
      const runs = yield* bestRunsWithin(objective, mixtures, bounds);
      return yield* paretoFront(first, second, base, bounds, runs, count);
    },
    *neighbours({ revision }): Job<Float64Array> {
      const { distances } = yield* measureNeighbourhood(tablesOf(revision).training.mixtures);
      return distances;
    },
    ties({ revision, own }) {
      const { training, targets } = tablesOf(revision);
      return findTies(training, targets, own);
    },
    *interactions({ revision, rows }) {
      const { training, targets } = tablesOf(revision);
      const { mixtures, losses } = training;
      const chosen = { mixtures: selectRows(mixtures, rows), losses: selectRows(losses, rows) };
      return yield* measureInteractions(chosen, targets, {
        pair: fewestMixtures,
        linear: fewestForLinear(mixtures.columns),
      });
    },
    schedule: ({ revision, trajectory, ...question }) =>
      optimaOverTraining(tablesOf(revision), trajectory, question),
    *propose({ objective, bounds, count, ...request }): Job<ProposedRound> {
      const { targets, training } = tablesOf(request.revision);
      return yield* proposeForStudy({
        targets,
        training,
        objective,
        bounds,
        refits: yield* refitSets(request, objective, proposalRefits),
        count,
        seed: request.options.seed,
      });
    },
  };
}

/** Identifies a question about the optimum, but for its models: these follow from the fits that `request` names. */
function questionOf(request: object, objective: Objective, bounds: Bounds): string {
  const terms = objective.terms.map(({ model: _model, ...term }) => term);
  const { kind, kl, seek, prior, unique } = objective;
  const arrays = [bounds.lower, bounds.upper, prior, unique];
  return JSON.stringify([
    request,
    { kind, kl, seek, terms },
    arrays.map((values) => values && Array.from(values)),
  ]);
}
