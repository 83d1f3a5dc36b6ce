/** Who looks after what: leases on slices of a place's work, with an end, so that what a dead node held is taken over. */
import { addMs, type Ctx, sql } from '#kernel';
import { SLICES } from '../model.ts';

/** A lease is worth this long; it is renewed six times in it. */
export const LEASE_MS = 12_000;
export const BEAT_MS = 2000;

/**
 * Says that this node lives, renews what it holds, and takes or gives back slices until the nodes of its place hold about
 * the same. Returns the slices it holds now.
 */
export async function holdSlices(
  ctx: Ctx,
  node: { name: string; place: string; watching: number; lateMs: number },
): Promise<number[]> {
  const { name, place } = node;
  const until = addMs(ctx.now, LEASE_MS);
  await sql`insert into signals.monitor_nodes (node, place, seen_at, watching, late_ms)
    values (${name}, ${place}, ${ctx.now}, ${node.watching}, ${node.lateMs})
    on conflict (node) do update set place = excluded.place, seen_at = excluded.seen_at,
      watching = excluded.watching, late_ms = excluded.late_ms`.execute(ctx.db);
  const { rows: held } = await sql<{ slice: number }>`update signals.monitor_slices set until = ${until}
    where place = ${place} and holder = ${name} and until > ${ctx.now} returning slice`.execute(ctx.db);
  const { rows: nodes } = await sql<{ n: number }>`select count(*)::int as n from signals.monitor_nodes
    where place = ${place} and seen_at > ${addMs(ctx.now, -LEASE_MS)}`.execute(ctx.db);
  const fair = Math.ceil(SLICES / Math.max(1, nodes[0]?.n ?? 1));
  const mine = held.map((row) => row.slice).sort((a, b) => a - b);
  if (mine.length > fair) {
    const extra = mine.splice(fair);
    await sql`delete from signals.monitor_slices where place = ${place} and holder = ${name} and slice = any(${extra})`.execute(
      ctx.db,
    );
  }
  if (mine.length >= fair) return mine;
  const { rows: won } = await sql<{
    slice: number;
  }>`insert into signals.monitor_slices as s (place, slice, holder, until)
    select ${place}, free, ${name}, ${until} from generate_series(0, ${SLICES - 1}) as free
    where not exists (select 1 from signals.monitor_slices o where o.place = ${place} and o.slice = free and o.until > ${ctx.now})
    order by free limit ${fair - mine.length}
    on conflict (place, slice) do update set holder = excluded.holder, until = excluded.until where s.until <= ${ctx.now}
    returning slice`.execute(ctx.db);
  return [...mine, ...won.map((row) => row.slice)].sort((a, b) => a - b);
}

/** On the way out: others may have them at once. */
export async function releaseSlices(ctx: Pick<Ctx, 'db'>, name: string): Promise<void> {
  await sql`delete from signals.monitor_slices where holder = ${name}`.execute(ctx.db);
  await sql`delete from signals.monitor_nodes where node = ${name}`.execute(ctx.db);
}

/** Forgets nodes that have been gone for a day. */
export async function forgetNodes(ctx: Ctx): Promise<void> {
  await sql`delete from signals.monitor_nodes where seen_at < ${addMs(ctx.now, -86_400_000)}`.execute(ctx.db);
}
