'use client';

import type { MouseEvent } from 'react';
import { formatDurationShort, formatPercent } from '../../lib/model/format';
import { isUnderWay, type JobNews, type JobStage } from '../../lib/session/view-store';
import { hrefOf } from './rooms';
import { useHidesAnswer, useSession, useStores, useView } from './stores';

const stages: readonly JobStage[] = ['proxies', 'verify'];

/** Whether a training is under way in this tab, which leaving the page would stop. */
export function useIsTraining(): boolean {
  return useView(({ jobs }) => stages.some((stage) => isUnderWay(jobs[stage])));
}

/** The training that is under way, else one with news. */
export function useLatestJob(): { readonly stage: JobStage | null; readonly news: JobNews | null } {
  const jobs = useView((state) => state.jobs);
  const stage =
    stages.find((each) => isUnderWay(jobs[each])) ??
    stages.find((each) => jobs[each] !== null) ??
    null;
  return { stage, news: stage && jobs[stage] };
}

/**
 * The training under way in this tab, or the latest news of one: in the bar, wherever the reader is. Its
 * beginning and its end are announced, its progress is not.
 */
export function JobPill() {
  const { stage, news } = useLatestJob();
  return (
    <>
      {stage && news && <Pill stage={stage} news={news} />}
      <span className="visually-hidden" role="status">
        {news ? announcement(news) : ''}
      </span>
    </>
  );
}

const acts = { running: 'Pause', paused: 'Go on', saved: 'Resume' } as const;

function Pill({ stage, news }: { stage: JobStage; news: JobNews }) {
  const { view } = useStores();
  const { phase, share, act } = news;
  const { href, text } = useWords(stage, news);
  const word = phase === 'running' || phase === 'paused' || phase === 'saved' ? acts[phase] : null;
  const dismiss = ({ currentTarget }: MouseEvent) => {
    nextControl(currentTarget)?.focus({ preventScroll: true });
    view.setState(({ jobs }) => ({ jobs: { ...jobs, [stage]: null } }));
  };
  return (
    <div className="job-pill" data-phase={phase}>
      <a href={href} title={text}>
        {text}
      </a>
      {act && word && (
        <button type="button" onClick={act}>
          {word}
          <span className="visually-hidden"> the training</span>
        </button>
      )}
      {!isUnderWay(news) && (
        <button type="button" className="job-pill-close" aria-label="Dismiss" onClick={dismiss}>
          ×
        </button>
      )}
      {isUnderWay(news) && (
        <span className="job-pill-share" style={{ width: formatPercent(share, 1) }} />
      )}
    </div>
  );
}

/** The control of the bar that takes the focus once the pill with this one is gone. */
function nextControl(inPill: Element): HTMLElement | undefined {
  const controls = inPill.closest('.bar')?.querySelectorAll<HTMLElement>('a, button:enabled') ?? [];
  return Array.from(controls).find(
    (each) =>
      inPill.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING &&
      each.getClientRects().length > 0,
  );
}

/** What the pill says, and where it leads. */
function useWords(
  stage: JobStage,
  news: JobNews,
): { readonly href: string; readonly text: string } {
  const isOnView = useSession().study.source.training === news.job;
  const isHidden = useHidesAnswer();
  const { phase, done, total, share, left, problem } = news;
  const href = hrefOf(stage);
  const count = `${done} of ${total}`;
  const percent = formatPercent(share, 0);
  switch (phase) {
    case 'starting':
      return { href, text: 'Training: starting' };
    case 'running': {
      if (total === 0) return { href, text: 'Training: starting' };
      const time = Number.isFinite(left) ? ` · ${formatDurationShort(left)} left` : '';
      return { href, text: `Training ${count} · ${percent}${time}` };
    }
    case 'paused':
      return { href, text: `Paused: ${count} · ${percent}` };
    case 'saved':
      return { href, text: `${count} trained${problem === '' ? '' : ': see the problem'}` };
    case 'failed':
      return { href, text: `Training failed: ${count} trained` };
    case 'done':
      if (stage === 'verify') return { href, text: `${total} trained: see the verdict` };
      if (!isOnView) return { href, text: `${total} trained: see the runs` };
      return isHidden
        ? { href: hrefOf('challenge'), text: `${total} trained: your turn` }
        : { href: hrefOf('optimum'), text: `${total} trained: see the optimum` };
  }
}

function announcement({ phase, many, done, total, problem }: JobNews): string {
  if (problem !== '') return problem;
  switch (phase) {
    case 'starting':
      return 'The training starts.';
    case 'running':
      return `Training ${many}.`;
    case 'paused':
      return 'The training is paused.';
    case 'saved':
      return `A training was interrupted: ${done} of ${total} ${many} trained. It can be resumed.`;
    case 'failed':
      return 'The training failed.';
    case 'done':
      return `The training is done: ${total} ${many}.`;
  }
}
