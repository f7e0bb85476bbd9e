'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';

/** What the terms of the page mean, in a sentence each. */
export const termTexts = {
  proxy: 'A small model trained on one mixture, to predict how large models rank mixtures.',
  prior: 'The reference mixture: usually each domain’s share of the text at hand.',
  band: 'The range round a prediction that holds the stated share of unseen runs.',
  rho: 'Spearman’s rank correlation: 1 if all runs are ranked right, 0 if by chance.',
  epochs: 'How often training reads the same tokens of a domain.',
  target: 'The measure to improve, such as a validation loss or a benchmark score.',
} as const;

export type TermId = keyof typeof termTexts;

const idOf = (term: TermId) => `term-${term}`;

/** The descriptions that terms refer to, once a page: they are read aloud, not shown. */
export function TermTexts() {
  return (
    <div hidden>
      {(Object.keys(termTexts) as TermId[]).map((term) => (
        <p key={term} id={idOf(term)}>
          {termTexts[term]}
        </p>
      ))}
    </div>
  );
}

/**
 * A term that explains itself while it has the pointer or the focus. The pointer may move onto the text, which
 * stays until it is left or dismissed by Esc (WCAG 2.2, 1.4.13).
 */
export function Term({ of, children }: { of: TermId; children: ReactNode }) {
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const word = useRef<HTMLButtonElement>(null);
  const isOpen = place !== null;
  useEffect(() => {
    if (!isOpen) return;
    const close = () => setPlace(null);
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    };
    document.addEventListener('keydown', onKey);
    // It stands still in the window, so it would leave its word.
    window.addEventListener('scroll', close, { capture: true, passive: true });
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener('scroll', close, { capture: true });
    };
  }, [isOpen]);

  function open() {
    const box = word.current?.getBoundingClientRect();
    if (!box) return;
    const most = document.documentElement.clientWidth - termWidth - edge;
    setPlace({ left: Math.max(edge, Math.min(box.left, most)), top: box.bottom });
  }

  return (
    <span className="term" onPointerEnter={open} onPointerLeave={() => setPlace(null)}>
      <button
        ref={word}
        type="button"
        className="term-word"
        aria-describedby={idOf(of)}
        onFocus={open}
        onBlur={() => setPlace(null)}
        onClick={open}
      >
        {children}
      </button>
      {place && (
        <span role="tooltip" className="term-text" style={{ ...place, width: termWidth }}>
          {termTexts[of]}
        </span>
      )}
    </span>
  );
}

/** In pixels: fits a window of 320 px. */
const termWidth = 256;
const edge = 8;
