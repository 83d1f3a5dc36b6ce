/** A person takes a page: the calling stops, and everybody sees who has it. */
import { type Ctx, conflict, isId, notFound, Problem, personOf } from '#kernel';
import { command, hasRole, userById } from '#security';
import { givePage } from '../paging.ts';
import type { PageRow } from '../store.ts';
import { keepHolding } from '../waking.ts';

const VIA: Record<string, string> = {
  user: 'console',
  token: 'API',
  link: 'mail link',
};

/**
 * Any responder may take any page, and whoever was called may take theirs. Taking one's own again says “I am still at
 * it”: the time after which it asks again begins anew; nothing else changes.
 * Throws 409 `people.acknowledge` with the state (and who has it) when somebody was first or the page has ended.
 */
export const acknowledge = command(
  'people.acknowledge',
  { allow: 'viewer', subject: (input: { pageId: string; via?: string }) => input.pageId },
  async (ctx, { pageId, via }) => {
    const page = isId('pag', pageId) ? await readPage(ctx, pageId) : undefined;
    if (!page) throw notFound('Page', pageId);
    const person = await userById(ctx, personOf(ctx.actor) ?? '');
    if (!person?.active)
      throw new Problem(403, 'Only a person can take a page', {
        rule: 'people.acknowledge.person',
        detail: 'Use the token of a person.',
      });
    await requireCalled(ctx, pageId, person.id);
    const taken = await givePage(ctx, pageId, person, via ?? VIA[ctx.actor.kind] ?? ctx.actor.kind);
    ctx.audit.incident = page.incidentId ?? undefined;
    if (!taken) {
      const now = (await readPage(ctx, pageId)) ?? page;
      if (now.state !== 'acknowledged' || now.acknowledgedBy !== person.id) throw await tooLate(ctx, now);
      await keepHolding(ctx, now, person.name);
      return { pageId };
    }
    ctx.audit.before = { state: page.state };
    ctx.audit.after = { state: 'acknowledged', by: person.id };
    return { pageId };
  },
);

const readPage = (ctx: Ctx, id: string) =>
  ctx.db.selectFrom('people.pages').selectAll().where('id', '=', id).executeTakeFirst();

async function requireCalled(ctx: Ctx, pageId: string, userId: string): Promise<void> {
  if (hasRole(ctx.actor, 'responder')) return;
  const target = await ctx.db
    .selectFrom('people.pageTargets')
    .select('userId')
    .where('pageId', '=', pageId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  if (!target)
    throw new Problem(403, 'Only responders and those who were called can take a page', {
      rule: 'people.acknowledge.called',
    });
}

/** What a page that is not open any more answers: its state, and who has it. */
export async function tooLate(ctx: Ctx, page: PageRow): Promise<Problem> {
  const extra = {
    state: page.state,
    acknowledgedAt: page.acknowledgedAt?.toISOString() ?? null,
  };
  if (page.state !== 'acknowledged') {
    return conflict('This page has ended', 'people.acknowledge', page.endReason ?? undefined, {
      ...extra,
      acknowledgedBy: null,
    });
  }
  const holder = await userById(ctx, page.acknowledgedBy ?? '');
  const acknowledgedBy = holder ? { id: holder.id, name: holder.name } : null;
  return conflict(
    `${holder?.name ?? 'Somebody'} already has this page`,
    'people.acknowledge',
    'It was taken before you; ask them if they need help.',
    {
      ...extra,
      acknowledgedBy,
    },
  );
}
