'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';

/** What the terms of the page mean, in a sentence each. */
export const termTexts = {
  proxy: 'A small model trained on one mixture, to predict how large models rank mixtures.',
  prior: 'The reference mixture: usually each domain’s share of the text at hand.',
  band: 'The range around a prediction that holds the stated share of unseen runs.',
  rho: 'Spearman’s rank correlation: 1 if all runs are ranked right, 0 if at random.',
  epochs: 'How often training reads the same tokens of a domain.',
  cap: 'The largest weight of a domain: epochs × tokens at hand ÷ requested tokens, at most 100%.',
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
  const [place, setPlace] = useState<Place | null>(null);
  const term = useRef<HTMLSpanElement>(null);
  const isOpen = place !== null;
  useEffect(() => {
    if (!isOpen) return;
    const close = () => setPlace(null);
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    };
    // A tap does not focus a button in every browser, so that none need blur it.
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Node && term.current?.contains(target))) close();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onPress);
    // It stands still in the window, so it would leave its word.
    window.addEventListener('scroll', close, { capture: true, passive: true });
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onPress);
      window.removeEventListener('scroll', close, { capture: true });
    };
  }, [isOpen]);

  function open() {
    const box = term.current?.getBoundingClientRect();
    if (!box) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const most = clientWidth - termWidth - edge;
    const left = Math.max(edge, Math.min(box.left, most));
    const isLow = box.bottom + termHeight > clientHeight;
    setPlace(isLow ? { left, bottom: clientHeight - box.top } : { left, top: box.bottom });
  }

  return (
    <span
      ref={term}
      className="term"
      onPointerEnter={open}
      // A finger leaves as it is lifted: what it tapped stays until the next press.
      onPointerLeave={({ pointerType }) => {
        if (pointerType !== 'touch') setPlace(null);
      }}
    >
      <button
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

/** A text whose first mention of a term, if it has one, explains itself. */
export function Termed({ of, text }: { of: TermId; text: string }) {
  const at = text.search(new RegExp(`\\b${of}\\b`));
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <Term of={of}>{of}</Term>
      {text.slice(at + of.length)}
    </>
  );
}

/** In the window, in pixels, from the edge that the text is put against. */
type Place =
  | { readonly left: number; readonly top: number }
  | { readonly left: number; readonly bottom: number };

/** In pixels: fits a window of 320 px. */
const termWidth = 256;
/** In pixels: the longest text in three lines. */
const termHeight = 72;
const edge = 8;
