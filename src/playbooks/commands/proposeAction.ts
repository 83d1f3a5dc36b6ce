/** First click on an action outside a playbook. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { propose } from '../actions/propose.ts';
import { connectorOf } from '../actions/registry.ts';
import type { ActionRow } from '../actions/store.ts';
import { incidentFacts } from '../incident.ts';

export interface ProposeActionInput {
  incidentId: string;
  action: string;
  with: Record<string, unknown>;
  reason: string;
  /** Somebody else must approve, whatever authority the proposer holds: a program spoke in their name. */
  secondPerson?: boolean | undefined;
}

export const proposeAction = command(
  'playbooks.proposeAction',
  {
    allow: 'responder',
    subject: (_input: ProposeActionInput, row: ActionRow) => row.id,
  },
  async (ctx: Ctx, input: ProposeActionInput): Promise<ActionRow> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    ctx.audit.reason = input.reason;
    const known = connectorOf(input.action);
    return propose(ctx, {
      incident,
      scope: null,
      stepRun: null,
      action: input.action,
      title: known
        ? `${known.kind.title} (${Object.values(input.with)
            .filter((one) => typeof one === 'string')
            .join(', ')
            .slice(0, 80)})`
        : input.action,
      params: input.with,
      wanted: {
        autonomy: 'approve',
        riskClass: known?.kind.risk ?? 'irreversible',
        customerVisible: false,
        verifyExpr: null,
        verifyWithinSeconds: 30,
        timeoutSeconds: 30,
        onFailure: 'needs_human',
      },
      manual: known?.kind.manual(input.with) ?? 'Do it by hand.',
      conditions: [],
      approvals: [],
      reason: input.reason,
      ownKey: undefined,
      secondPerson: input.secondPerson,
    });
  },
);
