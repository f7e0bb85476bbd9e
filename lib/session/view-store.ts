import { createStore } from 'zustand/vanilla';
import type { bandLevels } from '../model/regressor';
import { type Lesson, noLesson } from '../study/lesson';

/** How domains are ordered in every chart and table. */
export type DomainOrder = 'file' | 'name' | 'weight';

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
  /** Ranges brushed in the parallel coordinates, by axis: runs outside of one are dimmed everywhere. */
  readonly brushes: ReadonlyMap<string, readonly [number, number]>;
  readonly lesson: Lesson;
}

export type ViewStore = ReturnType<typeof createViewStore>;

export function createViewStore() {
  return createStore<ViewState>(() => ({
    hoveredDomain: null,
    order: 'weight',
    evaluation: null,
    pickedRun: null,
    heatmap: 'spearman',
    band: 90,
    training: 'train here',
    verification: 'train larger',
    brushes: new Map(),
    lesson: noLesson,
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
