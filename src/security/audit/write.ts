/** Writes audit entries: one per command, at the end of its transaction, each holding the hash of the one before. */
import { CHAIN_START, type Ctx, chainHash, type Db, json, later } from '#kernel';

export interface PendingAudit {
  ctx: Ctx;
  action: string;
  done: boolean;
}

/** What the hash covers, in one shape for writing and verifying. */
export interface AuditFacts {
  seq: number;
  at: string;
  actorKind: string;
  actorId: string;
  actorName: string;
  onBehalfOf: string | null;
  action: string;
  subject: string | null;
  incident: string | null;
  reason: string | null;
  before: unknown;
  after: unknown;
  exercise: boolean;
  requestId: string;
  ip: string | null;
}

/** A value as jsonb will give it back, so that the hash can be computed again. */
const plain = (value: unknown): unknown =>
  value === undefined ? null : JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '\\ufffd'));

/** Rows of one statement: PostgreSQL takes 65,535 parameters, a row has 17. */
const BATCH = 1000;

/** Appends the entries of one transaction. The head row is locked here, last, so that it is held only until the commit. */
export async function writeAudit(db: Db, list: PendingAudit[]): Promise<void> {
  const entries = list.filter((entry) => entry.done);
  if (entries.length === 0) return;
  const head = await db.selectFrom('security.auditHead').selectAll().forUpdate().executeTakeFirstOrThrow();
  let { seq, hash } = head;
  const rows = entries.map(({ ctx, action }) => {
    seq += 1;
    const facts: AuditFacts = {
      seq,
      at: ctx.now.toISOString(),
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      actorName: ctx.actor.name,
      onBehalfOf: ctx.actor.onBehalfOf ?? null,
      action,
      subject: ctx.audit.subject ?? null,
      incident: ctx.audit.incident ?? null,
      reason: ctx.audit.reason ?? null,
      before: plain(ctx.audit.before),
      after: plain(ctx.audit.after),
      exercise: ctx.exercise,
      requestId: ctx.requestId,
      ip: ctx.ip ?? null,
    };
    const prevHash = hash;
    hash = chainHash(prevHash, facts);
    return { ...facts, at: ctx.now, before: json(facts.before), after: json(facts.after), prevHash, hash };
  });
  for (let i = 0; i < rows.length; i += BATCH)
    await db
      .insertInto('security.audit')
      .values(rows.slice(i, i + BATCH))
      .modifyEnd(later)
      .execute();
  await db.updateTable('security.auditHead').set({ seq, hash }).modifyEnd(later).execute();
}

export interface AuditVerdict {
  ok: boolean;
  entries: number;
  head: string;
  brokenAt: number | null;
  why: string | null;
}

/** Recomputes the whole chain and compares its end with the stored head. */
export async function verifyAudit(db: Db): Promise<AuditVerdict> {
  let previous = CHAIN_START;
  let expected = 1;
  const broken = (at: number, why: string): AuditVerdict => ({
    ok: false,
    entries: expected - 1,
    head: previous,
    brokenAt: at,
    why,
  });
  for (;;) {
    const rows = await db
      .selectFrom('security.audit')
      .selectAll()
      .where('seq', '>=', expected)
      .orderBy('seq')
      .limit(1000)
      .execute();
    for (const row of rows) {
      const { hash, prevHash, at, ...rest } = row;
      if (row.seq !== expected) return broken(expected, `entry ${expected} is missing`);
      if (prevHash !== previous) return broken(row.seq, 'it does not follow from the entry before it');
      const facts: AuditFacts = { ...rest, at: at.toISOString() };
      if (chainHash(prevHash, facts) !== hash) return broken(row.seq, 'its content does not fit its hash');
      previous = hash;
      expected += 1;
    }
    if (rows.length < 1000) break;
  }
  const head = await db.selectFrom('security.auditHead').selectAll().executeTakeFirstOrThrow();
  if (head.seq !== expected - 1 || head.hash !== previous) return broken(expected, 'the end of the log is missing');
  return { ok: true, entries: expected - 1, head: previous, brokenAt: null, why: null };
}
