import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase } from './database';
import { openSavedStudies } from './saved-studies';
import { openSavedTrainings } from './saved-trainings';

vi.mock('idb', () => ({ openDB: vi.fn() }));
const open = vi.mocked(openDB);
beforeEach(() => open.mockReset());

interface Schema extends DBSchema {
  things: { key: string; value: string };
}

const named = (name: string) => new DOMException(`it is ${name}`, name);

/** A connection whose store answers everything with nothing, and may be closed. */
function connection({ done = Promise.resolve() }: { done?: Promise<void> } = {}) {
  // A rejected `done` is looked at only after the work.
  done.catch(() => {});
  const close = vi.fn();
  const abort = vi.fn();
  const store = { getAll: async () => [], get: async () => 'a thing', put: async () => 'key' };
  const db = {
    close,
    transaction: vi.fn((..._of: unknown[]) => {
      if (close.mock.calls.length > 0) throw named('InvalidStateError');
      return { objectStore: () => store, done, abort };
    }),
  };
  return { db: db as unknown as IDBPDatabase, close, abort, transaction: db.transaction };
}

/** What the page was asked to do when it opened the database for the n-th time. */
function callbacks(time: number): OpenDBCallbacks<unknown> {
  return open.mock.calls[time][2] ?? {};
}

const things = () => createDatabase<Schema>('things', 1, (db) => db.createObjectStore('things'));
const getThing = (database: ReturnType<typeof things>) =>
  database.read(['things'], (all) => all.objectStore('things').get('key'));

describe('after an opening that failed', () => {
  it('the saved trainings are requested again', async () => {
    open.mockRejectedValueOnce(new Error('storage is closed'));
    open.mockResolvedValueOnce(connection().db);
    const trainings = openSavedTrainings('trainings');
    await expect(trainings.jobs()).rejects.toThrow('storage is closed');
    expect(await trainings.jobs()).toEqual([]);
  });

  it('the saved studies are requested again, even where there was no IndexedDB at all', async () => {
    open.mockImplementationOnce(() => {
      throw new ReferenceError('indexedDB is not defined');
    });
    open.mockResolvedValueOnce(connection().db);
    const studies = openSavedStudies();
    await expect(studies.heads()).rejects.toThrow('not defined');
    expect(await studies.heads()).toEqual([]);
  });
});

describe('a database', () => {
  it('is opened once for simultaneous requests', async () => {
    open.mockResolvedValue(connection().db);
    const database = things();
    expect(open).not.toHaveBeenCalled();
    await Promise.all([getThing(database), getThing(database)]);
    expect(await getThing(database)).toBe('a thing');
    expect(open).toHaveBeenCalledOnce();
  });

  it.each(['fails', 'fails at once'])(
    'is opened anew when an opening %s for all of them',
    async (how) => {
      if (how === 'fails') open.mockRejectedValueOnce(new Error('no'));
      else {
        open.mockImplementationOnce(() => {
          throw new Error('no');
        });
      }
      open.mockResolvedValueOnce(connection().db);
      const database = things();
      const both = await Promise.allSettled([getThing(database), getThing(database)]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await getThing(database)).toBe('a thing');
    },
  );

  it('lets a newer version of the page in, and is opened again when it is needed', async () => {
    const first = connection();
    open.mockResolvedValueOnce(first.db).mockResolvedValueOnce(connection().db);
    const database = things();
    await getThing(database);
    callbacks(0).blocking?.(1, 2, new Event('versionchange') as IDBVersionChangeEvent);
    await vi.waitFor(() => expect(first.close).toHaveBeenCalledOnce());
    expect(await getThing(database)).toBe('a thing');
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('is opened again after the browser closed it', async () => {
    open.mockResolvedValueOnce(connection().db).mockResolvedValueOnce(connection().db);
    const database = things();
    await getThing(database);
    callbacks(0).terminated?.();
    expect(await getThing(database)).toBe('a thing');
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('is opened again when it was closed without an event, but not endlessly', async () => {
    const first = connection();
    const second = connection();
    open
      .mockResolvedValueOnce(first.db)
      .mockResolvedValueOnce(second.db)
      .mockResolvedValue(first.db);
    const database = things();
    await getThing(database);
    first.close();
    expect(await getThing(database)).toBe('a thing');
    second.close();
    await expect(getThing(database)).rejects.toThrow('InvalidStateError');
    expect(open).toHaveBeenCalledTimes(3);
  });

  it('says when an older version of the page holds it up, and leaves no connection behind', async () => {
    const late = connection();
    let arrive: (db: IDBPDatabase) => void = () => {};
    open.mockReturnValueOnce(
      new Promise((resolve) => {
        arrive = resolve;
      }),
    );
    open.mockResolvedValueOnce(connection().db);
    const database = things();
    const waiting = getThing(database);
    await vi.waitFor(() => expect(open).toHaveBeenCalled());
    callbacks(0).blocked?.(1, 2, new Event('blocked') as IDBVersionChangeEvent);
    await expect(waiting).rejects.toMatchObject({ advice: expect.stringContaining('Close') });
    arrive(late.db);
    await vi.waitFor(() => expect(late.close).toHaveBeenCalled());
    expect(await getThing(database)).toBe('a thing');
  });

  it('says when a newer version of the page has written it', async () => {
    open.mockRejectedValueOnce(named('VersionError'));
    await expect(getThing(things())).rejects.toMatchObject({
      message: expect.stringContaining('newer version'),
      advice: 'Reload the page.',
    });
  });

  it('reports that storage is full when the request says only that it was aborted', async () => {
    const full = connection({ done: Promise.reject(named('QuotaExceededError')) });
    open.mockResolvedValueOnce(full.db);
    await expect(
      things().write(['things'], async () => {
        throw named('AbortError');
      }),
    ).rejects.toMatchObject({ name: 'QuotaExceededError' });
  });

  it('does not take a write for done that storage refused at its end', async () => {
    const full = connection({ done: Promise.reject(named('QuotaExceededError')) });
    open.mockResolvedValueOnce(full.db);
    await expect(
      things().write(['things'], (all) => all.objectStore('things').put('large', 'key')),
    ).rejects.toMatchObject({ name: 'QuotaExceededError' });
  });

  it.each([
    ['rejects', async () => Promise.reject(new Error('half way'))],
    [
      'throws, as a put of what cannot be stored does',
      () => {
        throw new Error('half way');
      },
    ],
  ])('writes nothing of work that %s', async (_, work) => {
    const one = connection();
    open.mockResolvedValueOnce(one.db);
    await expect(things().write(['things'], work)).rejects.toThrow('half way');
    expect(one.abort).toHaveBeenCalledOnce();
  });
});
