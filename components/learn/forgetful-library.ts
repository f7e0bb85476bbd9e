import type { TrainingLibrary } from '../../lib/training/state';

/** Keeps nothing: a training of the tour must not take the place of one that the reader has kept. */
export const forgetfulLibrary: TrainingLibrary = {
  jobs: async () => [],
  put: async () => {},
  remove: async () => {},
  checkpoints: () => ({
    finished: async () => [],
    finish: async () => {},
    groups: async () => [],
    load: async () => null,
    save: async () => {},
    remove: async () => {},
  }),
  putCorpora: async () => {},
  corpora: async () => null,
};
