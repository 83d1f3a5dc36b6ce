/** Ends the test pages whose time to answer is over: nobody answered, so nothing is proven. */
import { command } from '#security';
import { tellScreens } from '../../saving.ts';

/** Returns how many. */
export const closeTestPages = command('people.closeTestPages', { allow: 'internal' }, async (ctx, _input: object) => {
  ctx.audit.skip = true;
  const rows = await ctx.db
    .updateTable('people.proofs')
    .set({ state: 'missed', settledAt: ctx.now })
    .where('state', '=', 'waiting')
    .where('answerBy', '<=', ctx.now)
    .returning('userId')
    .execute();
  for (const userId of new Set(rows.map((row) => row.userId))) await tellScreens(ctx, 'proof', userId);
  return { missed: rows.length };
});
