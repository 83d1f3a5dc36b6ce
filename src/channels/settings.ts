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
      host: z.string().trim().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      /** True: TLS from the first byte (port 465). False: STARTTLS when the server offers it. */
      secure: z.boolean().default(false),
      user: z.string().max(320).default(''),
      password: z.string().max(1000).default(''),
      from: z
        .string()
        .trim()
        .max(320)
        .refine(
          (from) => addressFault(bareAddress(from)) === null && !/[\r\n]/.test(from),
          'an address such as Alerts <alerts@example.com>',
        ),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'The mail server that sends pages, codes and customer updates. Without it, no e-mail leaves this installation.',
});
