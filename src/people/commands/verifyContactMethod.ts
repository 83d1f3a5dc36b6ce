/** Proves a contact method with the code that was sent there. */
import { sameText } from '#kernel';
import { command } from '#security';
import { found } from '../checks.ts';
import { asker, hashOfCode, MAX_TRIES, ownMethod, settleProven } from '../proving.ts';

export type Proof = {
  id: string;
  result: 'verified' | 'wrong' | 'over';
  triesLeft: number;
};

/**
 * A wrong code is an answer, not an error: the try must be counted, and an error would take the count back.
 * Tries are counted by one update each, so that a thousand guesses at once are still five.
 */
export const verifyContactMethod = command(
  'people.verifyContactMethod',
  {
    allow: 'viewer',
    subject: (input: { id: string; code: string }) => input.id,
  },
  async (ctx, { id, code }): Promise<Proof> => {
    const person = await asker(ctx);
    const method = found(await ownMethod(ctx, person, id), 'Contact method', id);
    const counted = await ctx.db
      .updateTable('people.contactChallenges')
      .set((eb) => ({ tries: eb('tries', '+', 1) }))
      .where('methodId', '=', method.id)
      .where('tries', '<', MAX_TRIES)
      .where('expiresAt', '>', ctx.now)
      .returningAll()
      .executeTakeFirst();
    if (!counted) return { id: method.id, result: 'over', triesLeft: 0 };
    const given = code.replace(/\s/g, '');
    if (!sameText(hashOfCode(method.id, given), counted.codeHash)) {
      return {
        id: method.id,
        result: 'wrong',
        triesLeft: MAX_TRIES - counted.tries,
      };
    }
    await settleProven(ctx, method);
    return { id: method.id, result: 'verified', triesLeft: 0 };
  },
);
