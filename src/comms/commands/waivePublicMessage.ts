/** Records that an incident needs no public message, and why; the clock stops and the gate closes. */

import { appendTimeline } from '#incidents';
import { conflict, Problem } from '#kernel';
import { command } from '#security';
import { stopClock } from '../cadence/clock.ts';
import { noteDue, settleGate } from '../cadence/owed.ts';
import { authority, theIncident } from '../incident.ts';
import { PUBLISHES } from '../messages/model.ts';
import { countPublished } from '../messages/store.ts';

export interface WaivePublicMessageInput {
  incidentId: string;
  reason: string;
}

export const waivePublicMessage = command(
  'comms.waivePublicMessage',
  { allow: 'responder' },
  async (ctx, input: WaivePublicMessageInput): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    ctx.audit.subject = incident.id;
    ctx.audit.reason = input.reason;
    if (!(await authority(ctx, incident.id)).has(PUBLISHES)) {
      throw new Problem(403, 'This is up to the communications lead or the incident commander', {
        rule: 'comms.authority',
      });
    }
    if ((await countPublished(ctx, incident.id)) > 0) {
      throw conflict(
        'Customers were told that something is wrong: they are owed a resolution',
        'comms.waive',
        'Publish the resolution instead.',
      );
    }
    const clock = await stopClock(ctx, incident, 'not_needed', input.reason);
    await settleGate(ctx, incident.id, `no public message needed: ${input.reason}`);
    await noteDue(ctx, incident, clock);
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `No public message needed: ${input.reason}`,
    });
  },
);
