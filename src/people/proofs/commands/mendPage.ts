/** An open page was found without a next step: puts it back on the way, writes it down, and pages the emergency contact about it. */
import { addMs, type Ctx, enqueue, newId } from '#kernel';
import { command } from '#security';
import { startPage } from '../../commands/startPage.ts';
import { lockPage, logPage } from '../../store.ts';
import { escalateLater, pageTimer } from '../../timers.ts';
import { type StuckPage, stuckPages } from '../auditor.ts';

/** Subject of the auditor's own pages. They are mended like any other, and raise no further page. */
export const FINDING = 'finding';

/** Returns what was found; null when the page has moved on meanwhile. Each turn of a page is found once, by whichever node. */
export const mendPage = command(
  'people.mendPage',
  { allow: 'internal', subject: (input: { pageId: string }) => input.pageId },
  async (ctx, { pageId }): Promise<{ finding: string | null }> => {
    ctx.audit.skip = true;
    if (!(await lockPage(ctx.db, pageId))) return { finding: null };
    const [stuck] = await stuckPages(ctx, pageId);
    if (!stuck) return { finding: null };
    if (stuck.jobless) await setTimer(ctx, stuck);
    const kind = stuck.jobless ? ('no_next_step' as const) : ('step_late' as const);
    const text = stuck.jobless
      ? 'This page had no next step any more; it has one again'
      : 'The next step of this page is late and does not come';
    const found = await ctx.db
      .insertInto('people.findings')
      .values({ id: newId('fnd'), kind, pageId, turn: stuck.turn, text, raisedPageId: null, foundAt: ctx.now })
      .onConflict((on) => on.columns(['pageId', 'turn', 'kind']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!found) return { finding: null };
    await logPage(ctx.db, [{ pageId, at: ctx.now, reason: 'watched', text }]);
    const raisedPageId = await raise(ctx, stuck, found.id, text);
    await ctx.db.updateTable('people.findings').set({ raisedPageId }).where('id', '=', found.id).execute();
    ctx.audit.skip = false;
    ctx.audit.after = { finding: kind, raised: raisedPageId };
    return { finding: found.id };
  },
);

/** The step it was waiting for, at its time; at once when that is over or was never set. */
async function setTimer(ctx: Ctx, { id, turn, nextTurnAt }: StuckPage): Promise<void> {
  const runAt = nextTurnAt && nextTurnAt > ctx.now ? nextTurnAt : addMs(ctx.now, -1);
  if (!nextTurnAt) await ctx.db.updateTable('people.pages').set({ nextTurnAt: runAt }).where('id', '=', id).execute();
  await enqueue(ctx, escalateLater, { pageId: id, turn }, { runAt, key: pageTimer(id) });
}

/** Without a policy a page goes to the emergency contact. A drill is mended and calls nobody outside of it. */
async function raise(ctx: Ctx, stuck: StuckPage, findingId: string, text: string): Promise<string | null> {
  if (stuck.exercise || stuck.subjectKind === FINDING) return null;
  const { pageId } = await startPage(ctx, {
    subject: { kind: FINDING, id: findingId },
    title: `The pager lost a step: ${stuck.title}`.slice(0, 300),
    body: `${text}. Somebody may wait longer than their policy says: look whether the page has been taken.`,
    urgency: 'high',
    link: `/pages/${stuck.id}`,
  });
  return pageId;
}
