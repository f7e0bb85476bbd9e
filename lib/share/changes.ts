/** Differences of a session from its study's defaults, which a link carries. */

import { meanOfRuns, uniformPrior } from '../mixture/prior';
import { formatList, plural } from '../model/format';
import type { Constraints } from '../model/limits';
import type { ObjectiveSettings, Settings } from '../model/settings';
import type { Prior, Study } from '../model/study';
import { regressorInfo } from '../regression/catalogue';
import { wholeStudy } from '../runs/left-out';
import type { OpenedStudy } from '../study/from-runs';
import { isLesson } from '../study/lesson';
import { publishedMixtures } from '../study/published';
import type { ListChange } from './codec';
import type {
  ConstraintsChange,
  LinkContent,
  MixturesChange,
  ObjectiveChange,
  SettingsChange,
  SharedView,
  StudyReference,
  ViewChange,
} from './content';

/**
 * The content of a link that restores the session and view.
 *
 * @param study reference to the session's runs
 */
export function contentOf(
  session: OpenedStudy,
  view: SharedView,
  study: StudyReference,
): LinkContent {
  const base = linkBase(wholeStudy(session.study), study.kind);
  const { leftOut } = session.study;
  return {
    study,
    domains: session.study.domains.length,
    targets: session.study.targets.length,
    ...(leftOut && { leftOut: leftOut.ids.map((id) => leftOut.whole.ids.indexOf(id)) }),
    mixtures: mixturesChange(session.study, base.study),
    settings: settingsChange(session, base.settings),
    view: viewChange(session.study, view),
  };
}

function mixturesChange(study: Study, base: Study): MixturesChange {
  const { prior, human } = study;
  const change: { -readonly [Name in keyof MixturesChange]: MixturesChange[Name] } = {};
  const weights = listChange(prior.weights, basePrior(prior.kind, base));
  if (prior.kind !== base.prior.kind || weights) {
    change.prior = { kind: prior.kind, ...(weights && { weights }) };
  }
  const humanWeights = listChange(human?.weights ?? [], base.human?.weights ?? []);
  if (human?.name !== base.human?.name || humanWeights) {
    change.human = human && {
      name: human.name,
      weights: listChange(human.weights, prior.weights) ?? unchanged(study),
    };
  }
  return change;
}

function settingsChange({ study, settings }: OpenedStudy, base: Settings): SettingsChange {
  const objective = objectiveChange(study, settings.objective, base.objective);
  const constraints = constraintsChange(settings.constraints, base.constraints);
  const { yours } = settings;
  return {
    ...(settings.target !== base.target && {
      target: study.targets.findIndex(({ id }) => id === settings.target),
    }),
    ...differing(settings, base, [
      'regressor',
      'minRowsPerLeaf',
      'engine',
      'samples',
      'topK',
      'seed',
    ]),
    ...(yours && { yours: listChange(yours, study.prior.weights) ?? unchanged(study) }),
    ...(!yours && base.yours && { yours: null }),
    ...(objective && { objective }),
    ...(constraints && { constraints }),
  };
}

function objectiveChange(
  { targets }: Study,
  objective: ObjectiveSettings,
  base: ObjectiveSettings,
): ObjectiveChange | null {
  const weightOf = ({ weights }: ObjectiveSettings, id: string) =>
    Object.hasOwn(weights, id) ? weights[id] : 0;
  const familyOf = ({ families }: ObjectiveSettings, id: string) =>
    Object.hasOwn(families, id) ? families[id] : '';
  const reweighed = targets.some(({ id }) => weightOf(objective, id) !== weightOf(base, id));
  const regrouped = targets.some(({ id }) => familyOf(objective, id) !== familyOf(base, id));
  const change: ObjectiveChange = {
    ...differing(objective, base, ['kind', 'normalised', 'kl', 'discountRepeats']),
    ...(objective.seek !== base.seek && { seeksWorst: objective.seek === 'worst' }),
    ...(reweighed && {
      weights: targets.flatMap(({ id }, target) => {
        const weight = weightOf(objective, id);
        return weight > 0 ? [{ target, weight }] : [];
      }),
    }),
    ...(regrouped && {
      families: targets.flatMap(({ id }, target) => {
        const family = familyOf(objective, id);
        return family === '' ? [] : [{ target, family }];
      }),
    }),
  };
  return nullIfEmpty(change);
}

function constraintsChange(limits: Constraints, base: Constraints): ConstraintsChange | null {
  const change: { -readonly [Name in keyof ConstraintsChange]: ConstraintsChange[Name] } =
    differing(limits, base, ['requestedTokens', 'beyondTried']);
  for (const name of ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const) {
    const changed = listChange(limits[name], base[name]);
    if (changed) change[name] = changed;
  }
  return nullIfEmpty(change);
}

function viewChange({ domains, targets, testSets }: Study, view: SharedView): ViewChange {
  const axes = axesOf({ domains, targets });
  const brushes = [...view.brushes].flatMap(([key, [low, high]]) => {
    const axis = axes.indexOf(key);
    return axis < 0 ? [] : [{ axis, low, high }];
  });
  const evaluation = testSets.findIndex(({ name }) => name === view.evaluation);
  const { lesson } = view;
  return {
    ...differing(view, baseView, ['band', 'order', 'heatmap']),
    ...(evaluation >= 0 && { evaluation }),
    ...(brushes.length > 0 && { brushes }),
    ...(isLesson(lesson) && { lesson }),
  };
}

