/** Takes a request back, because what was to be approved is gone. */
import { command } from '#security';
import { pendingApproval, settleApproval } from '../decisions/store.ts';
import { write } from '../record/write.ts';
import { lockIncident } from '../store.ts';

export interface WithdrawApprovalInput {
  subject: { kind: string; id: string };
  reason: string;
  expired?: boolean | undefined;
}

export const withdrawApproval = command(
  'incidents.withdrawApproval',
  { allow: 'internal' },
  async (ctx, input: WithdrawApprovalInput): Promise<void> => {
    const found = await pendingApproval(ctx, input.subject);
    if (!found) return;
    const incident = await lockIncident(ctx, found.incidentId);
    const waiting = await pendingApproval(ctx, input.subject);
    if (!waiting) return;
    await settleApproval(ctx, waiting.id, input.expired ? 'expired' : 'withdrawn');
    await write(ctx, incident, {
      kind: 'approval',
      text: `No longer asked: ${waiting.title} (${input.reason})`,
      refs: [{ kind: 'approval', id: waiting.id }],
    });
    ctx.audit.subject = waiting.id;
  },
);
