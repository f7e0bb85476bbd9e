import { createStore } from 'zustand/vanilla';
import type { bandLevels } from '../model/regressor';
import type { Study } from '../model/study';
import { type Lesson, noLesson } from '../study/lesson';

/** How domains are ordered in every chart and table. */
export type DomainOrder = 'file' | 'name' | 'weight';

/** The stages that train in this tab. */
export type JobStage = 'proxies' | 'verify';

/** A training in this tab, as the bar shows it wherever the reader is. */
export interface JobNews {
  /** `saved`: begun in an earlier visit, and not yet resumed. */
  readonly phase: 'starting' | 'running' | 'paused' | 'done' | 'failed' | 'saved';
  /** Id of the training; empty while it is being prepared. */
  readonly job: string;
  /** What is trained: `proxies`. */
  readonly many: string;
  readonly done: number;
  readonly total: number;
  /** Share of all steps that is done, 0 to 1. */
  readonly share: number;
  /** Seconds left; NaN = unknown. */
  readonly left: number;
  /** Pauses it, goes on with it, or resumes it, by its phase; null = none of these. */
  readonly act: (() => void) | null;
  /** Why what was asked for could not be done, such as resuming it; usually empty. */
  readonly problem: string;
}

/** Whether a training would end if the page were left. */
export function isUnderWay(news: JobNews | null): boolean {
  return news !== null && ['starting', 'running', 'paused'].includes(news.phase);
}

/**
 * Says that what is on view is not what is being trained; empty while it is, and while nothing trains.
 *
 * @param study on view; `training` is the training that made it, if one did
 */
export function otherStudyText(
  study: { readonly name: string; readonly training: string | undefined },
  news: JobNews | null,
): string {
  if (!news || !isUnderWay(news) || news.job === '' || news.job === study.training) return '';
  const many = news.total > 0 ? `, ${news.done} of ${news.total} ${news.many}` : '';
  return `This is about “${study.name}”, not about the study in training${many}.`;
}

/** The state of the view: nothing here changes a number. */
export interface ViewState {
  /** Index of the domain under the pointer or focus, highlighted in every panel. */
  readonly hoveredDomain: number | null;
  readonly order: DomainOrder;
  /** Name of the test set whose predictions are shown; null = out-of-fold. */
  readonly evaluation: string | null;
  /** Training run picked in the scatter or the table. */
  readonly pickedRun: string | null;
  readonly heatmap: 'spearman' | 'coefficients' | 'law';
  /** Share of unseen runs, in percent, that the shown bands contain. */
  readonly band: (typeof bandLevels)[number];
  /** Status of a training in this tab, in a word or two. */
  readonly training: string;
  /** Status of a verification in this tab, in a word or two. */
  readonly verification: string;
  /** Trainings in this tab that are under way, or have news; null = none. */
  readonly jobs: Readonly<Record<JobStage, JobNews | null>>;
  /** What stands out in Explore while nothing is brushed: the best tenth of the runs, or nothing. */
  readonly marked: 'best' | 'all';
  /** Ranges brushed, by axis: runs outside of one are dimmed everywhere. They clear when the runs change. */
  readonly brushes: ReadonlyMap<string, readonly [number, number]>;
  /** D weights of the optimum before the last edit that changed it; null = there is none. */
  readonly former: Float64Array | null;
  /** The axis of weights: proportional to their square roots, or to themselves. */
  readonly laneScale: 'root' | 'linear';
  readonly lesson: Lesson;
  /** Id of the stage that is to be brought into view once its room is shown; null = none. */
  readonly arriving: string | null;
}

export type ViewStore = ReturnType<typeof createViewStore>;

/** Predictions of fewer unseen runs say less than those out of fold. */
const fewestShown = 10;

/** Name of the test set whose predictions are shown first: the first with enough runs; null = out of fold. */
export function firstEvaluation({ testSets }: Pick<Study, 'testSets'>): string | null {
  return testSets.find(({ ids }) => ids.length >= fewestShown)?.name ?? null;
}

/** @param evaluation name of the test set to show first; null = out of fold */
export function createViewStore(evaluation: string | null = null) {
  return createStore<ViewState>(() => ({
    hoveredDomain: null,
    order: 'weight',
    evaluation,
    pickedRun: null,
    heatmap: 'spearman',
    band: 90,
    training: 'train here',
    verification: 'train larger',
    jobs: { proxies: null, verify: null },
    marked: 'best',
    brushes: new Map(),
    former: null,
    laneScale: 'root',
    lesson: noLesson,
    arriving: null,
  }));
}

/**
 * The order of domains as indices into the study's.
 *
 * @param weights D weights that `weight` sorts by, largest first
 */
export function orderDomains(
  order: DomainOrder,
  names: readonly string[],
  weights: Float64Array,
): number[] {
  const indices = names.map((_, index) => index);
  if (order === 'name') {
    indices.sort((a, b) => names[a].localeCompare(names[b], 'en') || a - b);
  } else if (order === 'weight') {
    indices.sort((a, b) => weights[b] - weights[a] || a - b);
  }
  return indices;
}
