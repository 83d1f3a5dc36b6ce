/** A person answered a test page there where it arrived: this method is proven. */
import { isId } from '#kernel';
import { command, userById } from '#security';
import { tellScreens } from '../../saving.ts';

export interface ConfirmTestPage {
  proofId: string;
  /** `mail link`, `SMS`, `voice call`, `Slack`. */
  via: string;
}
export type Confirmed = 'confirmed' | 'again' | 'too_late' | 'unknown';

/** Only for those who have shown that they received it: a signed link, a code from that number, a key pressed in that call. */
export const confirmTestPage = command(
  'people.confirmTestPage',
  { allow: 'internal', subject: (input: ConfirmTestPage) => input.proofId },
  async (ctx, { proofId, via }): Promise<{ result: Confirmed; userId: string | null }> => {
    const none = { result: 'unknown' as const, userId: null };
    ctx.audit.skip = true;
    if (!isId('prf', proofId)) return none;
    // An answer also outweighs a provider that says it was not delivered.
    const done = await ctx.db
      .updateTable('people.proofs')
      .set({ state: 'confirmed', settledAt: ctx.now, confirmedVia: via, error: null })
      .where('id', '=', proofId)
      .where('state', 'in', ['waiting', 'failed'])
      .where('answerBy', '>', ctx.now)
      .returning(['userId', 'channel', 'shown'])
      .executeTakeFirst();
    if (!done) {
      const row = await ctx.db
        .selectFrom('people.proofs')
        .select(['state', 'userId'])
        .where('id', '=', proofId)
        .executeTakeFirst();
      return row ? { result: row.state === 'confirmed' ? 'again' : 'too_late', userId: row.userId } : none;
    }
    await tellScreens(ctx, 'proof', done.userId);
    ctx.audit.skip = false;
    const person = await userById(ctx, done.userId);
    ctx.audit.after = { person: person?.name ?? done.userId, channel: done.channel, address: done.shown, via };
    return { result: 'confirmed', userId: done.userId };
  },
);
