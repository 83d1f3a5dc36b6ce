/** What a module above owes this incident by a time, so that the one next step knows of it. */
import { command } from '#security';
import { lockIncident } from '../store.ts';

export interface SetDueInput {
  incidentId: string;
  /** `comms.update` is shown in the list as "next update due". */
  key: string;
  /** Null: nothing is owed any more. */
  due: {
    /** What to do, as a button would say it: "Publish an update". */
    title: string;
    reason: string;
    /** The war room panel or the path where it is settled. */
    place: string;
    dueAt: Date | null;
  } | null;
}

export const setDue = command(
  'incidents.setDue',
  { allow: 'internal' },
  async (ctx, input: SetDueInput): Promise<void> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const key = { incidentId: incident.id, key: input.key };
    if (!input.due) {
      await ctx.db
        .deleteFrom('incidents.dues')
        .where('incidentId', '=', incident.id)
        .where('key', '=', input.key)
        .execute();
      return;
    }
    const { due } = input;
    await ctx.db
      .insertInto('incidents.dues')
      .values({ ...key, ...due, exercise: incident.exercise })
      .onConflict((oc) => oc.columns(['incidentId', 'key']).doUpdateSet(due))
      .execute();
  },
);
