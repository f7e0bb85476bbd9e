import type { DBSchema } from 'idb';
import type { LoadedCorpora } from '../corpora/types';
import {
  type FinishedRun,
  type GroupState,
  parseJob,
  type TrainingJob,
} from '../training/checkpoints';
import type { TrainingLibrary } from '../training/state';
import { askToPersist, createDatabase } from './database';

interface Schema extends DBSchema {
  jobs: { key: string; value: { readonly at: number; readonly job: TrainingJob } };
  /** By job and proxy. */
  runs: { key: [string, string]; value: FinishedRun };
  /** By job and group. */
  states: { key: [string, string]; value: GroupState };
  /** Text of the user's own, by job. */
  corpora: { key: string; value: LoadedCorpora };
}

const libraries = new Map<string, TrainingLibrary>();

/**
 * The trainings saved in this browser, one database per kind.
 *
 * @param name of the database of their kind
 */
export function openSavedTrainings(name = 'regmix-explorer'): TrainingLibrary {
  const library = libraries.get(name) ?? createLibrary(name);
  libraries.set(name, library);
  return library;
}

function createLibrary(name: string): TrainingLibrary {
  const database = createDatabase<Schema>(name, 1, (db) => {
    db.createObjectStore('jobs');
    db.createObjectStore('runs');
    db.createObjectStore('states');
    db.createObjectStore('corpora');
  });
  return {
    async jobs() {
      const all = await database.read(['jobs'], (stores) => stores.objectStore('jobs').getAll());
      return all
        .sort((a, b) => b.at - a.at)
        .flatMap(({ job }, place) => {
          try {
            return [parseJob(job)];
          } catch (error) {
            // Reported only for the latest: an old unreadable entry must not hide readable ones.
            if (place === 0) throw error;
            return [];
          }
        });
    },
    async put(job) {
      // Requested once there is something to lose.
      askToPersist();
      await database.write(['jobs'], (all) =>
        all.objectStore('jobs').put({ at: Date.now(), job }, job.id),
      );
    },
    async remove(job) {
      await database.write(['jobs', 'runs', 'states', 'corpora'], (all) =>
        Promise.all([
          all.objectStore('jobs').delete(job),
          all.objectStore('runs').delete(ofJob(job)),
          all.objectStore('states').delete(ofJob(job)),
          all.objectStore('corpora').delete(job),
        ]),
      );
    },
    checkpoints: (job) => ({
      finished: () => database.read(['runs'], (all) => all.objectStore('runs').getAll(ofJob(job))),
      finish: async (group, runs) => {
        await database.write(['runs', 'states'], (all) =>
          Promise.all([
            ...runs.map((run) => all.objectStore('runs').put(run, [job, run.id])),
            all.objectStore('states').delete([job, group]),
          ]),
        );
      },
      groups: async () => {
        const keys = await database.read(['states'], (all) =>
          all.objectStore('states').getAllKeys(ofJob(job)),
        );
        return keys.map(([, group]) => group);
      },
      load: async (group) => {
        const state = await database.read(['states'], (all) =>
          all.objectStore('states').get([job, group]),
        );
        return state ?? null;
      },
      save: async (group, state) => {
        await database.write(['states'], (all) =>
          all.objectStore('states').put(state, [job, group]),
        );
      },
      remove: (group) =>
        database.write(['states'], (all) => all.objectStore('states').delete([job, group])),
    }),
    putCorpora: async (job, corpora) => {
      await database.write(['corpora'], (all) => all.objectStore('corpora').put(corpora, job));
    },
    corpora: async (job) =>
      (await database.read(['corpora'], (all) => all.objectStore('corpora').get(job))) ?? null,
  };
}

/** All keys that begin with a job: arrays sort after every text. */
function ofJob(job: string): IDBKeyRange {
  return IDBKeyRange.bound([job], [job, []]);
}
