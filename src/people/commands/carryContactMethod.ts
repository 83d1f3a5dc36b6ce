/** Adds a way to reach a person that another pager knew. Nobody has proven it here, and nothing is sent to it. */
import { channelByName } from '#channels';
import { newId } from '#kernel';
import { command } from '#security';
import { methodsOf } from '../contact.ts';
import { tellScreens } from '../saving.ts';

export interface CarryContactMethod {
  userId: string;
  kind: 'email' | 'sms' | 'voice';
  value: string;
  label: string;
}

const MOST = 10;

/**
 * Pages use it only while the person has nothing proven. Returns null when they have it already, or have ten. Throws 422
 * for what cannot be called.
 */
export const carryContactMethod = command(
  'people.carryContactMethod',
  { allow: 'internal', subject: (_input: CarryContactMethod, result: { id: string } | null) => result?.id },
  async (ctx, { userId, kind, value: typed, label }) => {
    const channel = channelByName(kind);
    const value = channel.contact?.clean?.(typed) ?? typed.trim();
    channel.checkRecipient(value);
    const methods = (await methodsOf(ctx.db, [userId])).get(userId) ?? [];
    const there = methods.some((method) => method.kind === kind && method.value.toLowerCase() === value.toLowerCase());
    if (there || methods.length >= MOST) {
      ctx.audit.skip = true;
      return null;
    }
    const id = newId('cm');
    await ctx.db
      .insertInto('people.contactMethods')
      .values({
        id,
        userId,
        kind,
        value,
        label,
        endpointId: null,
        verifiedAt: null,
        highAfter: channel.contact?.after.high ?? 0,
        lowAfter: channel.contact?.after.low ?? null,
        disabledAt: null,
        disabledReason: null,
        createdAt: ctx.now,
      })
      .execute();
    await tellScreens(ctx, 'contact', userId);
    ctx.audit.after = { userId, kind, value };
    return { id };
  },
);
