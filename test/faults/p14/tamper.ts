/**
 * Eight ways to change a chained log behind the product's back, by somebody who owns the database and knows the format:
 * triggers are off, hashes and heads are written again where that helps. Each works on the table of any chain.
 */
import { chainHash, type Db, sql } from '../../../src/kernel/index.ts';
import type { Random } from '../rig/random.ts';

export const KINDS = ['edit', 'delete', 'swap', 'insert', 'cut', 'rechain', 'restore', 'actor'] as const;
export type Kind = (typeof KINDS)[number];

export interface Row {
  seq: number;
  prevHash: string;
  hash: string;
  [field: string]: unknown;
}

/** A chain as a forger sees it. */
export interface Target {
  rows(db: Db): Promise<Row[]>;
  /** Writes the whole chain, its head, and takes away signed heads that would contradict it. */
  write(db: Db, rows: Row[]): Promise<void>;
  /** One believable change of one row. */
  change(row: Row, random: Random): Row;
  /** What the hash covers. */
  hashed(row: Row): object;
  /** Makes somebody else stand for what was done; nothing when the chain names people itself. */
  renameActor?(db: Db, random: Random): Promise<void>;
}

/** Hashes from `from` on are computed anew, as the product would. */
function chained(target: Target, rows: Row[], from: number): Row[] {
  let previous = rows[from - 1]?.hash ?? '0'.repeat(64);
  return rows.map((row, i) => {
    if (i < from) return row;
    const seq = i + 1;
    const next = { ...row, seq };
    const hash = chainHash(previous, target.hashed(next));
    const linked = { ...next, prevHash: previous, hash };
    previous = hash;
    return linked;
  });
}

const numbered = (rows: Row[]): Row[] => rows.map((row, i) => ({ ...row, seq: i + 1 }));

/** Carries out one try of a kind, inside the caller's transaction. */
export async function tamper(db: Db, target: Target, kind: Kind, random: Random): Promise<void> {
  await sql`set local session_replication_role = replica`.execute(db);
  if (kind === 'actor') return target.renameActor?.(db, random);
  const rows = await target.rows(db);
  const at = random.between(1, rows.length - 2);
  const changed = target.change(rows[at] as Row, random);
  const with_ = (index: number, row: Row) => rows.map((one, i) => (i === index ? row : one));
  if (kind === 'edit') return target.write(db, with_(at, changed));
  // Half of the deletions hide the gap in the numbers.
  if (kind === 'delete') {
    const left = rows.filter((_, i) => i !== at);
    return target.write(db, random.next() < 0.5 ? numbered(left) : left);
  }
  if (kind === 'swap') {
    const other = at === rows.length - 2 ? at - 1 : at + 1;
    const [a, b] = [rows[at] as Row, rows[other] as Row];
    return target.write(db, numbered(rows.map((one, i) => (i === at ? b : i === other ? a : one))));
  }
  if (kind === 'insert')
    return target.write(
      db,
      numbered([...rows.slice(0, at), { ...changed, prevHash: (rows[at] as Row).prevHash }, ...rows.slice(at)]),
    );
  if (kind === 'cut') return target.write(db, rows.slice(0, rows.length - random.between(1, rows.length - 2)));
  if (kind === 'rechain') return target.write(db, chained(target, with_(at, changed), at));
  // An old state comes back, and half of the time life goes on from there.
  const old = rows.slice(0, at + 1);
  const goesOn = random.next() < 0.5 ? rows.slice(at + 1).map((row) => target.change(row, random)) : [];
  return target.write(db, chained(target, [...old, ...goesOn], old.length));
}
