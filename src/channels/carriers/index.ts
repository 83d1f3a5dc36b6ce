/** The carriers of this product, in words; each is loaded when it is configured and needed. */
import { z } from 'zod';
import { type Ctx, defineSetting, readSetting, type SettingDefinition } from '#kernel';
import type { Carrier } from './carrier.ts';
import { byCountry } from './numbers.ts';

const api = (url: string) =>
  z
    .string()
    .trim()
    .max(300)
    .default(url)
    .describe('Leave as it is, unless your account is in another region or calls go through an address of your own.');
const from = z
  .string()
  .trim()
  .regex(/^\+[1-9]\d{6,14}$/, 'a number such as +4915112345678')
  .describe('Your number at the carrier that messages and calls come from, such as +4915112345678.');

export const twilioSetting = defineSetting({
  key: 'channels.twilio',
  schema: z
    .strictObject({
      accountSid: z
        .string()
        .trim()
        .regex(/^AC[0-9a-zA-Z]{32}$/, 'begins with AC, 34 characters')
        .describe('Account SID (AC…), from the first page of Twilio’s console.'),
      authToken: z
        .string()
        .trim()
        .min(16)
        .max(100)
        .describe('Auth token of the account. It also proves that a callback comes from Twilio.'),
      from,
      api: api('https://api.twilio.com'),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'SMS and voice calls by Twilio. For answers by SMS, set the number’s “A message comes in” webhook to <this installation>/answers/twilio/text (POST).',
});

export const vonageSetting = defineSetting({
  key: 'channels.vonage',
  schema: z
    .strictObject({
      applicationId: z.string().trim().min(8).max(100).describe('ID of a Vonage application with Messages and Voice.'),
      privateKey: z
        .string()
        .trim()
        .max(8000)
        .regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'begins with -----BEGIN PRIVATE KEY-----')
        .describe('The application’s private key, whole, with its first and last line.'),
      signatureSecret: z
        .string()
        .trim()
        .min(8)
        .max(200)
        .describe('Signature secret of the account. It proves that a callback comes from Vonage.'),
      from,
      api: api('https://api.nexmo.com'),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'SMS and voice calls by Vonage. In the application, set the inbound URL to <this installation>/answers/vonage/text and the status URL to <this installation>/answers/vonage/receipt.',
});

const carrier = z.enum(['twilio', 'vonage']);
type CarrierName = z.infer<typeof carrier>;

export const carriersSetting = defineSetting({
  key: 'channels.carriers',
  schema: z.strictObject({
    first: carrier.describe('Asked first. When it refuses or does not answer, the other one is asked at once.'),
    countries: z
      .array(
        z.strictObject({
          country: z
            .string()
            .trim()
            .regex(/^\+\d{1,7}$/, 'a country code such as +49')
            .describe('Country code.'),
          first: carrier.describe('Asked first there.'),
        }),
      )
      .max(100)
      .default([])
      .describe('Countries where the other carrier is better. The longest code that fits decides.'),
  }),
  default: { first: 'twilio' as CarrierName, countries: [] as { country: string; first: CarrierName }[] },
  help: 'Which carrier sends SMS and makes calls when both are configured, by country.',
});

interface Entry {
  name: 'twilio' | 'vonage';
  setting: SettingDefinition<unknown>;
  load: () => Promise<Carrier>;
}
const entries: Entry[] = [
  {
    name: 'twilio',
    setting: twilioSetting as SettingDefinition<unknown>,
    load: async () => (await import('./twilio/index.ts')).twilio,
  },
  {
    name: 'vonage',
    setting: vonageSetting as SettingDefinition<unknown>,
    load: async () => (await import('./vonage/index.ts')).vonage,
  },
];

/** The configured carriers; for a number, those preferred for its country first. */
export async function configuredCarriers(ctx: Ctx, to = ''): Promise<Entry[]> {
  const { first, countries } = await readSetting(ctx, carriersSetting);
  const preferred = byCountry(to, countries)?.first ?? first;
  const ready: Entry[] = [];
  for (const entry of entries) if ((await readSetting(ctx, entry.setting)) !== null) ready.push(entry);
  return ready.sort((a, b) => Number(b.name === preferred) - Number(a.name === preferred));
}

/** The carrier of that name, if it is one and configured. */
export async function carrierByName(ctx: Ctx, name: string): Promise<Carrier | undefined> {
  return (await configuredCarriers(ctx)).find((entry) => entry.name === name)?.load();
}
