/** Flags the roles that must be held and are not to whoever leads, with the reason; takes down what is filled (M33c). */
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { roleUnfilled } from '../events.ts';
import { write } from '../record/write.ts';
import { COMMANDER } from '../roles/model.ts';
import { holdingsOf } from '../roles/store.ts';
import { type Missing, missingRoles, openFlags, takeDown, WHY } from '../roles/unfilled.ts';
import { lockIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';

export const flagUnfilled = command(
  'incidents.flagUnfilled',
  { allow: 'internal', subject: (input: { incidentId: string }) => input.incidentId },
  async (ctx, { incidentId }: { incidentId: string }): Promise<{ flagged: string[] }> => {
    const incident = await lockIncident(ctx, incidentId);
    const missing = await missingRoles(ctx, incident);
    const flags = await openFlags(ctx, incident.id);
    const filled = flags.filter((flag) => !missing.some(({ role }) => role.key === flag.role));
    await takeDown(
      ctx,
      incident.id,
      filled.map(({ role }) => role),
    );
    const fresh = missing.filter(({ role }) => !flags.some((flag) => flag.role === role.key));
    if (fresh.length > 0) await flag(ctx, incident, fresh);
    ctx.audit.skip = fresh.length === 0 && filled.length === 0;
    ctx.audit.after = { unfilled: missing.map(({ role }) => role.key) };
    return { flagged: fresh.map(({ role }) => role.key) };
  },
);

async function flag(ctx: Ctx, incident: IncidentRow, fresh: Missing[]): Promise<void> {
  const lead = (await holdingsOf(ctx, incident.id)).find((held) => held.role === COMMANDER && held.accepted);
  await ctx.db
    .insertInto('incidents.unfilledRoles')
    .values(
      fresh.map(({ role, why }) => ({
        incidentId: incident.id,
        role: role.key,
        why,
        since: ctx.now,
        toldUserId: lead?.userId ?? null,
        exercise: incident.exercise,
      })),
    )
    .onConflict((on) => on.doNothing())
    .execute();
  await write(ctx, incident, {
    kind: 'role',
    text: `Nobody yet: ${fresh.map(({ role, why }) => `${role.title} (${WHY[why]})`).join(', ')}`,
    refs: fresh.map(({ role }) => ({ kind: 'role', id: role.key })),
  });
  for (const { role, why } of fresh)
    await emit(
      ctx,
      roleUnfilled,
      { incidentId: incident.id, key: incident.key, role: role.key, why, toUserId: lead?.userId ?? null },
      { subject: incident.id, incident: incident.id },
    );
}
