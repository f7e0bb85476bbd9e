import { describe, expect, it, vi } from 'vitest';
import { createTrainingStore, isActive, type RunStatus } from './state';
import { measuredBefore } from './training.fixture';

const all: readonly RunStatus[] = [
  'idle',
  'preparing',
  'starting',
  'running',
  'paused',
  'done',
  'cancelled',
  'failed',
];
/** A way from the beginning to each status. */
const ways: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  idle: [],
  preparing: ['preparing'],
  starting: ['preparing', 'starting'],
  running: ['preparing', 'starting', 'running'],
  paused: ['preparing', 'starting', 'running', 'paused'],
  done: ['preparing', 'starting', 'running', 'done'],
  cancelled: ['preparing', 'cancelled'],
  failed: ['preparing', 'starting', 'failed'],
};

function storeAt(status: RunStatus) {
  const store = createTrainingStore();
  for (const step of ways[status]) store.moveTo(step);
  return store;
}

describe('the status of a training', () => {
  it('goes only where the table lets it, and stays where it is otherwise', () => {
    const allowed = all.flatMap((from) =>
      all
        .filter((to) => {
          const store = storeAt(from);
          try {
            store.moveTo(to, { failure: 'moved' });
          } catch (error) {
            expect(String(error)).toContain(`a training that is ${from} cannot become ${to}`);
            expect(store.getState()).toMatchObject({ status: from, failure: '' });
            return false;
          }
          expect(store.getState()).toMatchObject({ status: to, failure: 'moved' });
          return true;
        })
        .map((to) => `${from} > ${to}`),
    );
    expect(allowed).toEqual([
      'idle > preparing',
      'preparing > starting',
      'preparing > cancelled',
      'starting > running',
      'starting > cancelled',
      'starting > failed',
      'running > paused',
      'running > done',
      'running > cancelled',
      'running > failed',
      'paused > running',
      'paused > done',
      'paused > cancelled',
      'paused > failed',
      'done > preparing',
      'cancelled > preparing',
      'failed > preparing',
    ]);
    expect(all.filter(isActive)).toEqual(['preparing', 'starting', 'running', 'paused']);
  });

  it('changes with all that belongs to it at once, and by no other way', () => {
    const store = createTrainingStore();
    const seen = vi.fn();
    store.subscribe(({ status, failure }) => seen(status, failure));
    store.moveTo('preparing', { failure: 'none' });
    expect(seen.mock.calls).toEqual([['preparing', 'none']]);
    const whole = { ...store.getState(), status: 'done' } as const;
    expect(() => store.setState(whole)).toThrow('status');
  });
});

describe('a measurement', () => {
  it('fails only when it was begun, and is forgotten at any time', () => {
    const store = createTrainingStore();
    expect(() => store.setPreflight({ status: 'failed', message: '' })).toThrow(
      'idle cannot become failed',
    );
    store.setPreflight({ status: 'measuring', candidate: null });
    store.setPreflight({ status: 'measuring', candidate: measuredBefore.chosen });
    store.setPreflight(measuredBefore);
    expect(() => store.setPreflight({ status: 'failed', message: '' })).toThrow(
      'done cannot become failed',
    );
    store.setPreflight({ status: 'idle' }, { problem: 'other settings' });
    expect(store.getState()).toMatchObject({ preflight: { status: 'idle' } });
    expect(store.getState().problem).toBe('other settings');
  });
});
