/** What an operator may change about channels. */
import { z } from 'zod';
import { defineSetting } from '#kernel';
import { addressFault } from './model.ts';

/** `alerts@example.com` or `Alerts <alerts@example.com>`; returns the bare address. */
export const bareAddress = (from: string) => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();

export const smtp = defineSetting({
  key: 'channels.smtp',
  schema: z
    .strictObject({
      host: z.string().trim().min(1).max(253).describe('Name of the mail server, such as smtp.example.com.'),
      port: z.number().int().min(1).max(65_535).describe('587 for most servers, 465 when TLS comes first, 25 inside.'),
      secure: z
        .boolean()
        .default(false)
        .describe('On: TLS from the first byte (port 465). Off: STARTTLS when the server offers it.'),
      user: z.string().max(320).default('').describe('Leave empty when the server asks for no sign-in.'),
      password: z
        .string()
        .max(1000)
        .default('')
        .describe('Kept encrypted. An app password where the provider asks for one.'),
      from: z
        .string()
        .trim()
        .max(320)
        .refine(
          (from) => addressFault(bareAddress(from)) === null && !/[\r\n]/.test(from),
          'an address such as Alerts <alerts@example.com>',
        )
        .describe(
          'Who the mails come from: Alerts <alerts@example.com>. The domain should allow this server (SPF, DKIM).',
        ),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'The mail server that sends pages, codes and customer updates. Without it, no e-mail leaves this installation.',
});
