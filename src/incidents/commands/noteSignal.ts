/** The source of a linked alert says it is over: a hint on the timeline, not a verdict. */
import { command } from '#security';
import { write } from '../record/write.ts';
import { setGroupState } from '../gate-store.ts';
import { lockIncident } from '../store.ts';

export const noteSignal = command(
  'incidents.noteSignal',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, { groupId }: { groupId: string }): Promise<void> => {
    for (const { incidentId, title } of await setGroupState(ctx, groupId, 'resolved')) {
      const incident = await lockIncident(ctx, incidentId);
      await write(ctx, incident, {
        kind: 'signal',
        text: `Source says resolved: ${title}`,
        refs: [{ kind: 'alert_group', id: groupId }],
      });
    }
  },
);
