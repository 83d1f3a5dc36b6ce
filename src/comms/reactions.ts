/** What comms does when modules below announce something. */
import { chatHeard, deliverySettled } from '#channels';
import {
  approvalGranted,
  approvalRefused,
  incidentDeclared,
  incidentDismissed,
  incidentMerged,
  incidentRelapsed,
  phaseChanged,
  severityChanged,
} from '#incidents';
import { reaction } from '#kernel';
import { actionEffective } from '#playbooks';
import { stageChanged } from '#recovery';
import { noteContainment } from './commands/noteContainment.ts';
import { noteRecovery } from './commands/noteRecovery.ts';
import { moveClock } from './commands/moveClock.ts';
import { noteApproval } from './commands/noteApproval.ts';
import { draftFromChat } from './chat.ts';
import { settleMailing } from './commands/settleMailing.ts';

export const reactions = [
  reaction('comms.onChatHeard', chatHeard, (ctx, { heard }) => draftFromChat(ctx, heard), {
    when: ({ heard }) => heard.what === 'command',
  }),
  reaction('comms.onIncidentDeclared', incidentDeclared, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'declared' }),
  ),
  reaction('comms.onPhaseChanged', phaseChanged, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'phase' }),
  ),
  reaction('comms.onSeverityChanged', severityChanged, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'severity' }),
  ),
  reaction('comms.onIncidentRelapsed', incidentRelapsed, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'relapsed' }),
  ),
  reaction('comms.onIncidentDismissed', incidentDismissed, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'dismissed' }),
  ),
  reaction('comms.onIncidentMerged', incidentMerged, (ctx, { incidentId }) =>
    moveClock(ctx, { incidentId, because: 'merged' }),
  ),
  reaction(
    'comms.onActionEffective',
    actionEffective,
    (ctx, { incidentId, actionRunId, title }) => noteContainment(ctx, { incidentId, actionRunId, title }),
    { when: ({ customerVisible }) => customerVisible },
  ),
  reaction(
    'comms.onStageChanged',
    stageChanged,
    (ctx, { incidentId, what }) => noteRecovery(ctx, { incidentId, what: what === 'passed' ? 'passed' : 'setback' }),
    { when: ({ what }) => what === 'passed' || what === 'failed' || what === 'returned' },
  ),
  reaction('comms.onApprovalGranted', approvalGranted, async (ctx, { approvalId, subject }) => {
    if (subject.kind === 'message')
      await noteApproval(ctx, {
        revisionId: subject.id,
        approvalId,
        granted: true,
      });
  }),
  reaction('comms.onApprovalRefused', approvalRefused, async (ctx, { approvalId, subject }) => {
    if (subject.kind === 'message')
      await noteApproval(ctx, {
        revisionId: subject.id,
        approvalId,
        granted: false,
      });
  }),
  reaction('comms.onDeliverySettled', deliverySettled, async (ctx, { deliveryId, purpose, state, error }) => {
    // Customers are reached by mail and webhook, which need no receipt.
    if (purpose === 'subscriber' && state !== 'unconfirmed') await settleMailing(ctx, { deliveryId, state, error });
  }),
];
