'use client';

/**
 * Data that panels request: tasks of the explore worker, fits once the reader is near, domains in
 * order.
 */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Demand } from '../../lib/analysis/demand-store';
import type { Explorations } from '../../lib/analysis/explore-client';
import { startedTask, type Task, type TaskState, taskOf } from '../../lib/analysis/task';
import { errorMessage } from '../../lib/model/errors';
import { CancelledError, type Client } from '../../lib/rpc/client';
import type { Methods } from '../../lib/rpc/protocol';
import { orderDomains } from '../../lib/session/view-store';
import { chooseRuns, type RunChoice } from '../charts/chosen-runs';
import {
  useHidesAnswer,
  useOptimum,
  useSession,
  useStores,
  useStudyState,
  useView,
} from './stores';

/**
 * Has the explore worker compute something about the study, again whenever the key changes; an
 * older request is cancelled. The result always belongs to `subject`.
 *
 * @param key identifies the request: equal keys have equal results; null = no request
 * @param request makes the request, called when the key changes
 * @param subject what the result is about, target and study at least: while a newer request about
 * the same subject runs, the former result stays. If omitted, no former result does.
 * @param isEnabled whether it is visible or near: while it is not, nothing is requested, and the
 * last result stays
 */
export function useTask<K extends keyof Explorations & string>(
  method: K,
  key: string | null,
  request: () => Explorations[K]['request'],
  subject = key ?? '',
  isEnabled = true,
): Task<Explorations[K]['result']> {
  const { study } = useSession();
  const { explore } = useStores();
  const [known, setKnown] = useState<TaskState<Explorations[K]['result']> | null>(null);
  /** The key of the last result; null while a request is pending. */
  const settled = useRef<string | null>(null);
  const latest = useRef({ request, study, subject });
  useEffect(() => {
    latest.current = { request, study, subject };
  });
  useEffect(() => {
    if (key === null || !isEnabled || settled.current === key) return;
    settled.current = null;
    const abort = new AbortController();
    const isNewest = () => !abort.signal.aborted;
    const about = latest.current;
    const answered = { key, subject: about.subject, progress: null } as const;
    setKnown((before) => startedTask(before, key, about.subject));
    explore
      .call(about.study, method, about.request(), {
        signal: abort.signal,
        onProgress: (progress) => {
          if (isNewest()) setKnown((before) => before && { ...before, progress });
        },
      })
      .then(
        (value) => {
          if (!isNewest()) return;
          settled.current = key;
          setKnown({ ...answered, status: 'done', value, problem: '' });
        },
        (error: unknown) => {
          if (error instanceof CancelledError || !isNewest()) return;
          settled.current = key;
          setKnown({ ...answered, status: 'failed', value: null, problem: errorMessage(error) });
        },
      );
    return () => abort.abort();
  }, [explore, method, key, isEnabled]);
  return taskOf(known, key, subject);
}

/** A ref for an element, and whether it is visible or within one window height of the viewport. */
export function useNear<Kind extends HTMLElement = HTMLDivElement>(): [
  RefObject<Kind | null>,
  boolean,
] {
  const place = useRef<Kind>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '100% 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, isNear];
}

/** Requests fits while they are visible or near. */
export function useDemand(kind: Exclude<Demand['kind'], 'model'>, isWanted = true): void {
  const { demand } = useStores();
  useEffect(() => (isWanted ? demand.request({ kind }) : undefined), [demand, kind, isWanted]);
}

/** Requests the selected regressor's model of one target while it is visible or near. */
export function useModelDemand(target: string, isWanted: boolean): void {
  const { demand } = useStores();
  useEffect(
    () => (isWanted ? demand.request({ kind: 'model', target }) : undefined),
    [demand, target, isWanted],
  );
}

/**
 * The client of a worker, which starts with the first call and ends with the component.
 *
 * @param create makes the client; must be the same function at every call
 */
export function useClient<M extends Methods>(create: () => Client<M>): () => Client<M> {
  const client = useRef<Client<M> | null>(null);
  useEffect(
    () => () => {
      client.current?.close();
      client.current = null;
    },
    [],
  );
  return useCallback(() => {
    client.current ??= create();
    return client.current;
  }, [create]);
}

/** D weights of the optimum; null while there is none, and where the runs give no advice. */
export function useAdvisedOptimum(): Float64Array | null {
  const { study } = useSession();
  const weights = useOptimum(({ report, advice }) =>
    advice?.verb === 'none' ? null : (report?.optimum.weights ?? null),
  );
  return weights?.length === study.domains.length ? weights : null;
}

/** D weights of the optimum before the last edit; null without one, and without an optimum to compare it with. */
export function useFormerOptimum(): Float64Array | null {
  const optimum = useAdvisedOptimum();
  const former = useView((state) => state.former);
  return optimum && former?.length === optimum.length ? former : null;
}

/**
 * Indices of the study's domains in the order of every chart. It does not change during a gesture,
 * so that nothing moves under the pointer.
 */
export function useOrderedDomains(): number[] {
  const { study } = useSession();
  const order = useView((state) => state.order);
  const moving = useStudyState((state) => state.gesture !== null);
  const optimum = useAdvisedOptimum();
  const [held, setHeld] = useState<Float64Array | null>(null);
  const latest = optimum ?? study.prior.weights;
  if (moving && held === null) setHeld(latest);
  if (!moving && held !== null) setHeld(null);
  const weights = held?.length === study.domains.length ? held : latest;
  return useMemo(() => {
    const names = study.domains.map(({ name }) => name);
    return orderDomains(order, names, weights);
  }, [study, order, weights]);
}

/** Domains that a chart draws, of any number: more cannot be told apart, and would freeze the page. */
export const mostDrawn = 100;

/** The hovered domain as a position in `ordered`, with its setter, as every chart takes it. */
export function useHover(ordered: readonly number[]): {
  hovered: number | null;
  onHover: (position: number | null) => void;
} {
  const { view } = useStores();
  const domain = useView((state) => state.hoveredDomain);
  const position = domain === null ? -1 : ordered.indexOf(domain);
  return {
    hovered: position < 0 ? null : position,
    onHover: (next) =>
      view.setState({ hoveredDomain: next === null ? null : (ordered[next] ?? null) }),
  };
}

/** The training runs that stand out in every picture of Explore. */
export function useRunChoice(): RunChoice {
  const { study, settings } = useSession();
  const brushes = useView((state) => state.brushes);
  const marked = useView((state) => state.marked);
  const isHidden = useHidesAnswer();
  return useMemo(() => {
    const target = study.targets.findIndex(({ id }) => id === settings.target);
    return chooseRuns(study, Math.max(0, target), brushes, marked, isHidden);
  }, [study, settings.target, brushes, marked, isHidden]);
}

/** The training runs inside every brush; null when nothing is brushed. */
export function useBrushed(): { readonly rows: Uint8Array; readonly count: number } | null {
  const { kind, rows, count } = useRunChoice();
  return useMemo(() => (kind === 'drawn' && rows ? { rows, count } : null), [kind, rows, count]);
}
