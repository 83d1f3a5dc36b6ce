/** Fills an incident's timeline with a real chain of thousands of entries, as fast as the database takes them. */
import { chainHash, type Db, sql } from '../../src/kernel/index.ts';

/** Appends `count` entries, each linked and hashed as the product does it. */
export async function fillTimeline(db: Db, incidentId: string, count: number): Promise<void> {
  const head = await db
    .selectFrom('incidents.timelineHeads')
    .select(['seq', 'hash', 'recordedAt'])
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow();
  let { hash } = head;
  const start = head.recordedAt?.getTime() ?? 0;
  const kinds = ['note', 'action', 'signal', 'message', 'hypothesis'];
  for (let done = 0; done < count;) {
    const rows = [];
    for (const size = Math.min(2000, count - done); rows.length < size; done++) {
      const at = new Date(start + Math.floor(done / 50)).toISOString();
      const entry = {
        incidentId,
        seq: head.seq + done + 1,
        occurredAt: at,
        recordedAt: at,
        actor: { kind: 'system', id: 'system:load', name: 'load' },
        kind: kinds[done % kinds.length] as string,
        text: `Entry ${done}: p99 of the checkout is ${done % 900} ms, lag of orders-db ${done % 77} s`,
        refs: [],
        classification: 'internal',
        corrects: null,
        exercise: false,
      };
      const prevHash = hash;
      hash = chainHash(prevHash, entry);
      rows.push({ ...entry, prevHash, hash });
    }
    await sql`insert into incidents.timeline (incident_id, seq, occurred_at, recorded_at, actor_kind, actor_id, actor_name,
        kind, text, refs, classification, corrects, exercise, prev_hash, hash)
      select ${incidentId}, t.seq, t."occurredAt", t."recordedAt", 'system', 'system:load', 'load', t.kind, t.text, '[]',
        'internal', null, false, t."prevHash", t.hash
      from jsonb_to_recordset(cast(${JSON.stringify(rows)} as jsonb)) as t(seq int, "occurredAt" timestamptz,
        "recordedAt" timestamptz, kind text, text text, "prevHash" text, hash text)`.execute(db);
  }
  await sql`update incidents.timeline_heads set seq = ${head.seq + count}, hash = ${hash},
    recorded_at = ${new Date(start + Math.floor(count / 50))} where incident_id = ${incidentId}`.execute(db);
}
