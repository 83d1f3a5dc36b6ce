/** What names the installation. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

export const installation = defineSetting({
  key: 'security.installation',
  schema: z.strictObject({
    name: z.string().trim().min(1).max(80),
    timeZone: z.string().max(64),
    demo: z.boolean().default(false),
  }),
  default: { name: 'Evenkeel', timeZone: 'UTC', demo: false },
  help: 'The name people see in the console, on the status page and in mails, and the time zone of office hours and due days.',
});
