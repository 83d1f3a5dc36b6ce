/** What comms announces. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

const about = { incidentId: z.string(), key: z.string() };
const STREAM_ONLY = {
  unheard: 'keeps open screens fresh through the live stream',
};

export const updateDrafted = defineEvent('message.drafted', z.object({ ...about, messageId: z.string() }), STREAM_ONLY);
export const updatePublished = defineEvent(
  'message.published',
  z.object({
    ...about,
    messageId: z.string(),
    revisionId: z.string(),
    kind: z.string(),
    /** True when customers can read it; false in a drill. */
    public: z.boolean(),
    dueAt: z.string().nullable(),
  }),
  STREAM_ONLY,
);
/** Five minutes before an update is due. */
export const updateDue = defineEvent('update.due', z.object({ ...about, dueAt: z.string() }), STREAM_ONLY);
export const updateOverdue = defineEvent('update.overdue', z.object({ ...about, dueAt: z.string() }), STREAM_ONLY);
export const componentChanged = defineEvent(
  'component.changed',
  z.object({ componentId: z.string(), state: z.string() }),
  STREAM_ONLY,
);
export const subscriberChanged = defineEvent(
  'subscriber.changed',
  z.object({ subscriberId: z.string(), state: z.string() }),
  STREAM_ONLY,
);

/** A notice that was published past the product stands in its record now. */
export const noticeMerged = defineEvent(
  'notice.merged',
  z.object({ noticeId: z.string(), keyId: z.string() }),
  STREAM_ONLY,
);

/** A channel shows something else than what was published. */
export const channelDrifted = defineEvent('channel.drifted', z.object({ ...about, channel: z.string() }), STREAM_ONLY);

/** A copy of the page elsewhere has said something else for five minutes. */
export const copyDrifted = defineEvent(
  'copy.drifted',
  z.object({ copyId: z.string(), state: z.string() }),
  STREAM_ONLY,
);

export const events = [
  channelDrifted,
  copyDrifted,
  noticeMerged,
  updateDrafted,
  updatePublished,
  updateDue,
  updateOverdue,
  componentChanged,
  subscriberChanged,
];
