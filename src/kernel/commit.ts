/** What is written by one statement at the end of a transaction, and what happens once it is durable. */
import type { Db } from './context.ts';

interface Ends {
  books: Map<Book<never>, never[]>;
  hooks: (() => void)[];
}

/** Writes of one kind that a transaction gathers: many announcements cost one statement. */
export interface Book<T> {
  write(db: Db, items: T[]): Promise<void>;
}

const ends = new WeakMap<object, Ends>();

/** Runs `fn` right after the commit of `db`. False, and nothing happens, when `db` is no transaction that tells us of its commit. */
export function afterCommit(db: Db, fn: () => void): boolean {
  const own = ends.get(db);
  own?.hooks.push(fn);
  return own !== undefined;
}

/** Puts a write aside until the end of the transaction. False when `db` is no transaction that has one: write at once. */
export function gather<T>(db: Db, book: Book<T>, item: T): boolean {
  const own = ends.get(db);
  if (!own) return false;
  const items = own.books.get(book as Book<never>) as T[] | undefined;
  if (items) items.push(item);
  else own.books.set(book as Book<never>, [item] as never[]);
  return true;
}

/** Writes what was gathered so far. At the commit it happens by itself. */
export async function writeGathered(db: Db): Promise<void> {
  const own = ends.get(db);
  if (!own) return;
  const books = [...own.books];
  own.books.clear();
  for (const [book, items] of books) await book.write(db, items);
}

/** Opens a transaction whose commit is told to those who asked for it. */
export async function withCommitHooks<T>(db: Db, run: (db: Db) => Promise<T>): Promise<T> {
  const own: Ends = { books: new Map(), hooks: [] };
  const result = await db.transaction().execute(async (transaction) => {
    ends.set(transaction, own);
    const answer = await run(transaction);
    await writeGathered(transaction);
    return answer;
  });
  for (const fn of own.hooks) fn();
  return result;
}
