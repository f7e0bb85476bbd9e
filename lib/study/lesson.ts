/** Settings of the page for a class: what a teacher hides and asks. Nothing here changes a number. */
export interface Lesson {
  /** Whether the answer (optimum and predictions of it) stays hidden until it is asked for. */
  readonly hidesAnswer: boolean;
  /** Ids of stages that are not shown: `limits`, `export`. */
  readonly hiddenStages: readonly string[];
  /** What the class is asked to do, plain text of at most 500 characters; empty = nothing. */
  readonly task: string;
  /** Whether text is sized for a projector. */
  readonly isPresenting: boolean;
}

/** Longest task that a teacher can set, in characters. */
export const longestTask = 500;

/** Whether a lesson differs from the default. */
export function isLesson({ hidesAnswer, hiddenStages, task, isPresenting }: Lesson): boolean {
  return hidesAnswer || isPresenting || task !== '' || hiddenStages.length > 0;
}

/** The default without a lesson. */
export const noLesson: Lesson = {
  hidesAnswer: false,
  hiddenStages: [],
  task: '',
  isPresenting: false,
};
