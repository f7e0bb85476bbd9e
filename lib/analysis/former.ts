import type { Session, StudyStore } from '../session/study-store';
import type { ViewStore } from '../session/view-store';
import type { AnalysisStore } from './analysis-store';
import { targetShares } from './keys';

/** Optima are the same when no weight differs by more: less than the page shows. */
const slack = 0.0005;

/**
 * Keeps the optimum from before the last edit that changed it, for charts to show beside the current one: of a
 * gesture, the one from before it began. A better fit is no edit; with another study or other targets there is
 * nothing to compare to.
 *
 * @returns stops it
 */
export function followFormer(
  study: StudyStore,
  analysis: AnalysisStore,
  view: ViewStore,
): () => void {
  let subject = '';
  let seen: Session | null = null;
  let settled: { readonly session: Session; readonly weights: Float64Array } | null = null;
  let stopped = false;

  function setFormer(former: Float64Array | null): void {
    if (view.getState().former !== former) view.setState({ former });
  }

  function follow(): void {
    if (stopped) return;
    const { session, gesture } = study.getState();
    if (session !== seen) {
      seen = session;
      const now = subjectOf(
        session.study.id,
        session.settings.objective.seek,
        targetShares(session),
      );
      if (now !== subject) {
        subject = now;
        settled = null;
        setFormer(null);
      }
    }
    const { report, solved, status } = analysis.getState().optimum;
    if (!report || !solved || status !== 'ready') return;
    if (subjectOf(session.study.id, solved.seek, solved.terms) !== subject) return;
    const { weights } = report.optimum;
    if (weights.length !== session.study.domains.length) return;
    if (settled && settled.session !== session && differs(settled.weights, weights)) {
      setFormer(settled.weights);
    }
    if (gesture === null) settled = { session, weights };
  }

  // An edit is looked at once the analysis has noticed it, too.
  const later = () => queueMicrotask(follow);
  const unsubscribe = [study.subscribe(later), analysis.subscribe(follow)];
  follow();
  return () => {
    stopped = true;
    for (const each of unsubscribe) each();
  };
}

function subjectOf(study: string, seek: string, terms: readonly unknown[]): string {
  return JSON.stringify([study, seek, terms]);
}

function differs(one: Float64Array, other: Float64Array): boolean {
  return (
    one.length !== other.length ||
    one.some((weight, domain) => Math.abs(weight - other[domain]) > slack)
  );
}
