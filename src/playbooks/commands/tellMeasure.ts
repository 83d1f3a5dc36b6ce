/** The time of a temporary measure is over: whoever runs the incident is asked to end it, to prolong it, or to keep it. */
import { appendTimeline, setDue } from '#incidents';
import type { Ctx } from '#kernel';
import { command } from '#security';
import { incidentFacts } from '../incident.ts';
import { askSomebody } from '../actions/steps.ts';
import { refOf } from '../actions/propose.ts';
import { lockAction } from '../actions/store.ts';

/** What the incident's one next step calls an overdue measure. */
export const measureKey = (actionRunId: string) => `playbooks.measure.${actionRunId}`;

export const tellMeasure = command(
  'playbooks.tellMeasure',
  { allow: 'internal', subject: ({ actionRunId }: { actionRunId: string }) => actionRunId },
  async (ctx: Ctx, { actionRunId }): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'effective' || row.measureKeptBy || !row.measureUntil || row.measureUntil > ctx.now) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const first = row.measureToldAt === null;
    await ctx.db
      .updateTable('playbooks.actionRuns')
      .set({ measureToldAt: ctx.now })
      .where('id', '=', actionRunId)
      .execute();
    const reason = 'It was meant to be temporary: undo it, prolong it with a reason, or make it permanent';
    const incident = await incidentFacts(ctx, row.incidentId);
    if (incident.active) {
      await setDue(ctx, {
        incidentId: row.incidentId,
        key: measureKey(row.id),
        due: { title: `Still in place: ${row.title}`, reason, place: 'containment', dueAt: row.measureUntil },
      });
      if (first)
        await appendTimeline(ctx, row.incidentId, {
          kind: 'task',
          text: `${row.title}: its time as a temporary measure is over`,
          refs: [refOf(row)],
        });
    }
    await askSomebody(ctx, row, { title: `Still in place: ${row.title}`, body: reason, urgency: 'low' });
  },
);
