'use client';

import { useEffect, useRef, useState } from 'react';
import { emptyAnalysis } from '../../lib/store/analysis-store';
import type { Session } from '../../lib/store/study-store';
import { createPendingDocuments } from '../documents/use-documents';
import { createStores } from '../explorer/create-stores';
import { StoresProvider } from '../explorer/stores';
import { usePipeline } from '../explorer/use-pipeline';
import { type LessonData, LessonProvider } from './lesson';
import { steps } from './steps';
import { useFragment } from './use-step';

/**
 * The guided tour. It has stores and workers of its own, made as the explorer makes them, and nothing that
 * keeps: the reader's kept studies and trainings are neither opened nor written.
 */
export function Learn({ session, data }: { session: Session; data: LessonData }) {
  const [stores] = useState(() => createStores(session, emptyAnalysis, createPendingDocuments()));
  usePipeline(stores);
  return (
    <StoresProvider stores={stores}>
      <LessonProvider data={data}>
        <Tour />
      </LessonProvider>
    </StoresProvider>
  );
}

/** The step that the address names, with the ways to the others. */
function Tour() {
  const [fragment, go] = useFragment();
  const found = steps.findIndex(({ id }) => id === fragment);
  const place = Math.max(0, found);
  const { id, title, Body } = steps[place];
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(id);
  useEffect(() => {
    // The step that the page opens with leaves the focus where the reader put it.
    if (shown.current === id) return;
    shown.current = id;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [id]);

  return (
    <div className="learn">
      <nav className="learn-steps" aria-label="Steps">
        <ol>
          {steps.map((step) => (
            <li key={step.id}>
              <a href={`#${step.id}`} aria-current={step.id === id ? 'step' : undefined}>
                <span className="learn-step-title">{step.title}</span>
                {done.has(step.id) && (
                  <span className="learn-check">
                    <span aria-hidden="true">✓</span>
                    <span className="visually-hidden">done</span>
                  </span>
                )}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <main className="learn-step" aria-labelledby="learn-title">
        <p className="quiet">
          RegMix in {steps.length} steps, on real runs: step {place + 1}
        </p>
        <h1 id="learn-title" ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Body
          key={id}
          onDone={() => setDone((before) => (before.has(id) ? before : new Set([...before, id])))}
        />
        <div className="learn-ways">
          <button
            type="button"
            className="button"
            disabled={place === 0}
            onClick={() => go(steps[place - 1].id)}
          >
            Back
          </button>
          {place + 1 < steps.length ? (
            <button
              type="button"
              className="button primary"
              onClick={() => go(steps[place + 1].id)}
            >
              Next: {steps[place + 1].title}
            </button>
          ) : (
            <a className="button primary" href="/">
              Go on in the explorer
            </a>
          )}
          <p role="status" className={done.has(id) ? 'learn-done' : 'quiet'}>
            {done.has(id) ? '✓ You have done this step.' : 'You can go on without doing it.'}
          </p>
        </div>
      </main>
    </div>
  );
}
