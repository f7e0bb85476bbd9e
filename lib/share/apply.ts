/** Applies the content of a link to the study that it names. */
import { cleanLabel, cleanLine } from '../model/labels';
import type { ObjectiveSettings, Settings } from '../model/settings';
import type { NamedMixture, Prior, Study } from '../model/study';
import { leaveOut, wholeStudy } from '../runs/left-out';
import { minimumTrainingRows } from '../runs/recognition';
import type { OpenedStudy } from '../study/from-runs';
import { type Lesson, longestTask } from '../study/lesson';
import { axesOf, basePrior, baseView, linkBase } from './changes';
import type { ListChange } from './codec';
import type {
  ConstraintsChange,
  LinkContent,
  MixturesChange,
  ObjectiveChange,
  PriorChange,
  SharedView,
  ViewChange,
} from './content';
import { damaged, LinkError } from './errors';
import { studyFingerprint } from './study-in-link';

/** Maximum deviation of the sum of weights from 1: rounding errors. */
const slack = 1e-6;

/** A session and view from a link. */
export interface LinkedSession {
  readonly session: OpenedStudy;
  readonly view: SharedView;
}

/**
 * Applies a link to the study that it names.
 *
 * @param found the study found by the link's reference; not modified
 * @throws LinkError when it is not the study that the link was made for, or a mixture is invalid
 */
export function applyLink(content: LinkContent, found: Study): LinkedSession {
  const whole = wholeStudy(found);
  const { domains, targets, testSets } = whole;
  const { study: reference } = content;
  const isOther =
    content.domains !== domains.length ||
    content.targets !== targets.length ||
    ('print' in reference && studyFingerprint(found) !== reference.print) ||
    (content.leftOut?.at(-1) ?? -1) >= whole.training.ids.length ||
    (content.view.evaluation ?? -1) >= testSets.length;
  if (isOther) {
    throw new LinkError(
      `This link was made for other runs than those of “${found.name}”, so its figures would differ.`,
      'Ask for a new link, or for the study as a file.',
    );
  }
  const base = linkBase(whole, reference.kind);
  const study = withMixtures(withoutRuns(base.study, content.leftOut), content.mixtures);
  return {
    session: { study, settings: withSettings(study, base.settings, content.settings) },
    view: viewOf(study, content.view),
  };
}

/** @throws LinkError when too few runs would be left */
function withoutRuns(study: Study, leftOut: readonly number[] = []): Study {
  const { ids } = study.training;
  if (ids.length - leftOut.length < minimumTrainingRows) {
    throw damaged(`it leaves out ${leftOut.length} of ${ids.length} runs`);
  }
  return leaveOut(
    study,
    leftOut.map((row) => ids[row]),
  );
}

function withSettings(study: Study, settings: Settings, change: LinkContent['settings']): Settings {
  const { target, yours, objective, constraints, ...plain } = change;
  return {
    ...settings,
    ...plain,
    target: target === undefined ? settings.target : study.targets[target].id,
    yours:
      yours === undefined
        ? settings.yours
        : yours && Array.from(mixtureOf(yours, study.prior.weights)),
    objective: objective ? withObjective(study, settings.objective, objective) : settings.objective,
    constraints: { ...settings.constraints, ...limitsOf(settings.constraints, constraints ?? {}) },
  };
}

function withMixtures(study: Study, { prior, human }: MixturesChange): Study {
  const changed = prior ? priorOf(study, prior) : study.prior;
  return {
    ...study,
    prior: changed,
    human: human === undefined ? study.human : human && humanOf(human, changed),
  };
}

function priorOf(study: Study, { kind, weights }: PriorChange): Prior {
  const base = basePrior(kind, study);
  return { kind, weights: weights ? mixtureOf(weights, base) : base };
}

function humanOf(
  { name, weights }: NonNullable<MixturesChange['human']>,
  prior: Prior,
): NamedMixture {
  return { name: cleanLabel(name) || 'human', weights: mixtureOf(weights, prior.weights) };
}

/** @throws LinkError when the weights do not sum to 1 */
function mixtureOf(change: ListChange, base: Float64Array): Float64Array {
  const weights = Float64Array.from(base, (before, place) => change[place] ?? before);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) <= slack) return weights;
  throw damaged(`the weights of a mixture in it sum to ${Number(sum.toPrecision(6))} instead of 1`);
}

function withObjective(
  { targets }: Study,
  objective: ObjectiveSettings,
  { weights, families, seeksWorst, ...plain }: ObjectiveChange,
): ObjectiveSettings {
  return {
    ...objective,
    ...plain,
    seek: seeksWorst === undefined ? objective.seek : seeksWorst ? 'worst' : 'best',
    // Ids come from files: entries are defined, not assigned, so that `__proto__` is an ordinary key.
    weights: weights
      ? Object.fromEntries(weights.map(({ target, weight }) => [targets[target].id, weight]))
      : objective.weights,
    families: families
      ? Object.fromEntries(
          families.map(({ target, family }) => [targets[target].id, cleanLabel(family)]),
        )
      : objective.families,
  };
}

function limitsOf(base: Settings['constraints'], change: ConstraintsChange) {
  const merged = <Value extends number | null>(
    before: readonly Value[],
    changed: ListChange | undefined,
  ): readonly Value[] =>
    // Null occurs only in lists that may hold it, by the codec of each list.
    changed
      ? before.map((old, place) => (changed[place] === undefined ? old : (changed[place] as Value)))
      : before;
  return {
    requestedTokens:
      change.requestedTokens === undefined ? base.requestedTokens : change.requestedTokens,
    availableTokens: merged(base.availableTokens, change.availableTokens),
    epochs: merged(base.epochs, change.epochs),
    max: merged(base.max, change.max),
    min: merged(base.min, change.min),
    locked: merged(base.locked, change.locked),
    beyondTried: change.beyondTried ?? base.beyondTried,
  };
}

function viewOf(study: Study, { brushes, evaluation, lesson, ...plain }: ViewChange): SharedView {
  const axes = axesOf(study);
  return {
    ...baseView,
    ...plain,
    evaluation: evaluation === undefined ? null : study.testSets[evaluation].name,
    brushes: new Map((brushes ?? []).map(({ axis, low, high }) => [axes[axis], [low, high]])),
    lesson: lesson ? cleanLesson(lesson) : baseView.lesson,
  };
}

function cleanLesson(lesson: Lesson): Lesson {
  const lines = lesson.task
    .slice(0, longestTask)
    .split('\n')
    .map((line) => cleanLine(line, longestTask));
  return {
    ...lesson,
    hiddenStages: lesson.hiddenStages.filter((stage) => /^[a-z-]+$/.test(stage)),
    task: lines.join('\n').trim(),
  };
}
