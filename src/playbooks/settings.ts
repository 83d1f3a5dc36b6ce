/** What an operator may set about automation while it runs. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

/** Hard caps over everything that runs by itself, whatever a playbook says (domain.md 4.10, runaway scope). */
export const automationLimits = defineSetting({
  key: 'playbooks.limits',
  schema: z.strictObject({
    /** Automatic actions that have begun and are not taken back, over all active incidents. */
    activeActions: z.number().int().min(0).max(500),
    /** Automatic actions that may begin within an hour. */
    perHour: z.number().int().min(0).max(5_000),
    /** Services that automatic actions may reach together. */
    services: z.number().int().min(1).max(1_000),
  }),
  default: { activeActions: 12, perHour: 30, services: 10 },
  help: 'How much may run by itself at the same time before the product stops and asks a person.',
});
