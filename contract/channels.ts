/** Deliveries to the outside: what was sent, what failed and why; and a test message to oneself. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery } from './core.ts';

export const deliveryState = z.enum([
  'queued',
  'sending',
  'sent',
  /** Taken by a carrier, and no receipt came in time. */
  'unconfirmed',
  'delivered',
  'undeliverable',
  'failed',
  'withdrawn',
]);
export const purpose = z.enum(['page', 'security', 'internal', 'subscriber', 'public']);

export const delivery = z.object({
  id: z.string(),
  channel: z.string(),
  /** Address, number, or the URL of a webhook; masked when it is a customer's. */
  recipient: z.string(),
  purpose,
  ref: z.string(),
  subject: z.string(),
  state: deliveryState,
  attempts: z.number(),
  lastError: z.string().nullable(),
  nextAttemptAt: instant.nullable(),
  /** When a carrier took it; whether it arrived is said by the carrier's receipt. */
  sentAt: instant.nullable(),
  carrier: z.string().nullable(),
  settledAt: instant.nullable(),
  exercise: z.boolean(),
  createdAt: instant,
});
export type Delivery = z.infer<typeof delivery>;

export const channelStatus = z.object({
  name: z.string(),
  label: z.string(),
  ready: z.boolean(),
  /** Why it cannot send, in words, when it is not ready. */
  reason: z.string().nullable(),
  purposes: z.array(purpose),
  /** How a person adds it to their contact methods; null when it is none. */
  contact: z
    .object({
      label: z.string(),
      placeholder: z.string(),
      help: z.string(),
      /** `browser`: not typed; the browser gives it out when it is asked. */
      type: z.enum(['email', 'url', 'tel', 'text', 'browser']),
    })
    .nullable(),
});
export type ChannelStatus = z.infer<typeof channelStatus>;

export const endpoints = {
  list: endpoint({
    id: 'channels.list',
    method: 'GET',
    path: '/api/v1/channels',
    summary: 'The channels of this installation and whether each can send',
    access: 'read',
    response: z.object({ items: z.array(channelStatus) }),
  }),
  test: endpoint({
    id: 'channels.test',
    method: 'POST',
    path: '/api/v1/channels/:name/test',
    summary: 'Send a test message to yourself (e-mail: your sign-in address; webhook: the endpoint given)',
    access: 'channels.test',
    params: z.strictObject({ name: z.string() }),
    body: z.strictObject({ to: z.string().max(500).optional() }),
    response: z.object({ deliveryId: z.string() }),
    status: 202,
  }),
  phoneToday: endpoint({
    id: 'channels.phoneToday',
    method: 'GET',
    path: '/api/v1/channels/phone/today',
    summary: 'What SMS and calls have cost today (UTC), by the prices entered, and what they may',
    access: 'settings.read',
    response: z.object({
      day: z.string(),
      /** In the currency of the account at the carrier. */
      spent: z.number(),
      limit: z.number(),
      /** Messages that the limit has refused. */
      refused: z.number(),
    }),
  }),
  pushKey: endpoint({
    id: 'channels.pushKey',
    method: 'GET',
    path: '/api/v1/push/key',
    summary: 'The key with which a browser asks for push (VAPID, base64url); made at the first use',
    access: 'read',
    response: z.object({ publicKey: z.string() }),
  }),
  deliveries: endpoint({
    id: 'channels.deliveries',
    method: 'GET',
    path: '/api/v1/deliveries',
    summary: 'What was sent, newest first',
    access: 'settings.read',
    query: z.strictObject({ ...pageQuery, state: deliveryState.optional(), ref: z.string().max(100).optional() }),
    response: pageOf(delivery),
  }),
  delivery: endpoint({
    id: 'channels.delivery',
    method: 'GET',
    path: '/api/v1/deliveries/:id',
    summary: 'One delivery: whether it arrived, and if not, why',
    access: 'read',
    params: z.strictObject({ id: z.string() }),
    response: delivery,
  }),
};
