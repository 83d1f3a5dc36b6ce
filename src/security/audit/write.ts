/** Writes audit entries: one per command, at the end of its transaction, each holding the hash of the one before. */
import { type AuditNote, CHAIN_START, canonicalJson, type Ctx, chainHash, type Db, json, later, sql } from '#kernel';

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

const wellFormed = (text: string | null | undefined) => text?.toWellFormed() ?? null;

/**
 * Appends the entries of one transaction. The database takes the head, closes the chain and moves the head: nothing is
 * waited for here, and the head is held only until the commit.
 */
export async function writeAudit(db: Db, list: PendingAudit[]): Promise<void> {
  // What a command does by others belongs to the incident it is about.
  const incident = list[0]?.ctx.audit.incident;
  if (incident !== undefined) for (const { ctx } of list) ctx.audit.incident ??= incident;
  const entries = list.filter((entry) => entry.done).map(entryOf);
  if (entries.length === 0) return;
  await sql`select security.append_audit(${json(entries as unknown)}) ${later}`.execute(db);
}

/** The change, with the versions of the policies that it followed. */
function withPolicies({ after, policies }: AuditNote): unknown {
  if (!policies) return after;
  return typeof after === 'object' && after !== null && !Array.isArray(after)
    ? { ...after, policies }
    : { ...(after === undefined ? {} : { result: after }), policies };
}

/** An entry and its canonical text in two halves, around the number that the database gives it. */
function entryOf({ ctx, action }: PendingAudit) {
  const { kind, id, name, onBehalfOf } = ctx.actor;
  const facts: Omit<AuditFacts, 'seq'> = {
    at: ctx.now.toISOString(),
    actorKind: kind,
    actorId: id,
    actorName: name.toWellFormed(),
    onBehalfOf: onBehalfOf ?? null,
    action,
    subject: wellFormed(ctx.audit.subject),
    incident: wellFormed(ctx.audit.incident),
    reason: wellFormed(ctx.audit.reason),
    before: plain(ctx.audit.before),
    after: plain(withPolicies(ctx.audit)),
    exercise: ctx.exercise,
    requestId: ctx.requestId,
    ip: ctx.ip ?? null,
  };
  // Members are sorted by name: of ours only `subject` comes after `seq`.
  const { subject, ...before } = facts;
  return { facts, head: `${canonicalJson(before).slice(0, -1)},"seq":`, tail: `,"subject":${canonicalJson(subject)}}` };
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