/** Names of the axes that can be brushed, in the order in which links count them. */
export function axesOf({ domains, targets }: Pick<Study, 'domains' | 'targets'>): string[] {
  return [...domains.map(({ id }) => id), ...targets.map(({ id }) => `target ${id}`)];
}

/** The entries that differ; null when none does. */
function listChange(
  values: ArrayLike<number | null>,
  base: ArrayLike<number | null>,
): ListChange | null {
  const same = (place: number) => Object.is(values[place], base[place]);
  const change = Array.from(values, (value, place) => (same(place) ? undefined : value));
  const differs = values.length !== base.length || change.some((value) => value !== undefined);
  return differs ? change : null;
}

/** A list without differences, which still names what it is compared with. */
function unchanged({ domains }: Study): ListChange {
  return new Array<undefined>(domains.length).fill(undefined);
}

function differing<Fields, Name extends keyof Fields>(
  values: Fields,
  base: Fields,
  names: readonly Name[],
): Partial<Pick<Fields, Name>> {
  const change: Partial<Pick<Fields, Name>> = {};
  for (const name of names) if (values[name] !== base[name]) change[name] = values[name];
  return change;
}

function nullIfEmpty<Change extends object>(change: Change): Change | null {
  return Object.keys(change).length > 0 ? change : null;
}

/**
 * The base of links, which contain only differences from it. It depends only on the runs and
 * never changes, so that links keep their meaning when the page's defaults change.
 */
export function linkBase(study: Study, kind: LinkContent['study']['kind']): OpenedStudy {
  const based = kind === 'inline' ? study : withMixturesOfRuns(study);
  return { study: based, settings: baseSettings(study) };
}

/** The study with the prior and human mixture that follow from its runs. */
function withMixturesOfRuns(study: Study): Study {
  const published = publishedMixtures(study.domains.map(({ id }) => id));
  return published
    ? {
        ...study,
        prior: { kind: 'file', weights: published.prior },
        human: { name: 'human', weights: published.human },
      }
    : { ...study, prior: meanOfRuns(study.training.mixtures), human: null };
}

/**
 * The weights that a prior of a kind is compared with.
 *
 * @param base of {@link linkBase}
 */
export function basePrior(kind: Prior['kind'], base: Study): Float64Array {
  if (kind === 'uniform') return uniformPrior(base.domains.length).weights;
  return kind === 'runs' ? meanOfRuns(base.training.mixtures).weights : base.prior.weights;
}

function baseSettings({ domains, targets }: Study): Settings {
  const each = <Value>(value: Value): readonly Value[] =>
    new Array<Value>(domains.length).fill(value);
  return {
    target: targets[0].id,
    objective: {
      kind: 'single',
      weights: {},
      families: {},
      normalised: true,
      kl: 0,
      discountRepeats: false,
      seek: 'best',
    },
    yours: null,
    regressor: 'mean',
    minRowsPerLeaf: null,
    engine: null,
    samples: 100_000,
    topK: 128,
    seed: 1,
    constraints: {
      requestedTokens: 25e9,
      availableTokens: each(null),
      epochs: each(4),
      max: each(null),
      min: each(0),
      locked: each(null),
      // Links from before there was this limit open with it lifted, but for domains that no run has: those
      // weigh nothing, lifted or not.
      beyondTried: true,
    },
  };
}

/** The base view of links. */
export const baseView: SharedView = {
  band: 90,
  order: 'weight',
  heatmap: 'spearman',
  evaluation: null,
  brushes: new Map(),
  lesson: { hidesAnswer: false, hiddenStages: [], task: '', isPresenting: false },
};

/**
 * The changes that a link makes to its study, as text: `limits of 3 domains, a mixture to compare with and a
 * brush`; empty when it sets nothing.
 */
export function describeChanges({ leftOut, mixtures, settings, view }: LinkContent): string {
  const { constraints, yours, objective, regressor } = settings;
  const limited = new Set<number>();
  for (const name of ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const) {
    constraints?.[name]?.forEach((value, domain) => {
      if (value !== undefined) limited.add(domain);
    });
  }
  const parts = [
    leftOut && `${plural(leftOut.length, 'run')} left out`,
    settings.target !== undefined && 'a target',
    objective && 'an objective',
    regressor && `the regressor ${regressorInfo(regressor).name}`,
    constraints?.requestedTokens !== undefined && 'the requested tokens',
    constraints?.beyondTried !== undefined && 'the largest tried as a limit',
    limited.size > 0 && `limits of ${plural(limited.size, 'domain')}`,
    yours && 'a mixture to compare with',
    mixtures.prior && 'a prior',
    mixtures.human && 'a human mixture',
    (settings.engine !== undefined || settings.samples || settings.topK) && 'an engine',
    settings.minRowsPerLeaf !== undefined && 'the size of leaves',
    settings.seed !== undefined && 'a seed',
    view.brushes && plural(view.brushes.length, 'brush', 'brushes'),
    (view.band || view.order || view.heatmap || view.evaluation !== undefined) &&
      'how it is viewed',
    view.lesson && 'a lesson',
  ];
  return formatList(parts.filter((part): part is string => typeof part === 'string'));
}
