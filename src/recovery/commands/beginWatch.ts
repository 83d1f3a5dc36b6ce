/** After restored: somebody goes on looking for a day, with the same criteria. */
import { addMs, type Ctx } from '#kernel';
import { incidentById } from '#incidents';
import { command } from '#security';
import { putWatch, saveWatch } from '../closing/store.ts';

/** Domain 4.7: the watch list lasts a day. */
export const WATCH_MS = 24 * 3_600_000;

export const beginWatch = command(
  'recovery.beginWatch',
  { allow: 'internal', subject: ({ incidentId }: { incidentId: string; relapsed?: boolean }) => incidentId },
  async (ctx: Ctx, { incidentId, relapsed }): Promise<void> => {
    const incident = await incidentById(ctx, incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    if (relapsed) await saveWatch(ctx, incident.id, { state: 'relapsed' });
    else await putWatch(ctx, { incidentId: incident.id, until: addMs(ctx.now, WATCH_MS), exercise: incident.exercise });
  },
);
