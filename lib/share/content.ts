import type { EngineId } from '../model/limits';
import type { RegressorId } from '../model/regressor';
import type { ObjectiveSettings } from '../model/settings';
import type { Prior, PublicFile } from '../model/study';
import type { Lesson } from '../study/lesson';
import type { ListChange } from './codec';

/** Studies that every copy of the page knows. Only append to this list: links use its indices. */
export const builtIns = [
  'simulated',
  'languages',
  'published',
  'published-scales',
  'software',
] as const;

type BuiltInId = (typeof builtIns)[number];

/** Where the runs of a shared study are found. */
export type StudyReference =
  | {
      readonly kind: 'built-in';
      readonly id: BuiltInId;
      /** {@link studyFingerprint} of the runs that the link was made for. */
      readonly print: number;
    }
  | {
      readonly kind: 'addresses';
      readonly name: string;
      readonly files: readonly PublicFile[];
      readonly print: number;
    }
  /** A whole study as `.regmix.json`; of its settings and mixtures none count. */
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly file: PublicFile;
      readonly print: number;
    }
  /** A whole study as JSON, deflated. */
  | { readonly kind: 'inline'; readonly deflated: Uint8Array };

/** What differs from the settings that a study opens with. Absent = as it opens. */
export interface SettingsChange {
  /** Index of the target in the study. */
  readonly target?: number;
  readonly regressor?: RegressorId;
  readonly minRowsPerLeaf?: number | null;
  readonly engine?: EngineId | null;
  readonly samples?: number;
  readonly topK?: number;
  readonly seed?: number;
  /** D weights, compared with the prior; null = none. */
  readonly yours?: ListChange | null;
  readonly objective?: ObjectiveChange;
  readonly constraints?: ConstraintsChange;
}

/** Targets are identified by their indices. */
export interface ObjectiveChange
  extends Partial<Omit<ObjectiveSettings, 'weights' | 'families' | 'seek'>> {
  readonly seeksWorst?: boolean;
  readonly weights?: readonly { readonly target: number; readonly weight: number }[];
  readonly families?: readonly { readonly target: number; readonly family: string }[];
}

export interface ConstraintsChange {
  readonly requestedTokens?: number | null;
  readonly availableTokens?: ListChange;
  readonly epochs?: ListChange;
  readonly max?: ListChange;
  readonly min?: ListChange;
  readonly locked?: ListChange;
  /** Since version 2: links of version 1 say nothing of what was tried. */
  readonly beyondTried?: boolean;
}

/** Differences in the study itself, except its runs. */
export interface MixturesChange {
  readonly prior?: PriorChange;
  /** null = none. */
  readonly human?: { readonly name: string; readonly weights: ListChange } | null;
}

export interface PriorChange {
  readonly kind: Prior['kind'];
  /** Compared with the weights that its kind gives for the runs; absent = unchanged. */
  readonly weights?: ListChange;
}

/** What of the view is shared: `ViewState` is one of these. */
export interface SharedView {
  readonly band: 80 | 90 | 95;
  readonly order: 'file' | 'name' | 'weight';
  readonly heatmap: 'spearman' | 'coefficients' | 'law';
  /** Name of a test set; null = out-of-fold. */
  readonly evaluation: string | null;
  /** Ranges by axis: a domain's id, or `target` and a target's id. */
  readonly brushes: ReadonlyMap<string, readonly [number, number]>;
  readonly lesson: Lesson;
}

/** What differs from the view that the page opens with. */
export interface ViewChange extends Partial<Pick<SharedView, 'band' | 'order' | 'heatmap'>> {
  /** Index of the test set. */
  readonly evaluation?: number;
  /** Axes are numbered: first the domains, then the targets. */
  readonly brushes?: readonly {
    readonly axis: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly lesson?: Lesson;
}

/** The content of a link. */
export interface LinkContent {
  readonly study: StudyReference;
  /** D and M of the study. */
  readonly domains: number;
  readonly targets: number;
  /** Training runs that are left out, by their rows, ascending; absent when none is. */
  readonly leftOut?: readonly number[];
  readonly mixtures: MixturesChange;
  readonly settings: SettingsChange;
  readonly view: ViewChange;
}
