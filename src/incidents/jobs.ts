/** Later work: asking for a hand-over when somebody has led for hours; seeing within a minute which roles nobody holds. */
import { z } from 'zod';
import { defineJob, enqueue } from '#kernel';
import { flagUnfilled } from './commands/flagUnfilled.ts';
import { noteLongDuty } from './commands/noteLongDuty.ts';
import { ACTIVE_PHASES } from './lifecycle/model.ts';
import { flagsAgree, missingRoles, openFlags } from './roles/unfilled.ts';

export const dutyTimer = (incidentId: string) => `incidents.duty:${incidentId}`;

/** Fires after four hours of unbroken command and each hour after that, until somebody else leads or it is over (M8d). */
export const watchDuty = defineJob(
  'incidents.watchDuty',
  z.object({ incidentId: z.string() }),
  async (ctx, { incidentId }) => {
    const { nextAt } = await noteLongDuty(ctx, { incidentId });
    if (nextAt) await enqueue(ctx, watchDuty, { incidentId }, { runAt: nextAt, key: dutyTimer(incidentId) });
  },
);

/** Twice a minute: roles that must be held and are not. Whatever caused it (phase, matrix, somebody left), it is seen (M33c). */
export const watchRoles = defineJob(
  'incidents.watchRoles',
  z.object({}),
  async (ctx) => {
    const active = await ctx.db
      .selectFrom('incidents.incidents')
      .selectAll()
      .where('phase', 'in', ACTIVE_PHASES)
      .orderBy('declaredAt')
      .execute();
    for (const incident of active) {
      const missing = await missingRoles(ctx, incident);
      if (flagsAgree(await openFlags(ctx, incident.id), missing)) continue;
      await flagUnfilled({ ...ctx, exercise: incident.exercise }, { incidentId: incident.id });
    }
  },
  { every: 30_000 },
);

export const jobs = [watchDuty, watchRoles];
