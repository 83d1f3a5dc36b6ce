/** Freezes as screens and the API show them. */
import { servicesByIds } from '#catalog';
import { incidentById } from '#incidents';
import { type Ctx, isHidden } from '#kernel';
import type { FreezeExceptionRow, FreezeRow } from './store.ts';

/** All freezes of an incident, or every one in force. */
export async function freezeViews(ctx: Ctx, filter: { incidentId?: string }) {
  let query = ctx.db.selectFrom('playbooks.freezes').selectAll().orderBy('startedAt');
  if (filter.incidentId) query = query.where('incidentId', '=', filter.incidentId);
  else query = query.where('endedAt', 'is', null).where('expiresAt', '>', ctx.now);
  return viewsOf(ctx, await query.execute());
}

export async function viewsOf(ctx: Ctx, all: FreezeRow[]) {
  const rows = all.filter((row) => !isHidden(ctx, row.incidentId));
  if (rows.length === 0) return [];
  const services = await servicesByIds(
    ctx,
    rows.map((row) => row.serviceId),
  );
  const exceptions = await exceptionsOf(
    ctx,
    rows.map((row) => row.id),
  );
  return Promise.all(
    rows.map(async (row) => {
      const incident = await incidentById(ctx, row.incidentId);
      const service = services.get(row.serviceId);
      // Past its time but not tidied up yet: it does not hold any more.
      const over = row.endedAt ?? (row.expiresAt <= ctx.now ? row.expiresAt : null);
      return {
        id: row.id,
        service: {
          id: row.serviceId,
          slug: service?.slug ?? row.serviceId,
          name: service?.name ?? row.serviceId,
        },
        incident: { id: incident.id, key: incident.key },
        reason: row.reason,
        blocks: row.blocks,
        allowLabel: row.allowLabel,
        startedBy: row.startedByName,
        startedAt: row.startedAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        endedAt: over?.toISOString() ?? null,
        endReason: row.endReason ?? (over && !row.endedAt ? 'its time has run out' : null),
        exceptions: exceptions
          .filter((one) => one.freezeId === row.id)
          .map((one) => ({
            label: one.label,
            ref: one.ref,
            by: one.askedByName,
            at: one.at.toISOString(),
          })),
        exercise: row.exercise,
      };
    }),
  );
}

const exceptionsOf = (ctx: Ctx, freezeIds: string[]): Promise<FreezeExceptionRow[]> =>
  ctx.db
    .selectFrom('playbooks.freezeExceptions')
    .selectAll()
    .where('freezeId', 'in', freezeIds)
    .orderBy('at')
    .execute();
