/** Asks a second person: a row that waits for a yes from somebody who holds the authority then. */
import { emit, readSetting } from '#kernel';
import { command } from '#security';
import { insertApproval, pendingApproval } from '../decisions/store.ts';
import { approvalRequested } from '../events.ts';
import { storable } from '../record/model.ts';
import { write } from '../record/write.ts';
import { approvalPolicy } from '../settings.ts';
import { selfOf } from '../roles/authority.ts';
import { lockIncident } from '../store.ts';

export interface RequestApprovalInput {
  incidentId: string;
  /** What is to be approved: `{ kind: 'action_run', id }`. One pending request per subject; asking again finds it. */
  subject: { kind: string; id: string };
  title: string;
  /** The authority token its approver must hold (`approve_reversible` …). */
  authority: string;
  note?: string | undefined;
  /** 2 for irreversible steps. */
  needed?: 1 | 2 | undefined;
  /** True where policy lets the requester give the second click. */
  selfAllowed?: boolean | undefined;
  expiresAt?: Date | null | undefined;
  /** Whether a yes asks for a second factor; absent: as the policy says for this authority. */
  secondFactor?: boolean | undefined;
  /** On whose behalf a machine asks; absent: the actor. */
  requester?: { id: string; name: string } | undefined;
}

export const requestApproval = command(
  'incidents.requestApproval',
  { allow: 'internal', subject: (_input: RequestApprovalInput, result: { approvalId: string }) => result.approvalId },
  async (ctx, input: RequestApprovalInput): Promise<{ approvalId: string; id: string }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const waiting = await pendingApproval(ctx, input.subject);
    if (waiting) return { approvalId: waiting.id, id: waiting.id };
    const requester = input.requester ?? { id: selfOf(ctx.actor), name: ctx.actor.name };
    const { secondFactorFor } = await readSetting(ctx, approvalPolicy);
    const row = await insertApproval(ctx, incident, {
      subjectKind: input.subject.kind,
      subjectId: input.subject.id,
      title: storable(input.title),
      note: storable(input.note ?? ''),
      authority: input.authority,
      needed: input.needed ?? 1,
      selfAllowed: input.selfAllowed ?? false,
      expiresAt: input.expiresAt ?? null,
      secondFactor: input.secondFactor ?? secondFactorFor.includes(input.authority),
      requesterId: requester.id,
      requesterName: requester.name,
    });
    await write(ctx, incident, {
      kind: 'approval',
      text: `${requester.name} asks for approval: ${row.title}`,
      refs: [{ kind: 'approval', id: row.id }, input.subject],
    });
    ctx.audit.subject = row.id;
    ctx.audit.after = { subject: input.subject, authority: input.authority };
    const payload = { incidentId: incident.id, key: incident.key, approvalId: row.id, subject: input.subject };
    await emit(ctx, approvalRequested, payload, { subject: row.id, incident: incident.id });
    return { approvalId: row.id, id: row.id };
  },
);
