/** Opens IndexedDB databases, and reopens them after failures. */
import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  openDB,
  type StoreNames,
} from 'idb';
import { StageError } from '../model/errors';

/** Work within one transaction, which commits when the work is done. */
type Work<Schema extends DBSchema, Mode extends IDBTransactionMode, Result> = (
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], Mode>,
) => Promise<Result>;

/** A database of this browser, opened on first use and reopened when needed. */
export interface Database<Schema extends DBSchema> {
  /** @throws the browser's error; StageError when another tab blocks the database */
  read<Result>(
    stores: readonly StoreNames<Schema>[],
    work: Work<Schema, 'readonly', Result>,
  ): Promise<Result>;
  /**
   * Writes all or nothing.
   *
   * @throws like `read`; an error named `QuotaExceededError` when storage is full
   */
  write<Result>(
    stores: readonly StoreNames<Schema>[],
    work: Work<Schema, 'readwrite', Result>,
  ): Promise<Result>;
}

/**
 * A database that recovers: the next call reopens it after a failed opening, and after its connection was
 * closed by the browser or for a newer version of the page.
 *
 * @param version of its stores, from 1; increased whenever they change
 * @param upgrade creates the stores of this version; `from` is the existing version, 0 = none
 */
export function createDatabase<Schema extends DBSchema>(
  name: string,
  version: number,
  upgrade: (db: IDBPDatabase<Schema>, from: number) => void,
): Database<Schema> {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;

  function connect(): Promise<IDBPDatabase<Schema>> {
    if (opening) return opening;
    const mine = open(() => {
      if (opening === mine) opening = null;
    });
    opening = mine;
    return mine;
  }

  /** @param forget called when the connection is no longer usable, or was never made */
  async function open(forget: () => void): Promise<IDBPDatabase<Schema>> {
    let isGivenUp = false;
    try {
      return await new Promise<IDBPDatabase<Schema>>((resolve, reject) => {
        const request = openDB<Schema>(name, version, {
          upgrade,
          blocked: () => {
            isGivenUp = true;
            reject(blockedError());
          },
          blocking: () => {
            forget();
            void request.then((db) => db.close());
          },
          terminated: forget,
        });
        request.then((db) => {
          // The caller already got an error: an idle connection would only block others.
          if (isGivenUp) db.close();
          else resolve(db);
        }, reject);
      });
    } catch (error) {
      // Not synchronously: `opening` is set only afterwards.
      await null;
      forget();
      throw isNamed(error, 'VersionError') ? outdatedError() : error;
    }
  }

  async function run<Mode extends IDBTransactionMode, Result>(
    stores: readonly StoreNames<Schema>[],
    mode: Mode,
    work: Work<Schema, Mode, Result>,
  ): Promise<Result> {
    const connection = connect();
    const db = await connection;
    let transaction: IDBPTransaction<Schema, StoreNames<Schema>[], Mode>;
    try {
      transaction = db.transaction([...stores], mode);
    } catch (error) {
      if (!isNamed(error, 'InvalidStateError')) throw error;
      // It was closed without an event. Nothing was done yet, so the whole call can be retried.
      if (opening === connection) opening = null;
      transaction = (await connect()).transaction([...stores], mode);
    }
    return finish(transaction, work);
  }

  return {
    read: (stores, work) => run(stores, 'readonly', work),
    write: (stores, work) => run(stores, 'readwrite', work),
  };
}

async function finish<Schema extends DBSchema, Mode extends IDBTransactionMode, Result>(
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], Mode>,
  work: Work<Schema, Mode, Result>,
): Promise<Result> {
  async function workOrAbort(): Promise<Result> {
    try {
      return await work(transaction);
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has ended by itself.
      }
      throw error;
    }
  }
  const [worked, done] = await Promise.allSettled([workOrAbort(), transaction.done]);
  if (worked.status === 'fulfilled' && done.status === 'fulfilled') return worked.value;
  const reasons = [worked, done].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  // When storage is full, pending requests only report an abort; the transaction has the reason.
  throw reasons.find((reason) => !isNamed(reason, 'AbortError')) ?? reasons[0];
}

/** Asks the browser not to evict this site's storage; it may decline. */
export function askToPersist(): void {
  void navigator.storage?.persist?.().catch(() => {});
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function blockedError(): StageError {
  return new StageError(
    'runs',
    'Another tab with an older version of this page blocks the storage.',
    'Close the other tabs of this page and try again.',
  );
}

function outdatedError(): StageError {
  return new StageError(
    'runs',
    'The data stored here was written by a newer version of this page.',
    'Reload the page.',
  );
}
