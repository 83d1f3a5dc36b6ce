/** Ties a group to the incident it is part of. Incidents call it, when one is declared from a group or takes one over. */
import { emit } from '#kernel';
import { tiePages } from '#people';
import { command } from '#security';
import { groupChanged } from '../events.ts';
import type { Group } from '../model.ts';
import { lockGroup, saveGroup } from '../store.ts';

export interface LinkGroupToIncident {
  groupId: string;
  /** Null unties it. */
  incidentId: string | null;
  /** `INC-42`, for lists. */
  incidentKey?: string | null | undefined;
}

export const linkGroupToIncident = command(
  'signals.linkGroupToIncident',
  { allow: 'internal', subject: (input: LinkGroupToIncident) => input.groupId },
  async (ctx, input: LinkGroupToIncident): Promise<Group> => {
    const group = await lockGroup(ctx, input.groupId);
    const after: Group = {
      ...group,
      incidentId: input.incidentId,
      incidentKey: input.incidentId ? (input.incidentKey ?? null) : null,
    };
    await saveGroup(ctx, after);
    await tiePages(ctx, { subject: { kind: 'alert_group', id: group.id }, incidentId: input.incidentId });
    ctx.audit.incident = input.incidentId ?? group.incidentId ?? undefined;
    ctx.audit.before = { incidentId: group.incidentId };
    ctx.audit.after = { incidentId: input.incidentId };
    await emit(ctx, groupChanged, { groupId: group.id }, { subject: group.id, incident: input.incidentId });
    return after;
  },
);
