/**
 * What rarely changes, kept in memory for commands that run many times a second: who may send, services, silences,
 * policies, people and how they are reached. Never older than the command: its transaction reads the stamp of
 * `kernel.standing` together with the time, and every change of such a table gives a new stamp at its commit (triggers of
 * migration 1010). Rows that were kept under another stamp are read again.
 *
 * Only commands that say `standing: true` use it, and they must not change these tables themselves; one that is about to
 * calls `leaveStanding` first. A new table: its trigger first, then `standing` around its reading.
 */
import { sql } from 'kysely';
import type { Db } from './context.ts';
import { ahead, sent } from './db/later.ts';

/** Answers kept at once; beyond that all are forgotten and read again. */
const MOST = 5000;

const stamps = new WeakMap<Db, string>();
/** Transactions that have not heard the stamp yet and go by the last one. */
const presuming = new WeakSet<Db>();
/** What a transaction took for granted: each must turn out true before its commit. */
const wagers = new WeakMap<Db, Promise<boolean>[]>();
/** A presumed time may be older than the true one by so much, as rows carry it, and later by next to nothing. */
const OLDER_MS = 50;
const LATER_MS = 2;
interface Heard {
  now: Date;
  stamp: string;
}
/** The database's time as last heard, and when that was by the clock that never jumps. */
let heard: { now: number; at: number } | undefined;
let kept: { stamp: string; answers: Map<string, unknown> } = { stamp: '', answers: new Map() };

/**
 * Lets a transaction use what is kept before it has heard whether that still holds, to ask early what it will probably ask:
 * never to decide anything. What is not kept is refused. Returns the presumed time; undefined when nothing is known.
 */
export function presume(db: Db): Date | undefined {
  if (!heard) return undefined;
  stamps.set(db, kept.stamp);
  presuming.add(db);
  return new Date(heard.now + performance.now() - heard.at);
}

/** The present for this transaction, which from here on may use what is kept. */
export async function openStanding(db: Db): Promise<Date> {
  // Not waited for by what is asked next: a connection of a transaction takes one question after the other else.
  const asked = sql<Heard>`select kernel.now() as now, stamp from kernel.standing ${ahead}`;
  const [row] = await sent<Heard>({ execute: () => asked.execute(db) });
  presuming.delete(db);
  if (!row) throw new Error('The row of kernel.standing is missing');
  stamps.set(db, row.stamp);
  heard = { now: row.now.getTime(), at: performance.now() };
  return row.now;
}

/** From here on this transaction asks the database: it changes what others keep. */
export const leaveStanding = (db: Db): void => void stamps.delete(db);

/**
 * Lets a transaction decide by what it presumes, while the answers are under way: its writes are sent, its commit is not
 * before `confirm` has seen that stamp and time are what was presumed. `asked` is what `openStanding` returned.
 */
export function goOn(db: Db, presumed: Date, asked: Promise<Date>): Date {
  const stamp = stamps.get(db);
  const right = asked.then((now) => {
    const older = now.getTime() - presumed.getTime();
    return stamps.get(db) === stamp && older <= OLDER_MS && older >= -LATER_MS;
  });
  wagers.set(db, []);
  wager(db, right);
  return presumed;
}

/** Whether this transaction goes by what it presumes. */
export const isGuessing = (db: Db): boolean => wagers.has(db);

/** Takes something more for granted. */
export function wager(db: Db, right: Promise<boolean>): void {
  right.catch(() => {});
  wagers.get(db)?.push(right);
}

/** A presumption was wrong: nothing of the transaction holds, and it is run again without. */
export class WrongGuess extends Error {}

/** Waits until everything that was taken for granted is known. Throws `WrongGuess` when some of it is not so. */
export async function confirm(db: Db): Promise<void> {
  const all = await Promise.all(wagers.get(db) ?? []);
  if (all.includes(false)) throw new WrongGuess('What was presumed is not so');
}

function answersFor(db: Db): Map<string, unknown> | undefined {
  const stamp = stamps.get(db);
  if (stamp === undefined) return undefined;
  if (presuming.has(db)) {
    if (kept.stamp !== stamp) throw new WrongGuess('What was kept has been replaced');
    return kept.answers;
  }
  if (kept.stamp !== stamp || kept.answers.size > MOST) kept = { stamp, answers: new Map() };
  return kept.answers;
}

/** The answer to a question, by its name: kept, or asked now. It is shared: nobody may change it. */
export async function standing<T>(db: Db, name: string, ask: () => Promise<T>): Promise<T> {
  const answers = answersFor(db);
  if (answers?.has(name)) return answers.get(name) as T;
  refuseGuess(db);
  const answer = await ask();
  answers?.set(name, answer);
  return answer;
}

function refuseGuess(db: Db): void {
  if (presuming.has(db)) throw new Error('Not kept, and it is not known yet what holds');
}

/** Whether this transaction may use what is kept. */
export const isStanding = (db: Db): boolean => stamps.has(db);

/** The same for a question about many: only those that are not kept are asked about. What is not found is not kept. */
export async function standingEach<T>(
  db: Db,
  kind: string,
  names: readonly string[],
  ask: (missing: string[]) => Promise<Map<string, T>>,
): Promise<Map<string, T>> {
  const answers = answersFor(db);
  const found = new Map<string, T>();
  const missing: string[] = [];
  for (const name of names) {
    const known = answers?.get(`${kind}:${name}`) as T | undefined;
    if (known === undefined) missing.push(name);
    else found.set(name, known);
  }
  if (missing.length === 0) return found;
  refuseGuess(db);
  for (const [name, answer] of await ask(missing)) {
    found.set(name, answer);
    answers?.set(`${kind}:${name}`, answer);
  }
  return found;
}
