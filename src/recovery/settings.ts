/** What an operator may change about recovery. */
import { defineSetting } from '#kernel';
import { z } from 'zod';

export const sampling = defineSetting({
  key: 'recovery.sampling',
  schema: z.strictObject({
    /** Seconds between two samples of the same criterion. */
    everySeconds: z.number().int().min(1).max(600),
    /** Soak of an incident whose playbook names none. */
    soakSeconds: z.number().int().min(0).max(604_800),
  }),
  default: { everySeconds: 10, soakSeconds: 600 },
  help: 'How often readiness criteria are sampled, and how long they must stay true when no playbook says otherwise.',
});
