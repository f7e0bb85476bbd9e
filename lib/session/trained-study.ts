import { allRuns } from '../runs/left-out';
import { canOpenTrained, isOfTraining, openTrained, withMoreTrained } from '../study/trained';
import type { FinishedRun, TrainingJob } from '../training/checkpoints';
import { planProxies } from '../training/plan';
import type { TrainingPurpose } from '../training/state';
import type { StudyStore } from './study-store';

/** Minimum interval between fits to newly finished proxies, in ms. */
const refitEvery = 4_000;
const notJoined =
  'The study on view was changed by adding runs: the proxies still to come stay out of it. Their runs are in the files below.';

/** The purpose of training proxies, whose runs become the current study as they finish. */
export function proxiesForStudy(studyStore: StudyStore): TrainingPurpose {
  return {
    plan: planProxies,
    isOfForm: true,
    begin(notice) {
      let known: { readonly job: TrainingJob; readonly finished: readonly FinishedRun[] } | null =
        null;
      let refit: ReturnType<typeof setTimeout> | undefined;
      let lastRefit = Number.NEGATIVE_INFINITY;
      let isOpened = false;
      let isEnded = false;

      /** Adds finished runs to the study; the first time it opens a new study, which can be undone. */
      function updateStudy(): void {
        clearTimeout(refit);
        refit = undefined;
        lastRefit = performance.now();
        if (!known || !canOpenTrained(known.finished.length)) return;
        const { job, finished } = known;
        const { session } = studyStore.getState();
        if (isOfTraining(session.study, job.id)) {
          studyStore.follow((before) => withMoreTrained(before, job, finished));
        } else if (!isOpened) studyStore.open(openTrained(job, finished));
        isOpened = true;
      }

      // Runs that finished while another study was open, or that an undo removed, are added when their study
      // is open again.
      const unsubscribe = studyStore.subscribe(({ session: { study } }, { session: before }) => {
        if (!known) return;
        const { job, finished } = known;
        const isBehind = isOfTraining(study, job.id) && allRuns(study).ids.length < finished.length;
        if (isBehind && isOpened) updateStudy();
        // The same domains but not of this training: other runs were added to the study.
        const isDerived =
          isOfTraining(before.study, job.id) && study.domains === before.study.domains;
        if (isDerived && !isOfTraining(study, job.id) && !isEnded) notice(notJoined);
      });

      return {
        onFinished(job, finished) {
          known = { job, finished: [...finished] };
          if (refit !== undefined || !canOpenTrained(finished.length)) return;
          const wait = Math.max(0, lastRefit + refitEvery - performance.now());
          refit = setTimeout(updateStudy, wait);
        },
        onEnd() {
          isEnded = true;
          if (refit !== undefined) updateStudy();
        },
        onLeave: unsubscribe,
      };
    },
  };
}
