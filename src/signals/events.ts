/** What signals announce. */
import { defineEvent } from '#kernel';
import { z } from 'zod';

const group = z.object({
  groupId: z.string(),
  serviceId: z.string().nullable(),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  title: z.string(),
  /** Raised by the test button: never declare from it. */
  test: z.boolean(),
});

/** A group of alerts opened: something may be wrong. */
export const groupOpened = defineEvent('group.opened', group);
/** A resolved group came back within the flap window. */
export const groupReopened = defineEvent('group.reopened', group, {
  unheard: 'signals pages again by itself; screens refresh from it',
});
/** Its urgency rose: whoever had taken the milder one was asked again. */
export const groupWorsened = defineEvent('group.worsened', group, {
  unheard: 'signals pages again by itself; screens refresh from it',
});
/** Every alert of it is resolved, or a person resolved it. */
export const groupResolved = defineEvent('group.resolved', group.extend({ by: z.string() }));
/** Somebody has it. `userId` is null when the source itself said so. */
export const groupAcknowledged = defineEvent(
  'group.acknowledged',
  group.extend({ userId: z.string().nullable(), via: z.string() }),
  { unheard: 'screens refresh from it; incidents measure from the pages themselves' },
);
/** New alerts or counts on an open group; for screens. */
export const groupChanged = defineEvent('group.changed', z.object({ groupId: z.string() }), {
  unheard: 'screens refresh from it',
});
/** Somebody said which service a group is about. */
export const groupPlaced = defineEvent('group.placed', group);
/** A group belongs beneath another that probably is the cause; its people are not asked. */
export const groupFolded = defineEvent(
  'group.folded',
  z.object({ groupId: z.string(), leadGroupId: z.string(), correlationId: z.string() }),
);
/** An integration with a good key sends what cannot be read: silent loss of monitoring. At most once an hour for each. */
export const integrationGarbage = defineEvent(
  'integration.garbage',
  z.object({ integrationId: z.string(), name: z.string(), reason: z.string(), signalId: z.string().nullable() }),
  { unheard: 'shown on the integration; screens refresh from it' },
);
/** A monitor went down, came up, or nobody knows any more. */
export const monitorTurned = defineEvent(
  'monitor.turned',
  z.object({ monitorId: z.string(), state: z.enum(['up', 'down', 'unknown']) }),
  { unheard: 'its alert tells people; screens refresh from it' },
);
/** A supplier's status page says something new: a report began, went on to another state, or is over. */
export const supplierReported = defineEvent(
  'supplier.reported',
  z.object({ reportId: z.string(), serviceId: z.string() }),
);
