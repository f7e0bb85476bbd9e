import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { LoadedCorpora } from '../../lib/corpora/types';
import {
  type FinishedRun,
  type GroupState,
  parseJob,
  type TrainingJob,
} from '../../lib/training/checkpoints';
import type { TrainingLibrary } from '../../lib/training/state';

interface Schema extends DBSchema {
  jobs: { key: string; value: { readonly at: number; readonly job: TrainingJob } };
  /** By job and proxy. */
  runs: { key: [string, string]; value: FinishedRun };
  /** By job and group. */
  states: { key: [string, string]; value: GroupState };
  /** Text of the user's own, by job. */
  corpora: { key: string; value: LoadedCorpora };
}

/** Trainings in IndexedDB, opened when it is first needed. @param name of the database */
export function openLibrary(name = 'regmix-explorer'): TrainingLibrary {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;

  function database(): Promise<IDBPDatabase<Schema>> {
    opened ??= openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('jobs');
        db.createObjectStore('runs');
        db.createObjectStore('states');
        db.createObjectStore('corpora');
      },
      // A later version of the page is open elsewhere: let it in.
      blocking: (_before, _after, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
        opened = null;
      },
      terminated: () => {
        opened = null;
      },
    });
    return opened;
  }

  return {
    async jobs() {
      const all = await (await database()).getAll('jobs');
      return all
        .sort((a, b) => b.at - a.at)
        .flatMap(({ job }, place) => {
          try {
            return [parseJob(job)];
          } catch (error) {
            // Said of the latest only: one of long ago must not stand before what can be read.
            if (place === 0) throw error;
            return [];
          }
        });
    },
    async put(job) {
      // Asked for once there is something to lose; browsers decide by themselves.
      void navigator.storage?.persist?.().catch(() => {});
      await (await database()).put('jobs', { at: Date.now(), job }, job.id);
    },
    async remove(job) {
      const all = (await database()).transaction(
        ['jobs', 'runs', 'states', 'corpora'],
        'readwrite',
      );
      await Promise.all([
        all.objectStore('jobs').delete(job),
        all.objectStore('runs').delete(ofJob(job)),
        all.objectStore('states').delete(ofJob(job)),
        all.objectStore('corpora').delete(job),
        all.done,
      ]);
    },
    checkpoints: (job) => ({
      finished: async () => (await database()).getAll('runs', ofJob(job)),
      finish: async (group, runs) => {
        const both = (await database()).transaction(['runs', 'states'], 'readwrite');
        await Promise.all([
          ...runs.map((run) => both.objectStore('runs').put(run, [job, run.id])),
          both.objectStore('states').delete([job, group]),
          both.done,
        ]);
      },
      groups: async () =>
        (await (await database()).getAllKeys('states', ofJob(job))).map(([, group]) => group),
      load: async (group) => (await (await database()).get('states', [job, group])) ?? null,
      save: async (group, state) => {
        await (await database()).put('states', state, [job, group]);
      },
      remove: async (group) => (await database()).delete('states', [job, group]),
    }),
    putCorpora: async (job, corpora) => {
      await (await database()).put('corpora', corpora, job);
    },
    corpora: async (job) => (await (await database()).get('corpora', job)) ?? null,
  };
}

/** All keys that begin with a job: arrays sort after every text. */
function ofJob(job: string): IDBKeyRange {
  return IDBKeyRange.bound([job], [job, []]);
}
