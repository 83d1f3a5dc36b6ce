/** What an operator may change about telling customers: the page, the words the lint knows, the cadence, the caps. */
import { z } from 'zod';
import { addressFault } from '#channels';
import { checkUrl, defineSetting } from '#kernel';
import { LANGUAGES } from './statuspage/render/words/index.ts';
import { lintText } from './lint/index.ts';
import { cadencePolicy, defaultCadence } from './cadence/policy.ts';

const words = z.array(z.string().trim().min(2).max(120)).max(500);

export const page = defineSetting({
  key: 'comms.page',
  schema: z.strictObject({
    name: z.string().trim().max(80),
    about: z.string().trim().max(300),
    supportContact: z.string().trim().max(200),
    // A token value, never CSS: nothing typed here can load, cover or hide anything.
    accent: z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour as #rrggbb'),
    // In dark mode; empty takes the same.
    accentDark: z
      .string()
      .regex(/^(?:#[0-9a-f]{6})?$/i, 'a colour as #rrggbb')
      .default(''),
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language such as “en”'),
    // Languages of the frame; the texts that people write stay as they wrote them.
    languages: z
      .array(z.enum(Object.keys(LANGUAGES)))
      .max(20)
      .default(Object.keys(LANGUAGES)),
  }),
  default: {
    name: '',
    about: '',
    supportContact: '',
    accent: '#0e7c7b',
    accentDark: '',
    language: 'en',
    languages: Object.keys(LANGUAGES),
  },
  help: 'The public status page: its name, one line about it, the support contact every message shows, and an accent colour.',
});

export const lists = defineSetting({
  key: 'comms.lists',
  schema: z.strictObject({
    thirdPartyNames: words,
    directoryNames: words,
    customerNames: words,
    publicHosts: words,
    supportContacts: words,
    internalNames: words.default([]),
    securityTerms: words.default([]),
  }),
  default: {
    thirdPartyNames: [],
    directoryNames: [],
    customerNames: [],
    publicHosts: [],
    supportContacts: [],
    internalNames: [],
    securityTerms: [],
  },
  help: 'Words the message check knows: suppliers, staff and customers are kept out of public text; public hosts and support contacts may be named; names of our own systems stay inside, and so do security’s terms while a security incident is not over.',
});

export const cadence = defineSetting({
  key: 'comms.cadence',
  policy: true,
  schema: cadencePolicy,
  default: defaultCadence,
  help: 'How often customers hear from us, in minutes, per severity and phase.',
});

const statement = (most: number) =>
  z
    .string()
    .trim()
    .min(3)
    .max(most)
    .superRefine((text, check) => {
      for (const { level, reason, words: found } of lintText(text, { audience: 'public', phase: 'detection' }))
        if (level === 'error') check.addIssue({ code: 'custom', message: `${reason}${found ? ` (“${found}”)` : ''}` });
    });

export const holding = defineSetting({
  key: 'comms.holding',
  policy: true,
  schema: z.strictObject({
    enabled: z.boolean(),
    headline: statement(120),
    text: statement(400),
    late: statement(400),
  }),
  default: {
    enabled: false,
    headline: 'We are looking into a disruption',
    text: 'Something does not work as it should, and we are working on it.',
    late: 'We had promised you an update by now and do not have one ready. The work goes on.',
  },
  help: 'The holding statement: published by itself, marked as such, when an update is overdue by as long as its interval. Whoever saves it approves its words. Headline and text are for the first word of an incident, “late” for every later one.',
});

export const subscriptions = defineSetting({
  key: 'comms.subscriptions',
  schema: z.strictObject({
    open: z.boolean(),
    perAddressPerHour: z.number().int().min(1).max(10),
    perNetworkPerHour: z.number().int().min(1).max(10_000),
    anyChatHost: z.boolean().default(false),
  }),
  default: { open: true, perAddressPerHour: 1, perNetworkPerHour: 20, anyChatHost: false },
  help: 'Whether anybody may subscribe to the status page, and how many confirmation mails one address and one network get per hour. “anyChatHost” lets rooms of Slack and Teams be reached through an address of your own.',
});

export const briefs = defineSetting({
  key: 'comms.briefs',
  schema: z.strictObject({
    recipients: z
      .array(
        z
          .string()
          .trim()
          .max(254)
          .refine((text) => addressFault(text) === null, 'an e-mail address'),
      )
      .max(50),
  }),
  default: { recipients: [] },
  help: 'Who gets the executive brief of an incident by mail. Without any address, managers do.',
});

const httpsUrl = z
  .string()
  .trim()
  .max(300)
  .transform((text) => text.replace(/\/+$/, ''))
  .refine((text) => {
    try {
      checkUrl(text);
      return true;
    } catch {
      return false;
    }
  }, 'an http(s) address that may be called');

export const social = defineSetting({
  key: 'comms.social',
  schema: z.strictObject({
    mastodon: z
      .strictObject({
        server: httpsUrl.describe('Your server, such as https://mastodon.social.'),
        token: z
          .string()
          .trim()
          .min(8)
          .max(400)
          .describe('Access token of an application with the scope write:statuses.'),
      })
      .nullable(),
    bluesky: z
      .strictObject({
        service: httpsUrl.describe('https://bsky.social, or your own server.'),
        identifier: z.string().trim().min(3).max(253).describe('Handle, such as status.example.com.'),
        password: z.string().min(8).max(200).describe('An app password, not the password of the account.'),
      })
      .nullable(),
    x: z.boolean().describe('Have the text for X ready to copy.'),
    linkedin: z.boolean().describe('Have the text for LinkedIn ready to copy.'),
  }),
  default: { mastodon: null, bluesky: null, x: false, linkedin: false },
  secret: true,
  help: 'Where incidents are told in public besides the page: Mastodon and Bluesky by their interfaces, X and LinkedIn as text to copy. Every post links to the page.',
});
