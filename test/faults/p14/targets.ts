/** The two chains that P14 tampers with: the audit log, and the record of an incident. */
import { type Db, sql } from '../../../src/kernel/index.ts';
import type { Random } from '../rig/random.ts';
import type { Row, Target } from './tamper.ts';

const text = (row: Row, field: string) => String(row[field] ?? '');
const later = (value: unknown, ms: number) => new Date((value as Date).getTime() + ms);

/** Signed heads in the database are taken away too: they would give the forger away. Those outside cannot be. */
const forgetHeads = (db: Db) => sql`delete from security.heads`.execute(db);

export const auditTarget: Target = {
  rows: (db) => db.selectFrom('security.audit').selectAll().orderBy('seq').execute() as unknown as Promise<Row[]>,
  write: async (db, rows) => {
    await sql`delete from security.audit`.execute(db);
    const packed = JSON.stringify(rows.map((row) => ({ ...row, at: (row.at as Date).toISOString() })));
    await sql`insert into security.audit (seq, at, actor_kind, actor_id, actor_name, on_behalf_of, action, subject, incident,
        reason, before, after, exercise, request_id, ip, prev_hash, hash)
      select seq, at, "actorKind", "actorId", "actorName", "onBehalfOf", action, subject, incident, reason,
        nullif(before, 'null'), nullif(after, 'null'), exercise, "requestId", ip, "prevHash", hash
      from jsonb_to_recordset(cast(${packed} as jsonb)) as t(seq bigint, at timestamptz, "actorKind" text, "actorId" text,
        "actorName" text, "onBehalfOf" text, action text, subject text, incident text, reason text, before jsonb, after jsonb,
        exercise boolean, "requestId" text, ip text, "prevHash" text, hash text)`.execute(db);
    const last = rows.at(-1);
    await sql`update security.audit_head set seq = ${last?.seq ?? 0}, hash = ${last?.hash ?? '0'.repeat(64)}`.execute(
      db,
    );
    await forgetHeads(db);
  },
  change: (row, random) =>
    random.pick<() => Row>([
      () => ({ ...row, actorName: `${text(row, 'actorName')} the Second` }),
      () => ({ ...row, actorId: 'usr_00000000000000000000000000' }),
      () => ({ ...row, action: 'security.signIn' }),
      () => ({ ...row, subject: `${text(row, 'subject')}x` }),
      () => ({ ...row, after: { forged: random.next() } }),
      () => ({ ...row, at: later(row.at, 60_000) }),
      () => ({ ...row, ip: '203.0.113.7' }),
    ])(),
  hashed: ({ prevHash: _p, hash: _h, ...row }) => ({ ...row, at: (row.at as Date).toISOString() }),
  renameActor: async (db, random) => {
    const actors = await db
      .selectFrom('security.audit')
      .select('actorId')
      .distinct()
      .where('actorKind', '=', 'user')
      .orderBy('actorId')
      .execute();
    const { actorId } = random.pick(actors);
    await sql`update security.users set name = ${`Mallory ${random.between(1, 1e6)}`} where id = ${actorId}`.execute(
      db,
    );
  },
};

/** The timeline of one incident. */
export const recordTarget = (incidentId: string): Target => ({
  rows: (db) =>
    db
      .selectFrom('incidents.timeline')
      .selectAll()
      .where('incidentId', '=', incidentId)
      .orderBy('seq')
      .execute() as unknown as Promise<Row[]>,
  write: async (db, rows) => {
    await sql`delete from incidents.timeline where incident_id = ${incidentId}`.execute(db);
    const iso = (value: unknown) => (value as Date).toISOString();
    const packed = JSON.stringify(
      rows.map((row) => ({ ...row, occurredAt: iso(row.occurredAt), recordedAt: iso(row.recordedAt) })),
    );
    await sql`insert into incidents.timeline (incident_id, seq, occurred_at, recorded_at, actor_kind, actor_id, actor_name, kind,
        text, refs, classification, corrects, exercise, prev_hash, hash)
      select ${incidentId}, seq, "occurredAt", "recordedAt", "actorKind", "actorId", "actorName", kind, text, refs,
        classification, corrects, exercise, "prevHash", hash
      from jsonb_to_recordset(cast(${packed} as jsonb)) as t(seq int, "occurredAt" timestamptz, "recordedAt" timestamptz,
        "actorKind" text, "actorId" text, "actorName" text, kind text, text text, refs jsonb, classification text,
        corrects int, exercise boolean, "prevHash" text, hash text)`.execute(db);
    const last = rows.at(-1);
    await sql`update incidents.timeline_heads set seq = ${last?.seq ?? 0}, hash = ${last?.hash ?? '0'.repeat(64)}
      where incident_id = ${incidentId}`.execute(db);
    await forgetHeads(db);
  },
  change: (row, random) =>
    random.pick<() => Row>([
      () => ({ ...row, text: `${text(row, 'text')}, or so` }),
      () => ({ ...row, actorName: `${text(row, 'actorName')} the Second` }),
      () => ({ ...row, actorId: 'usr_00000000000000000000000000' }),
      () => ({ ...row, kind: 'approval' }),
      () => ({ ...row, classification: 'public' }),
      () => ({ ...row, occurredAt: later(row.occurredAt, -600_000) }),
    ])(),
  hashed: (row) => ({
    incidentId: row.incidentId,
    seq: row.seq,
    occurredAt: (row.occurredAt as Date).toISOString(),
    recordedAt: (row.recordedAt as Date).toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    kind: row.kind,
    text: row.text,
    refs: row.refs,
    classification: row.classification,
    corrects: row.corrects,
    exercise: row.exercise,
  }),
});
