'use client';

/** Uncertainty that can be played: the optimum of one refit after the other. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { plural } from '../../lib/model/format';
import { useStability } from './hooks';
import '../ui/advice.css';

/** Milliseconds that a refit stays: below three changes a second nobody is harmed (WCAG 2.3.1). */
const stay = 450;

/** Refits of the optimum, played. */
export interface PlayedRefits {
  /** D weights of the refit on view; null = the optimum itself. */
  readonly weights: Float64Array | null;
  /** Its number from 0; null = none is on view. */
  readonly index: number | null;
  /** Refits there are; 0 while they are made, and where the regressor is not refitted. */
  readonly count: number;
  readonly isPlaying: boolean;
  /** Whether the reader prefers no motion: refits are then shown one by one. */
  readonly isStepped: boolean;
  /** Plays them round and round; where motion is unwelcome, shows the next one. */
  play(): void;
  /** Shows the optimum again. */
  stop(): void;
}

/** What is shown of which refits: that of others, made for other limits, shows nothing. */
interface Shown {
  readonly of: readonly Float64Array[];
  readonly index: number;
  readonly isPlaying: boolean;
}

/** Plays the refits of the optimum on view; stops by itself when it changes. */
export function usePlayedRefits(): PlayedRefits {
  const { status, value } = useStability();
  const refits = status === 'done' && value ? value.weights : none;
  const isStepped = useSyncExternalStore(onMotionChange, prefersLessMotion, () => false);
  const [kept, setKept] = useState<Shown | null>(null);
  const shown = kept?.of === refits ? kept : null;
  const isPlaying = (shown?.isPlaying ?? false) && !isStepped;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setKept((before) => before && nextRefit(before)), stay);
    return () => clearInterval(timer);
  }, [isPlaying]);
  return {
    weights: shown ? shown.of[shown.index] : null,
    index: shown?.index ?? null,
    count: refits.length,
    isPlaying,
    isStepped,
    play() {
      if (refits.length === 0) return;
      const next = shown ? nextRefit(shown).index : 0;
      setKept({ of: refits, index: next, isPlaying: !isStepped });
    },
    stop: () => setKept(null),
  };
}

const none: readonly Float64Array[] = [];

/** The one after; the first after the last. */
export function nextRefit(shown: Shown): Shown {
  return { ...shown, index: (shown.index + 1) % shown.of.length };
}

const lessMotion = '(prefers-reduced-motion: reduce)';

function prefersLessMotion(): boolean {
  return matchMedia(lessMotion).matches;
}

function onMotionChange(onChange: () => void): () => void {
  const query = matchMedia(lessMotion);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

/** The buttons of played refits; nothing where there are none. */
export function RefitButtons({ index, count, isPlaying, isStepped, play, stop }: PlayedRefits) {
  if (count === 0) return null;
  return (
    <span className="refit-buttons">
      {!isPlaying && (
        <button type="button" className="link" onClick={play}>
          {isStepped ? (index === null ? 'Show refits' : 'Next refit') : 'Play refits'}
        </button>
      )}
      {index !== null && (
        <button type="button" className="link" onClick={stop}>
          Stop: show the optimum
        </button>
      )}
      <span className="quiet small" aria-live="off">
        {index === null
          ? `${plural(count, 'refit')} to resampled runs`
          : `refit ${index + 1} of ${count}`}
      </span>
    </span>
  );
}
