/** "Did this help you decide what to do?" A reader's answer; nothing of the person is kept (M62). */
import { keyedHash, newId, readSetting } from '#kernel';
import { command } from '#security';
import { lintText } from '../lint/index.ts';
import { subscriptions } from '../settings.ts';
import { countAttempt } from '../subscribers/store.ts';

export interface GiveFeedbackInput {
  /** Of the page. */
  publicId: string;
  helped: boolean;
  words: string;
  ip: string;
}

/** True when it was kept. Words that hold an address, a number or a secret are left out; the answer still counts. */
export const giveFeedback = command(
  'comms.giveFeedback',
  { allow: 'public' },
  async (ctx, input: GiveFeedbackInput): Promise<boolean> => {
    ctx.audit.skip = true;
    const policy = await readSetting(ctx, subscriptions);
    // The same counter as for subscriptions, under a name of its own: one network does not decide what readers think.
    if ((await countAttempt(ctx, keyedHash('comms.feedback', input.ip))) > policy.perNetworkPerHour) return false;
    const page = await ctx.db
      .selectFrom('comms.incidentPages')
      .select('incidentId')
      .where('publicId', '=', input.publicId)
      .where('exercise', '=', false)
      .executeTakeFirst();
    if (!page) return false;
    const latest = await ctx.db
      .selectFrom('comms.publications')
      .select('revisionId')
      .where('incidentId', '=', page.incidentId)
      .where('channel', '=', 'status_page')
      .orderBy('at', 'desc')
      .executeTakeFirst();
    const words = input.words.trim().slice(0, 600);
    const personal = lintText(words, { audience: 'public' }).some(({ rule }) => rule.startsWith('P'));
    await ctx.db
      .insertInto('comms.feedback')
      .values({
        id: newId('fbk'),
        incidentId: page.incidentId,
        revisionId: latest?.revisionId ?? null,
        helped: input.helped,
        words: personal ? '' : words,
        day: ctx.now.toISOString().slice(0, 10),
      })
      .execute();
    return true;
  },
);
