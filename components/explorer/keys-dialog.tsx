'use client';

import { Dialog } from '../ui/dialog';

const keys = [
  ['Tab', 'go through everything that can be set, in reading order'],
  ['← →', 'move a focused slider by 0.1 point; with Shift by 1 point'],
  ['Enter', 'take over a typed value; 3%, 25B and 750M are understood'],
  ['Ctrl or ⌘ + Z', 'undo the last gesture, whether a drag, a typed value or opened files'],
  [
    'Ctrl or ⌘ + Shift + Z',
    'redo it; in a field with text not yet taken over, both keys are about that text',
  ],
  ['↑ ↓ ← →', 'go from cell to cell of a focused heatmap'],
  ['Space', 'pause a training in this tab, and go on with it'],
  ['.', 'one step of a training that is paused'],
  ['?', 'show this list'],
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, meaning]) => (
          <div key={key + meaning}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
