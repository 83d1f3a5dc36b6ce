/** Closes an incident whose obligations are settled, and ends every duty on it. */
import { command } from '#security';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';
import { endDuties } from '../roles/duties.ts';

export interface CloseInput {
  incidentId: string;
  note?: string | undefined;
}

export const close = command(
  'incidents.close',
  { allow: 'responder' },
  async (ctx, input: CloseInput): Promise<Moved> => {
    refuseSecrets(ctx, { note: input.note });
    const moved = await walk(ctx, {
      incidentId: input.incidentId,
      to: 'closed',
      evidence: input.note,
      headline: 'Closed',
    });
    if (moved.changed) await endDuties(ctx, moved.id);
    return moved;
  },
);
