/** Security or legal has read a message that tells of exposed data and lets it pass; an edit after it makes that void. */
import { currentRoles } from '#incidents';
import { Problem } from '#kernel';
import { command, hasRole } from '#security';
import { selfOf, theIncident } from '../incident.ts';
import { lockDraft } from '../messages/store.ts';

export interface ClearInput {
  id: string;
  part: 'security' | 'legal';
  note?: string | undefined;
}

export const clear = command('comms.clear', { allow: 'responder' }, async (ctx, input: ClearInput): Promise<void> => {
  const { message, revision } = await lockDraft(ctx, input.id);
  const incident = await theIncident(ctx, message.incidentId);
  ctx.audit.subject = message.id;
  const self = selfOf(ctx.actor);
  if (revision.writtenBy === self)
    throw new Problem(409, 'Whoever wrote a message cannot clear it', { rule: 'comms.clearance.second_person' });
  const roles = await currentRoles(ctx, incident.id);
  const holds =
    input.part === 'security' ? roles.security_officer === self : roles.legal === self || hasRole(ctx.actor, 'manager');
  if (!holds)
    throw new Problem(
      403,
      input.part === 'security'
        ? 'This belongs to the security officer of the incident: take that role, or ask who holds it'
        : 'This belongs to whoever holds the role “legal” in the incident, or to a manager',
      { rule: 'comms.clearance' },
    );
  const row = { factsHash: revision.factsHash, givenBy: self, givenAt: ctx.now, note: input.note ?? '' };
  await ctx.db
    .insertInto('comms.clearances')
    .values({ revisionId: revision.id, part: input.part, ...row })
    .onConflict((oc) => oc.columns(['revisionId', 'part']).doUpdateSet(row))
    .execute();
  ctx.audit.after = { part: input.part, factsHash: revision.factsHash };
});
