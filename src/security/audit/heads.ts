/** Signed heads: every minute, where each chain stands now, signed and chained, so that a cut or rewritten log shows. */
import { CHAIN_START, canonicalJson, config, type Db, type Instant, type StampedAt, sha256hex, sql } from '#kernel';
import { signingKey } from './signing.ts';

declare module '#kernel' {
  interface Database {
    'security.signingKeys': { id: string; publicKey: string; sealedKey: string; createdAt: StampedAt };
    'security.heads': {
      number: number;
      at: Instant;
      statement: string;
      signature: string;
      keyId: string;
      hash: string;
    };
    'security.headedChains': { chain: string; seq: number; number: number };
    'security.headPlaces': {
      place: string;
      delivered: import('#kernel').Generated<number>;
      deliveredAt: Date | null;
      error: string | null;
      failedAt: Date | null;
    };
  }
}

/** Where one chain stands: its newest number and hash. `audit`, or `incident:inc_…`. */
export interface ChainHead {
  chain: string;
  seq: number;
  hash: string;
}
/** Heads that have moved since they were signed last, at most a thousand. */
type ChainSource = (db: Db) => Promise<ChainHead[]>;

const sources: ChainSource[] = [
  async (db) => {
    const head = await db.selectFrom('security.auditHead').selectAll().executeTakeFirstOrThrow();
    const known = await headedAt(db, 'audit');
    return head.seq > known ? [{ chain: 'audit', seq: head.seq, hash: head.hash }] : [];
  },
];

/** Adds a module's chains. Call it once, where the module is loaded. */
export function chainSource(source: ChainSource): void {
  sources.push(source);
}

const headedAt = async (db: Db, chain: string): Promise<number> =>
  (await db.selectFrom('security.headedChains').select('seq').where('chain', '=', chain).executeTakeFirst())?.seq ?? 0;

/** A signed head as it is kept, sent and put into bundles. */
export interface SignedHead {
  /** Canonical JSON: format, installation, number, at, previous, chains. The signature covers exactly these bytes. */
  statement: string;
  /** Ed25519, base64. */
  signature: string;
  /** Id of the key. */
  key: string;
}

export const HEADS_FORMAT = 'evenkeel.heads/v1';

/** Signs where the chains stand, when one has moved. One node at a time; returns the number, or nothing. */
export async function signHeads(db: Db, at: Date): Promise<number | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('security.heads', 0))`.execute(tx);
    const chains: ChainHead[] = [];
    for (const source of sources) chains.push(...(await source(tx)));
    if (chains.length === 0) return undefined;
    const key = await signingKey(tx);
    const last = await tx
      .selectFrom('security.heads')
      .select(['number', 'hash'])
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const number = (last?.number ?? 0) + 1;
    const statement = canonicalJson({
      format: HEADS_FORMAT,
      installation: config.publicUrl,
      number,
      at: at.toISOString(),
      previous: last?.hash ?? CHAIN_START,
      chains,
    });
    const hash = sha256hex(statement);
    await tx
      .insertInto('security.heads')
      .values({ number, at, statement, signature: key.sign(statement), keyId: key.id, hash })
      .execute();
    await tx
      .insertInto('security.headedChains')
      .values(chains.map(({ chain, seq }) => ({ chain, seq, number })))
      .onConflict((oc) =>
        oc.column('chain').doUpdateSet((eb) => ({ seq: eb.ref('excluded.seq'), number: eb.ref('excluded.number') })),
      )
      .execute();
    return number;
  });
}

const HEAD = ['statement', 'signature', 'keyId as key'] as const;

/** Heads after a number, in order. */
export const headsAfter = (db: Db, number: number, limit: number) =>
  db
    .selectFrom('security.heads')
    .select([...HEAD, 'number'])
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit)
    .execute();

/** The newest signed head that covers a chain, if any. */
export async function headOver(db: Db, chain: string): Promise<SignedHead | undefined> {
  return db
    .selectFrom('security.heads as h')
    .innerJoin('security.headedChains as c', 'c.number', 'h.number')
    .select(HEAD)
    .where('c.chain', '=', chain)
    .executeTakeFirst();
}
