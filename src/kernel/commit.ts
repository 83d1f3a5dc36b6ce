/** What is to happen once the transaction is durable: never before the commit, never when it failed. */
import type { Db } from './context.ts';

const hooks = new WeakMap<object, (() => void)[]>();

/** Runs `fn` right after the commit of `db`. False, and nothing happens, when `db` is no transaction that tells us of its commit. */
export function afterCommit(db: Db, fn: () => void): boolean {
  const list = hooks.get(db);
  list?.push(fn);
  return list !== undefined;
}

/** Opens a transaction whose commit is told to those who asked for it. */
export async function withCommitHooks<T>(db: Db, run: (db: Db) => Promise<T>): Promise<T> {
  const list: (() => void)[] = [];
  const result = await db.transaction().execute(async (transaction) => {
    hooks.set(transaction, list);
    return run(transaction);
  });
  for (const fn of list) fn();
  return result;
}
