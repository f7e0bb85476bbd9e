import type { EngineId, Objective } from '../model/limits';
import type { Model, RegressorId } from '../model/regressor';
import { lawWorkBelow } from '../model/settings';
import type { Study } from '../model/study';
import { uniqueShares } from '../optimum/constraints';
import { usableEngine } from '../optimum/engines';
import { catalogue, longFit, regressorInfo } from '../regression/catalogue';
import type { Session } from '../session/study-store';
import { revisionOf } from '../study/identity';
import type { ActiveModels, Solved } from './analysis-store';
import type { Demand } from './demand-store';
import { fitKey, importedModel, targetShares } from './keys';
import type { OptimumProblem } from './methods';

/** One fit that the page needs. */
export interface NeededFit {
  readonly key: string;
  readonly target: string;
  readonly regressor: RegressorId;
  /** Whether the model itself is needed, or only its report. */
  readonly needsModel: boolean;
  /** Whether the current optimum waits for it. */
  readonly isUrgent: boolean;
}

/** Above this many weights (rows x domains) only visible targets are fitted, not all. */
const fitAllBelow = 2_000_000;

/** Whether the law is fitted to every target, as interactions by law need. */
export function fitsLaws({ training, targets }: Study): boolean {
  const { rows, columns } = training.mixtures;
  return (
    rows * columns <= fitAllBelow &&
    rows * columns ** 2 * targets.length <= 10 * lawWorkBelow &&
    rows >= regressorInfo('law').minimumRows(columns)
  );
}

/**
 * What to fit, by priority: first what the current optimum needs (preliminary regressors before the chosen
 * one), then the requests of panels near the viewport, in page order.
 */
export function neededFits(session: Session, demands: readonly Demand[]): NeededFit[] {
  const { study, settings } = session;
  const list: NeededFit[] = [];
  const want = (
    target: string,
    regressor: RegressorId,
    { needsModel = false, isUrgent = false } = {},
  ): void => {
    const key = fitKey(study, target, regressor, settings);
    const place = list.findIndex((wanted) => wanted.key === key);
    if (place < 0) list.push({ key, target, regressor, needsModel, isUrgent });
    else if (needsModel) list[place] = { ...list[place], needsModel };
  };
  const chosen = settings.regressor;
  const { preliminary } = regressorInfo(chosen);
  const objective = targetShares(session).map(({ target }) => target);
  for (const regressor of preliminary ? [preliminary, chosen] : [chosen]) {
    for (const target of new Set([settings.target, ...objective])) {
      want(target, regressor, { needsModel: true, isUrgent: true });
    }
  }
  const isWanted = (kind: Demand['kind']) => demands.some((demand) => demand.kind === kind);
  const canFit = (target: string) => chosen !== 'imported' || importedModel(study, target);
  const { rows, columns } = study.training.mixtures;
  if (isWanted('rivals')) {
    for (const { id, stopsOnTestSet } of catalogue) {
      if (longFit(id, rows, columns) !== null) continue;
      if (!stopsOnTestSet || study.testSets.length > 0) want(settings.target, id);
    }
  }
  for (const demand of demands) {
    if (demand.kind === 'model' && canFit(demand.target)) {
      want(demand.target, chosen, { needsModel: true });
    }
  }
  if (isWanted('targets') && rows * columns <= fitAllBelow) {
    for (const { id } of study.targets) if (canFit(id)) want(id, chosen);
  }
  if (isWanted('laws') && fitsLaws(study)) {
    for (const { id } of study.targets) want(id, 'law', { needsModel: true });
  }
  return list;
}

/** See {@link Solved}. */
export function askedOf({ study, settings }: Session): string {
  const { objective, constraints } = settings;
  return JSON.stringify([
    revisionOf(study),
    objective,
    constraints,
    Array.from(study.prior.weights),
  ]);
}

/** The question that the shown mixture answers: identifies and names the answer. */
export function questionOf(session: Session, active: ActiveModels): Solved {
  const { key, regressor, isPreliminary } = active;
  const terms = targetShares(session);
  const { study, settings } = session;
  const { seek } = settings.objective;
  const directions = study.targets.map(({ direction }) => direction);
  const shares = terms.map(({ target, weight }) => [target, weight]);
  const { regressor: chosen, minRowsPerLeaf, seed } = settings;
  return {
    key: JSON.stringify([key, seek, terms, directions]),
    question: JSON.stringify([chosen, minRowsPerLeaf, seed, seek, shares, directions]),
    asked: askedOf(session),
    revision: revisionOf(study),
    regressor,
    isPreliminary,
    terms,
    seek,
  };
}

/** The active fits as a problem for the optimum worker. */
export function problemOf(
  session: Session,
  fits: string,
  models: readonly Model[],
): OptimumProblem {
  const { study, settings } = session;
  const { samples, seed, objective } = settings;
  const prior = study.prior.weights;
  const human = study.human?.weights ?? null;
  const yours = settings.yours && Float64Array.from(settings.yours);
  const terms = targetShares(session).map((share, place) => ({
    ...share,
    model: models[place],
    direction: study.targets.find(({ id }) => id === share.target)?.direction ?? 'lower',
  }));
  const unique = objective.discountRepeats ? uniqueShares(settings.constraints) : null;
  const named = {
    // The worst mixture is the worst on average: a worst largest regret means nothing.
    kind: objective.kind === 'regret' && objective.seek === 'best' ? 'regret' : 'weighted',
    kl: objective.kl,
    seek: objective.seek,
  } as const;
  const partsKey = JSON.stringify([revisionOf(study), samples, seed, Array.from(prior)]);
  const terse = terms.map(({ model: _model, ...term }) => term);
  const arrays = [human, yours, unique].map((values) => values && Array.from(values));
  return {
    key: JSON.stringify([fits, partsKey, named, terse, arrays]),
    freeKey: JSON.stringify([fits, named, terse]),
    partsKey,
    objective: { ...named, terms, prior, unique },
    runs: study.training.mixtures,
    human,
    yours,
    samples,
    seed,
  };
}

/** A simulation runs first where a search follows, so that a slider always gets an answer. */
export function enginesFor(chosen: EngineId | null, objective: Objective): readonly EngineId[] {
  const engine = usableEngine(chosen, objective);
  return engine === 'search' ? ['simulation', 'search'] : [engine];
}
