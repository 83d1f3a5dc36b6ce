/** Restricts an incident to the people on its list, changes the list, or opens it again. */
import { emit, invalid } from '#kernel';
import { command, personRefs } from '#security';
import { incidentEdited } from '../events.ts';
import { listFor, open, restrict, strangers } from '../record/access.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident } from '../store.ts';

export interface SetAccessInput {
  incidentId: string;
  restricted: boolean;
  /** Users who may read it beside the caller and whoever holds a role in it. */
  people?: string[] | undefined;
  reason: string;
}

export const setAccess = command(
  'incidents.setAccess',
  { allow: 'responder' },
  async (ctx, input: SetAccessInput): Promise<void> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    ctx.audit.before = { restricted: incident.restricted };
    ctx.audit.reason = input.reason;
    if (input.restricted) {
      const unknown = await strangers(ctx, input.people ?? []);
      if (unknown.length > 0)
        throw invalid('Only people with an active account can be on the list', 'incidents.access.person', [
          { path: 'people', message: `no active account: ${unknown.join(', ')}` },
        ]);
      const readers = await listFor(ctx, incident.id, input.people ?? []);
      if (readers.length === 0)
        throw invalid('A list needs somebody on it', 'incidents.access.nobody', [{ path: 'people', message: 'empty' }]);
      await restrict(ctx, incident, readers);
      const names = await personRefs(ctx, readers);
      const who = readers.map((id) => names.get(id)?.name ?? id).join(', ');
      await write(ctx, incident, { kind: 'edit', text: `Restricted to ${who}: ${input.reason}` });
      ctx.audit.after = { restricted: true, people: readers };
    } else {
      await open(ctx, incident);
      await write(ctx, incident, { kind: 'edit', text: `No longer restricted: ${input.reason}` });
      ctx.audit.after = { restricted: false };
    }
    const about = { subject: incident.id, incident: incident.id };
    await emit(ctx, incidentEdited, { incidentId: incident.id, key: incident.key }, about);
  },
);
