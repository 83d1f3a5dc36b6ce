/** A temporary measure is prolonged, or made permanent, with the reason: it stops asking until then. */
import { appendTimeline, setDue } from '#incidents';
import { addMs, type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { authorityFor } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { type ActionRow, actionById, lockAction } from '../actions/store.ts';
import { requireToken } from '../authority.ts';
import { incidentFacts } from '../incident.ts';
import { measureKey } from './tellMeasure.ts';

interface Input {
  actionRunId: string;
  reason: string;
  /** Without hours it is permanent. */
  hours?: number | undefined;
}

export const keepMeasure = command(
  'playbooks.keepMeasure',
  { allow: 'responder', subject: ({ actionRunId }: Input) => actionRunId },
  async (ctx: Ctx, { actionRunId, reason, hours }: Input): Promise<ActionRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, row.incidentId, authorityFor(row.riskClass));
    if (row.state !== 'effective' || !row.measureUntil)
      throw conflict('This is no temporary measure', 'playbooks.measure.state');
    const change = hours
      ? { measureUntil: addMs(ctx.now, hours * 3_600_000), measureToldAt: null, measureNote: reason }
      : { measureKeptBy: ctx.actor.id, measureNote: reason };
    await ctx.db.updateTable('playbooks.actionRuns').set(change).where('id', '=', actionRunId).execute();
    ctx.audit.after = { hours: hours ?? 'permanent' };
    if ((await incidentFacts(ctx, row.incidentId)).active) {
      await setDue(ctx, { incidentId: row.incidentId, key: measureKey(row.id), due: null });
      await appendTimeline(ctx, row.incidentId, {
        kind: 'decision',
        text: `${row.title}: ${hours ? `prolonged by ${hours} h` : 'made permanent'} by ${ctx.actor.name}. ${reason}`,
        refs: [refOf(row)],
      });
    }
    return (await actionById(ctx.db, actionRunId))!;
  },
);
