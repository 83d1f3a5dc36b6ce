/** Gives a page to another person: they are called at once, and it is theirs until somebody else takes it. */
import { type Ctx, emit, invalid } from '#kernel';
import { command, type Person, userById } from '#security';
import { note } from '../calling.ts';
import { pageAssigned } from '../events.ts';
import { givePage, quieten } from '../paging.ts';
import { type PageRow, reopenPage } from '../store.ts';
import { openToAct, reopen } from '../waking.ts';

export interface Reassign {
  pageId: string;
  userId: string;
  note?: string | undefined;
}

/**
 * Giving it to oneself takes it, from whoever has it. The person who gets it is called; if they do not answer the policy
 * begins anew, and the page stays assigned to them. Throws 404, 403, 409 when it has ended, 422 for nobody active.
 */
export const reassign = command(
  'people.reassign',
  { allow: 'responder', subject: (input: Reassign) => input.pageId },
  async (ctx, input) => {
    const { page, person } = await openToAct(ctx, input.pageId);
    const to = await userById(ctx, input.userId);
    if (!to?.active)
      throw invalid('This page cannot be given to them', 'people.reassign', [
        { path: 'userId', message: to ? `${to.name} is no longer active` : 'there is no such person' },
      ]);
    if (page.state === 'acknowledged' && page.acknowledgedBy === to.id) return { pageId: page.id };
    await quieten(ctx, page.id, `it was given to ${to.name}`);
    if (to.id === person.id) await takeOver(ctx, page, person);
    else await handOn(ctx, page, person, to, input.note);
    ctx.audit.before = { assigneeId: page.assigneeId, state: page.state };
    ctx.audit.after = { assigneeId: to.id, note: input.note };
    return { pageId: page.id };
  },
);

async function takeOver(ctx: Ctx, page: PageRow, person: Person): Promise<void> {
  const holder = page.acknowledgedBy ? await userById(ctx, page.acknowledgedBy) : undefined;
  if (holder) {
    const text = `${person.name} takes it over from ${holder.name}`;
    await note(ctx, page, { reason: 'reassigned', userId: person.id, text });
    await reopenPage(ctx.db, page.id, page);
  }
  await givePage(ctx, page.id, person, 'console');
}

async function handOn(ctx: Ctx, page: PageRow, from: Person, to: Person, words: string | undefined): Promise<void> {
  const why = words ? `: ${words}` : '';
  const subject = { kind: page.subjectKind, id: page.subjectId };
  await ctx.db.updateTable('people.pages').set({ assigneeId: to.id }).where('id', '=', page.id).execute();
  await note(ctx, page, {
    reason: 'reassigned',
    userId: to.id,
    text: `${from.name} has given it to ${to.name}${why}`,
  });
  await emit(
    ctx,
    pageAssigned,
    { pageId: page.id, subject, userId: to.id, by: from.id, at: ctx.now.toISOString() },
    { subject: page.id, incident: page.incidentId },
  );
  await reopen(ctx, page, 'reassigned', {
    userId: to.id,
    because: `${from.name} gave it to you${why}`,
    why: `${to.name} is asked to take it`,
  });
}
