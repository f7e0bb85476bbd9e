import type { TrainingLibrary } from '../../lib/training/state';

/** Keeps nothing: a training of the tour must not take the place of one that the reader has kept. */
export const forgetfulLibrary: TrainingLibrary = {
  jobs: async () => [],
  put: async () => {},
  remove: async () => {},
  keeper: () => ({
    finished: async () => [],
    finish: async () => {},
    kept: async () => [],
    stateOf: async () => null,
    keep: async () => {},
    drop: async () => {},
  }),
  putCorpora: async () => {},
  corpora: async () => null,
};
