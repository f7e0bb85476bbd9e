'use client';

import { useState } from 'react';
import { useStores } from '../explorer/stores';
import { Dialog } from '../ui/dialog';

/** Shows the answer that a lesson hides, to this reader alone, once that is confirmed. */
export function Reveal() {
  const { view } = useStores();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="reveal">
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Show the answer
      </button>
      {isAsking && (
        <Dialog title="Show the answer?" onClose={() => setAsking(false)}>
          <p className="prose">
            The page then shows the best mixture that the regression finds, and what it is predicted
            to reach. Keep your attempts first: they stay on the leaderboard beside it. Only you see
            it, on this page.
          </p>
          <div className="button-row">
            <button
              type="button"
              className="button primary"
              onClick={() => {
                setAsking(false);
                view.setState(({ lesson }) => ({ lesson: { ...lesson, hidesAnswer: false } }));
              }}
            >
              Show the answer
            </button>
            <button type="button" className="button" onClick={() => setAsking(false)}>
              Not yet
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
