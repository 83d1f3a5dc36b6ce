/** What silences, maintenance windows and rules kept from people. Part of `signals.ts`. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

export const hider = z.object({
  kind: z.enum(['silence', 'maintenance', 'rule', 'inhibition']),
  id: z.string(),
  /** Its name, or what it matches. */
  name: z.string(),
  reason: z.string().nullable(),
  /** Null when it is gone: the audit log knows. */
  setBy: z.string().nullable(),
  endsAt: instant.nullable(),
  /** It still hides. */
  on: z.boolean(),
  groups: z.number(),
  alerts: z.number(),
  critical: z.number(),
  /** Of the groups, those about which somebody was asked all the same, before or after. */
  asked: z.number(),
  services: z.array(z.object({ id: z.string(), name: z.string() })),
  lastAt: instant,
  examples: z.array(
    z.object({ id: z.string(), title: z.string(), severity: z.enum(['critical', 'error', 'warning', 'info']) }),
  ),
});
export type Hider = z.infer<typeof hider>;

export const hidden = z.object({
  from: instant,
  until: instant,
  items: z.array(hider),
  /** Integrations that are switched off and were sent to: what came is not kept. */
  refusing: z.array(z.object({ id: z.string(), name: z.string(), refused: z.number(), lastAt: instant })),
  /** The newest weekly mail: of which week, when, and to how many people. */
  lastDigest: z.object({ weekStart: instant, sentAt: instant, groups: z.number(), told: z.number() }).nullable(),
});
export type Hidden = z.infer<typeof hidden>;

export const hiddenEndpoints = {
  hidden: endpoint({
    id: 'signals.hidden',
    method: 'GET',
    path: '/api/v1/hidden',
    summary:
      'What was hidden: silences, maintenance windows and rules that kept people from being asked, who set them, and how much they hid. The last seven days when no time is given',
    access: 'read',
    query: z.strictObject({ from: instant.optional(), until: instant.optional() }),
    response: hidden,
  }),
};
