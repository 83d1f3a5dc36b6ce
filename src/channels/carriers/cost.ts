/** What SMS and calls may cost in a day, and to which countries they go. Urgent pages to confirmed numbers are counted and never refused. */
import { z } from 'zod';
import { config, type Ctx, defineSetting, readSetting } from '#kernel';
import { usersWithRole } from '#security';
import type { PhoneDayRow } from '../store.ts';
import { countryFault, millis, type Phone, priceOf } from './numbers.ts';

const prefix = z
  .string()
  .trim()
  .regex(/^\+\d{1,7}$/, 'a country code such as +49');
const price = (what: string) => z.number().min(0).max(100).describe(`What ${what} costs, in your account’s currency.`);

export const phoneSetting = defineSetting({
  key: 'channels.phone',
  schema: z.strictObject({
    countries: z
      .array(prefix)
      .max(100)
      .describe(
        'Country codes that messages may go to: +49, +1. Empty: every country, without premium and satellite numbers.',
      ),
    dailyLimit: z
      .number()
      .min(0)
      .max(100_000)
      .describe(
        'What SMS and calls may cost in a day (UTC), by the prices below. Urgent pages to confirmed numbers go out beyond it. Administrators get a mail at four fifths and at the end.',
      ),
    smsPrice: price('one part of an SMS'),
    callPrice: price('one call'),
    prices: z
      .array(
        z.strictObject({
          country: prefix.describe('Country code.'),
          sms: price('one part of an SMS'),
          call: price('one call'),
        }),
      )
      .max(100)
      .describe('Countries with prices of their own.'),
  }),
  default: { countries: [], dailyLimit: 25, smsPrice: 0.08, callPrice: 0.1, prices: [] } as Phone,
  help: 'Limits on SMS and calls: countries, and what a day may cost. The sum is our estimate; the bill is your carrier’s.',
});

/** The day that costs are counted by. */
export const dayOf = (now: Date) => now.toISOString().slice(0, 10);

/** Why nothing may go to this number, in words, or null. */
export const whyNotTo = async (ctx: Ctx, to: string) =>
  countryFault(to, (await readSetting(ctx, phoneSetting)).countries);

/** What a day has cost so far, and what it may. */
export async function spentToday(ctx: Ctx) {
  const row = await ctx.db
    .selectFrom('channels.phoneDays')
    .selectAll()
    .where('day', '=', dayOf(ctx.now))
    .executeTakeFirst();
  const { dailyLimit } = await readSetting(ctx, phoneSetting);
  return { day: dayOf(ctx.now), spent: (row?.spent ?? 0) / 1000, limit: dailyLimit, refused: row?.refused ?? 0 };
}

export interface Reserved {
  day: string;
  cost: number;
}

/**
 * Sets aside what a message costs before it leaves, by one update, so that a thousand at once stay under the limit.
 * Null: the limit is used up. An essential message is counted and never refused.
 */
export async function reserve(
  ctx: Ctx,
  message: { channel: 'sms' | 'voice'; to: string; text: string; essential: boolean },
): Promise<Reserved | null> {
  const phone = await readSetting(ctx, phoneSetting);
  const limit = millis(phone.dailyLimit);
  const cost = priceOf(phone, message);
  const day = dayOf(ctx.now);
  await ctx.db
    .insertInto('channels.phoneDays')
    .values({ day })
    .onConflict((on) => on.column('day').doNothing())
    .execute();
  let update = ctx.db
    .updateTable('channels.phoneDays')
    .set((eb) => ({ spent: eb('spent', '+', cost) }))
    .where('day', '=', day);
  if (!message.essential) update = update.where('spent', '<=', limit - cost);
  const row = await update.returningAll().executeTakeFirst();
  if (!row) {
    const refused = await ctx.db
      .updateTable('channels.phoneDays')
      .set((eb) => ({ refused: eb('refused', '+', 1) }))
      .where('day', '=', day)
      .returningAll()
      .executeTakeFirstOrThrow();
    await alarm(ctx, refused, 'reached', phone.dailyLimit);
    return null;
  }
  if (row.spent >= limit) await alarm(ctx, row, 'reached', phone.dailyLimit);
  else if (row.spent >= limit * 0.8) await alarm(ctx, row, 'warned', phone.dailyLimit);
  return { day, cost };
}

/** Gives back what no carrier has taken. */
export async function giveBack(ctx: Ctx, { day, cost }: Reserved): Promise<void> {
  await ctx.db
    .updateTable('channels.phoneDays')
    .set((eb) => ({ spent: eb('spent', '-', cost) }))
    .where('day', '=', day)
    .execute();
}

const ALARMS = {
  warned: { column: 'warnedAt', subject: 'SMS and calls: four fifths of today’s limit are used' },
  reached: { column: 'reachedAt', subject: 'SMS and calls: today’s limit is used up' },
} as const;

/** Tells every administrator by mail, once a day for each. */
async function alarm(ctx: Ctx, row: PhoneDayRow, which: keyof typeof ALARMS, limit: number): Promise<void> {
  const { column, subject } = ALARMS[which];
  if (row[column] !== null) return;
  const first = await ctx.db
    .updateTable('channels.phoneDays')
    .set({ [column]: ctx.now })
    .where('day', '=', row.day)
    .where(column, 'is', null)
    .returning('day')
    .executeTakeFirst();
  if (!first) return;
  ctx.log.warn({ day: row.day, spent: row.spent / 1000, limit }, subject);
  const { send } = await import('../commands/send.ts');
  const text = [
    `${(row.spent / 1000).toFixed(2)} of ${limit.toFixed(2)} on ${row.day} (UTC), by the prices entered here.`,
    'Urgent pages to confirmed numbers still go out. Everything else by SMS and call, such as codes and tests, is refused until the day is over or the limit is raised.',
    'If nobody here can explain it, somebody may be running up your bill: look at the messages.',
    `${config.publicUrl}/settings/deliveries`,
  ].join('\n\n');
  for (const { id, email } of await usersWithRole(ctx, 'admin'))
    await send(
      { ...ctx, exercise: false },
      {
        channel: 'email',
        to: email,
        purpose: 'security',
        ref: `phone:${row.day}`,
        key: `phone:${row.day}:${which}:${id}`,
        message: { subject, text },
      },
    );
}
