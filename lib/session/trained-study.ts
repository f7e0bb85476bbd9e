import { allRuns } from '../runs/left-out';
import type { OpenedStudy } from '../study/from-runs';
import { canOpenTrained, isOfTraining, openTrained, withMoreTrained } from '../study/trained';
import type { FinishedRun, TrainingJob } from '../training/checkpoints';
import { planProxies } from '../training/plan';
import type { TrainingPurpose } from '../training/state';
import type { StudyStore } from './study-store';

/** Least milliseconds between two fits to newly finished proxies. */
const leastInterval = 500;
/** Share of the time that such fits may take; the page has the rest. */
const largestShare = 1 / 3;
/** Most milliseconds of rest after a fit, however long it took. */
const longestRest = 4_000;
/** Milliseconds after which a fit that nothing was heard of does not hold off the next one. */
const givenUpAfter = 30_000;

/** Milliseconds from the start of a fit to the next one, by the milliseconds that it took. */
export function refitInterval(cost: number): number {
  return Math.max(leastInterval, Math.min(cost / largestShare, cost + longestRest));
}

const notJoined =
  'Runs were added to the open study, so it takes no further proxies of this training. Save their runs as files in Lab.';

/**
 * The purpose of training proxies, whose runs become the current study as they finish.
 *
 * @param whenSettled calls back once when the page has an answer for the study's latest runs; the returned
 *   function gives up
 */
export function proxiesForStudy(
  studyStore: StudyStore,
  whenSettled: (callback: () => void) => () => void,
): TrainingPurpose {
  return {
    plan: planProxies,
    isOfForm: true,
    isOffered: true,
    begin(notice) {
      let known: { readonly job: TrainingJob; readonly finished: readonly FinishedRun[] } | null =
        null;
      let isOpened = false;
      let isEnded = false;
      let isBehind = false;
      let begun = Number.NEGATIVE_INFINITY;
      let interval = leastInterval;
      let refit: ReturnType<typeof setTimeout> | undefined;
      /** Ends the wait for the latest fit; null = it is made. */
      let stopWaiting: (() => void) | null = null;

      /** Has the study fitted to the latest runs as soon as the page has time: at most one fit waits. */
      function refitSoon(): void {
        if (!isBehind || refit !== undefined || stopWaiting) return;
        refit = setTimeout(updateStudy, Math.max(0, begun + interval - performance.now()));
      }

      /** Adds finished runs to the study; the first time it opens a new study, which can be undone. */
      function updateStudy(): void {
        clearTimeout(refit);
        refit = undefined;
        stopWaiting?.();
        if (!known || !canOpenTrained(known.finished.length)) return;
        const { job, finished } = known;
        isBehind = false;
        begun = performance.now();
        const { session } = studyStore.getState();
        if (isOfTraining(session.study, job.id)) {
          studyStore.follow((before) => withMoreTrained(before, job, finished));
        } else if (!isOpened) studyStore.open(withTargetOf(session, openTrained(job, finished)));
        isOpened = true;
        if (isOfTraining(studyStore.getState().session.study, job.id)) waitForFit();
      }

      function waitForFit(): void {
        const giveUp = whenSettled(() => {
          interval = refitInterval(performance.now() - begun);
          stopWaiting?.();
          refitSoon();
        });
        const alarm = setTimeout(() => {
          stopWaiting?.();
          refitSoon();
        }, givenUpAfter);
        stopWaiting = () => {
          stopWaiting = null;
          clearTimeout(alarm);
          giveUp();
        };
      }

      // Runs that finished while another study was open, or that an undo removed, are added when their study
      // is open again.
      const unsubscribe = studyStore.subscribe(({ session: { study } }, { session: before }) => {
        if (!known) return;
        const { job, finished } = known;
        const runs = allRuns(study).ids.length;
        const isBack = study.id !== before.study.id || runs < allRuns(before.study).ids.length;
        if (isBack && isOfTraining(study, job.id) && runs < finished.length && isOpened) {
          updateStudy();
        }
        // The same domains but not of this training: other runs were added to the study.
        const isDerived =
          isOfTraining(before.study, job.id) && study.domains === before.study.domains;
        if (isDerived && !isOfTraining(study, job.id) && !isEnded) notice(notJoined);
      });

      return {
        onFinished(job, finished) {
          known = { job, finished: [...finished] };
          isBehind = canOpenTrained(finished.length);
          refitSoon();
        },
        onEnd() {
          isEnded = true;
          if (isBehind) updateStudy();
          stopWaiting?.();
        },
        onLeave: unsubscribe,
      };
    },
  };
}

/** A trained study asked about the target that was on view, where it has it too. */
function withTargetOf(before: OpenedStudy, opened: OpenedStudy): OpenedStudy {
  const { target } = before.settings;
  const isThere = opened.study.targets.some(({ id }) => id === target);
  return isThere ? { ...opened, settings: { ...opened.settings, target } } : opened;
}
