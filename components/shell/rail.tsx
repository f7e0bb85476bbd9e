'use client';

import { useEffect, useState } from 'react';
import { formatNumber, plural } from '../../lib/model/format';
import { checkpointsOf } from '../../lib/study/built-in-trajectories';
import { useChallengeSummary } from '../challenge/use-challenge-summary';
import { useOutdated, usePredictedOptimum } from '../optimum/hooks';
import { type StageId, stageList } from './stage';
import { useActiveFit, useHidesAnswer, useOptimum, useSession, useView } from './stores';

/** The stages in page order, each with a short state. */
export function Rail() {
  const { study } = useSession();
  const fit = useActiveFit().state;
  const optimum = useOptimum((state) => state);
  const predicted = usePredictedOptimum();
  const isOutdated = useOutdated();
  const isHidden = useHidesAnswer();
  const hiddenStages = useView(({ lesson }) => lesson.hiddenStages);
  const training = useView((state) => state.training);
  const verification = useView((state) => state.verification);
  const tests = study.testSets.reduce((sum, { ids }) => sum + ids.length, 0);
  const leftOut = study.leftOut?.ids.length ?? 0;
  const words: Readonly<Record<StageId, string>> = {
    regression: regressionState(),
    optimum: optimumState(),
    limits: limitsState(),
    challenge: useChallengeSummary(),
    trust: trustState(),
    space: plural(study.domains.length, 'domain'),
    runs: `${study.training.ids.length} + ${tests} test${leftOut > 0 ? `, ${leftOut} left out` : ''}`,
    mixtures: plural(study.training.ids.length, 'mixture'),
    interactions: plural(study.targets.length, 'target'),
    next: 'propose',
    proxies: training,
    schedule: scheduleState(),
    verify: verification,
    export: exportState(),
  };
  const stages = stageList.filter(({ id }) => !hiddenStages.includes(id));
  const current = useSectionInView(stages.map(({ id }) => id));

  function regressionState(): string {
    if (fit?.status === 'done') {
      return `rho ${formatNumber(fit.report.crossValidation.spearman, 3)}`;
    }
    return fit?.status === 'failed' ? 'failed' : 'fitting';
  }
  function trustState(): string {
    if (fit?.status !== 'done') return 'waiting';
    const share = fit.report.crossValidation.pairsRight;
    return `${formatNumber(100 * share, 1)}% of pairs`;
  }
  function optimumState(): string {
    if (optimum.status === 'infeasible') return 'infeasible';
    if (isHidden) return 'hidden';
    if (isOutdated) return 'waiting';
    if (optimum.advice?.verb === 'none') return 'no advice';
    return predicted === null ? 'waiting' : formatNumber(predicted, 3);
  }
  function limitsState(): string {
    if (!optimum.feasibility.feasible) return 'infeasible';
    if (isHidden) return 'set yours';
    if (isOutdated) return 'waiting';
    if (optimum.advice?.verb === 'none') return 'no advice';
    const binding = optimum.report?.optimum.binding.length ?? 0;
    return binding === 1 ? '1 binds' : `${binding} bind`;
  }
  function scheduleState(): string {
    if (isHidden) return 'hidden';
    const checkpoints = checkpointsOf(study);
    return checkpoints === 0 ? 'no trajectories' : plural(checkpoints, 'checkpoint');
  }
  function exportState(): string {
    if (isHidden) return 'hidden';
    if (optimum.status === 'infeasible') return 'infeasible';
    if (optimum.advice?.verb === 'none') return 'no advice';
    return optimum.report ? 'YAML, CSV, JSON' : 'waiting';
  }

  return (
    <nav className="rail" aria-label="Stages">
      <ol>
        {stages.map(({ id, name }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={id === current ? 'true' : undefined}>
              <span className="rail-stage">{name}</span>
              <span className="rail-state">{words[id]}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Id of the section nearest to the top of the window. */
function useSectionInView(ids: readonly string[]): string {
  const [current, setCurrent] = useState(ids[0]);
  const joined = ids.join(' ');
  useEffect(() => {
    const inView = new Set<string>();
    const names = joined.split(' ');
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inView.add(target.id);
          else inView.delete(target.id);
        }
        // The limits stay visible beside the others on wide screens: they count only when nothing
        // else does.
        const first = names.find((id) => inView.has(id) && id !== 'limits');
        if (first || inView.has('limits')) setCurrent(first ?? 'limits');
      },
      { rootMargin: '-80px 0px -55% 0px' },
    );
    for (const id of names) {
      const section = document.getElementById(id);
      if (section) observer.observe(section);
    }
    return () => observer.disconnect();
  }, [joined]);
  return current;
}
