/** Writes down that the deploy gate let a labelled change through a freeze. */

import { serviceById } from '#catalog';
import { appendTimeline } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { freezeException } from '../events.ts';
import { type FreezeRow, insertException } from '../safeguards/store.ts';

export interface NoteExceptionInput {
  freeze: FreezeRow;
  label: string;
  ref: string;
  by: { id: string; name: string };
}

export const noteException = command(
  'playbooks.noteException',
  { allow: 'internal', subject: ({ freeze }: NoteExceptionInput) => freeze.id },
  async (ctx: Ctx, { freeze, label, ref, by }: NoteExceptionInput): Promise<void> => {
    const fresh = await insertException(ctx, {
      freezeId: freeze.id,
      incidentId: freeze.incidentId,
      label,
      ref,
      askedBy: by.id,
      askedByName: by.name,
    });
    if (!fresh) return;
    ctx.audit.incident = freeze.incidentId;
    ctx.audit.after = { label, ref, by: by.name };
    const about = { subject: freeze.id, incident: freeze.incidentId };
    await emit(
      ctx,
      freezeException,
      {
        freezeId: freeze.id,
        serviceId: freeze.serviceId,
        incidentId: freeze.incidentId,
        label,
      },
      about,
    );
    const service = await serviceById(ctx, freeze.serviceId);
    const text = `The deploy gate let a change of ${service?.name ?? freeze.serviceId} through the freeze: label "${label}"${ref ? `, ${ref}` : ''}, asked by ${by.name}`;
    await appendTimeline(ctx, freeze.incidentId, { kind: 'action', text });
  },
);
