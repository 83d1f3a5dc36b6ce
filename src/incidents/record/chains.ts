/** The chains of the incidents' records, for the heads that security signs every minute. */
import { sql } from '#kernel';
import { chainSource } from '#security';

chainSource(async (db) => {
  const { rows } = await sql<{ chain: string; seq: number; hash: string }>`
    select 'incident:' || h.incident_id as chain, h.seq, h.hash
    from incidents.timeline_heads h
    left join security.headed_chains c on c.chain = 'incident:' || h.incident_id
    where h.seq > coalesce(c.seq, 0)
    order by h.recorded_at
    limit 1000`.execute(db);
  return rows;
});
