/** What channels announces: how a message fared in the end. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

export const deliverySettled = defineEvent(
  'delivery.settled',
  z.object({
    deliveryId: z.string(),
    ref: z.string(),
    purpose: z.enum(['page', 'security', 'internal', 'subscriber', 'public']),
    channel: z.string(),
    state: z.enum(['delivered', 'failed']),
    error: z.string().optional(),
  }),
);
