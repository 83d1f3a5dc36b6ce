/** Puts what suppliers report beside a group of alerts whose service needs them. It pages nobody and changes nothing else. */
import { emit } from '#kernel';
import { command } from '#security';
import { groupChanged } from '../../events.ts';
import { groupById } from '../../queries.ts';
import { attach } from '../store.ts';

export interface AttachReports {
  groupId: string;
  reports: { id: string; path: string[] }[];
}

export const attachReports = command(
  'signals.attachReports',
  { allow: 'internal', subject: (input: AttachReports) => input.groupId },
  async (ctx, { groupId, reports }: AttachReports): Promise<void> => {
    const group = await groupById(ctx, groupId);
    const added = group && !group.exercise ? await attach(ctx, groupId, reports) : 0;
    ctx.audit.skip = added === 0;
    ctx.audit.incident = group?.incidentId ?? undefined;
    ctx.audit.after = { reports };
    if (added > 0)
      await emit(ctx, groupChanged, { groupId }, { subject: groupId, incident: group?.incidentId ?? null });
  },
);
