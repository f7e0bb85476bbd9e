import { StageError } from '../../lib/model/errors';
import type { Study } from '../../lib/model/study';
import type { StudyStore } from '../../lib/session/study-store';
import { firstEvaluation, type ViewStore } from '../../lib/session/view-store';
import type { OpenedStudy } from '../../lib/study/from-runs';

/**
 * Applies runs read from files to the current session as one undo step. Reading takes time in which
 * the session may change: edits made meanwhile are preserved.
 *
 * @param study id of the study that was open when reading began
 * @param isNew whether the runs make a new study rather than extend the open one
 * @throws StageError when another study has been opened since; nothing is applied then
 */
export function applyRuns(
  { study: store, view }: { readonly study: StudyStore; readonly view: ViewStore },
  study: string,
  change: (session: OpenedStudy) => OpenedStudy,
  isNew = false,
): void {
  if (store.getState().session.study.id !== study) {
    throw new StageError(
      'runs',
      'Another study was opened while these files were read.',
      'Read them again if they belong to it.',
    );
  }
  store.endGesture();
  if (isNew) store.open(change(store.getState().session));
  else store.edit(change);
  forgetPicked(view, store.getState().session.study);
}

/** Selections made in another study are meaningless in this one, whose test set is shown first. */
export function forgetPicked(view: ViewStore, study: Pick<Study, 'testSets'>): void {
  view.setState({
    evaluation: firstEvaluation(study),
    pickedRun: null,
    hoveredDomain: null,
    brushes: new Map(),
  });
}
