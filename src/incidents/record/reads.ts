/** Every look at a restricted incident is written down, in the audit log (invariant 17, M70b). */
import { type Ctx, unveiled } from '#kernel';
import { noteRead } from '../commands/noteRead.ts';

/** The looks of requests that are still in memory: one request is one look, however many of its queries read the row. */
const noted = new Set<string>();
const REMEMBERED = 2000;

/** Notes that the actor of this context looks at these incidents. What the product does by itself is no look. */
export async function noteReads(reader: object, rows: { id: string; restricted: boolean }[]): Promise<void> {
  const ctx = reader as Partial<Ctx>;
  if (!ctx.actor || ctx.actor.kind === 'system' || (ctx.within?.length ?? 0) > 0) return;
  for (const row of rows) {
    if (!row.restricted) continue;
    const look = `${ctx.requestId}:${row.id}`;
    if (noted.has(look)) continue;
    noted.add(look);
    if (noted.size > REMEMBERED) noted.delete(noted.values().next().value as string);
    const full = ctx as Ctx;
    // What somebody reads needs no permission to be noted.
    await noteRead(
      { ...full, db: unveiled(full.db), within: ['incidents.read'] },
      { incidentId: row.id, asked: ctx.asked },
    );
  }
}
