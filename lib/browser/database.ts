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

/** A database of this browser, opened when it is first needed and again whenever that is needed. */
export interface Database<Schema extends DBSchema> {
  /** @throws whatever the browser refuses with; StageError when another tab is in the way */
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
 * A database that is never stuck: an opening that failed is tried again by the next call, and so is a
 * connection that was closed, by the browser or to let a newer version of the page in.
 *
 * @param version of its stores, from 1; a change of them raises it
 * @param upgrade makes the stores of this version; `from` is the version that was there, 0 = none
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

  /** @param forget called when the connection cannot be used any more, or was never made */
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
          // Whoever asked was told that it failed: an idle connection would hold up others.
          if (isGivenUp) db.close();
          else resolve(db);
        }, reject);
      });
    } catch (error) {
      // Not within this turn: `opening` is set only after it.
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
      // It was closed and nobody said so. Nothing was done yet, so all of it can be done anew.
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
  // When storage runs full, what was under way says only that it was aborted, and the transaction why.
  throw reasons.find((reason) => !isNamed(reason, 'AbortError')) ?? reasons[0];
}

/** Asks the browser not to clear what is stored here; it decides by itself. */
export function askToPersist(): void {
  void navigator.storage?.persist?.().catch(() => {});
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function blockedError(): StageError {
  return new StageError(
    'runs',
    'Another tab has an older version of this page open, which holds up its storage.',
    'Close the other tabs of this page, and try again.',
  );
}

function outdatedError(): StageError {
  return new StageError(
    'runs',
    'What is stored here was written by a newer version of this page.',
    'Load the page again.',
  );
}
