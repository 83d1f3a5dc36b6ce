/** Something that was accepted has not come to an end: the emergency contact is paged once, until nothing is stuck any more. */
import { startPage, stopPages } from '#people';
import { command } from '#security';
import { type Stuck, stuckNow } from '../queries.ts';

const SUBJECT = { kind: 'stuck', id: 'events' };
const NAMED = 10;

/** Receipts that do not come are a carrier's affair and listed only. */
const alarming = (stuck: Stuck[]) => stuck.filter(({ kind }) => kind !== 'receipt');

/** Returns how many things are stuck. One page for all of them: the same that runs already is not started again. */
export const raiseStuck = command('signals.raiseStuck', { allow: 'internal' }, async (ctx, _input: object) => {
  ctx.audit.skip = true;
  const stuck = alarming(await stuckNow(ctx));
  if (stuck.length === 0) {
    const open = await ctx.db
      .selectFrom('people.pages')
      .select('id')
      .where('subjectKind', '=', SUBJECT.kind)
      .where('subjectId', '=', SUBJECT.id)
      .where('state', '<>', 'stopped')
      .executeTakeFirst();
    if (open) await stopPages(ctx, { subject: SUBJECT, reason: 'nothing is stuck any more' });
    return { stuck: 0 };
  }
  const lines = stuck.slice(0, NAMED).map(({ id, text }) => `${id}: ${text}`);
  await startPage(ctx, {
    subject: SUBJECT,
    title: `${stuck.length} accepted ${stuck.length === 1 ? 'event is' : 'events are'} stuck`,
    body: `Evenkeel has accepted these and they have not come to an end. Somebody may not have been told.\n${lines.join('\n')}`,
    urgency: 'high',
    link: '/reachability',
  });
  ctx.audit.skip = false;
  ctx.audit.after = { stuck: stuck.length, first: lines[0] };
  return { stuck: stuck.length };
});
