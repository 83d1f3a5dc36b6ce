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

export const anchors = defineSetting({
  key: 'security.anchors',
  schema: z
    .strictObject({
      url: z.union([z.literal(''), z.url().max(500)]),
      /** `whsec_` and base64, as Standard Webhooks have it. */
      secret: z.union([z.literal(''), z.string().regex(/^whsec_[A-Za-z0-9+/=]{24,200}$/)]),
    })
    .refine(({ url, secret }) => url === '' || secret !== '', 'a URL needs a secret'),
  default: { url: '', secret: '' },
  secret: true,
  help: 'A webhook that receives every signed head of the audit log and of the incidents’ records, within a minute. What is kept there finds a record that was cut or rewritten here. A folder and a file are set by EVENKEEL_ANCHOR_DIR and EVENKEEL_ANCHOR_FILE.',
});
