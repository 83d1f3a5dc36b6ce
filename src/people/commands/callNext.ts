/** Calls the next people now instead of later; who has the page and cannot do it gives it back this way. */
import { conflict } from '#kernel';
import { command, hasRole } from '#security';
import { note } from '../calling.ts';
import { takeTurn } from '../paging.ts';
import { openToAct, reopen } from '../waking.ts';
import { tooLate } from './acknowledge.ts';

export interface CallNext {
  pageId: string;
  note?: string | undefined;
}

/** Throws 404, 403; 409 with the state when the page has ended, everybody was called, or somebody else has it. */
export const callNext = command(
  'people.callNext',
  { allow: 'responder', subject: (input: CallNext) => input.pageId },
  async (ctx, input) => {
    const { page, person } = await openToAct(ctx, input.pageId);
    const why = input.note ? `: ${input.note}` : '';
    if (page.state === 'unanswered')
      throw conflict('Everybody was called already', 'people.callNext', 'Give it to somebody, or add responders.', {
        state: page.state,
      });
    if (page.state === 'paging') {
      const text = `${person.name} does not wait: the next are called${why}`;
      await note(ctx, page, { reason: 'called_next', userId: person.id, text });
      await takeTurn(ctx, page);
      return { pageId: page.id };
    }
    if (page.acknowledgedBy !== person.id && !hasRole(ctx.actor, 'manager')) throw await tooLate(ctx, page);
    await ctx.db.updateTable('people.pages').set({ assigneeId: null }).where('id', '=', page.id).execute();
    const text = `${person.name} has given it back${why}`;
    await note(ctx, page, { reason: 'given_back', userId: person.id, text });
    await reopen(ctx, page, 'given_back');
    return { pageId: page.id };
  },
);
