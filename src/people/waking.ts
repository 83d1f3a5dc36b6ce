/** Pages that come back: a forgotten acknowledgement, a snooze that is over, a page handed on. */
import {
  addMs,
  type Ctx,
  cancelJob,
  conflict,
  type Db,
  emit,
  isId,
  notFound,
  Problem,
  personOf,
  sayDuration,
  sql,
} from '#kernel';
import { type Person, personRefs, userById } from '#security';
import { note } from './calling.ts';
import { START } from './escalation.ts';
import { pageReopened } from './events.ts';
import { type Ask, setPageTimer, takeTurn } from './paging.ts';
import { lockPage, type PageRow, reopenPage, setWake, type WakeReason } from './store.ts';
import { pageTimer } from './timers.ts';

export type Reopened = 'ack_timeout' | 'snooze' | 'given_back' | 'reassigned';

/** The time of a taken page has come: it asks again. Safe to run twice and late. The caller holds the row's lock. */
export async function wake(ctx: Ctx, page: PageRow): Promise<{ did: string; why: string }> {
  if (!page.wakeAt || !page.wakeReason) return { did: 'nothing', why: 'somebody has it' };
  if (page.wakeAt > ctx.now) {
    await setPageTimer(ctx, page.id, page.turn, page.wakeAt);
    return { did: 'nothing', why: 'not yet' };
  }
  const holderId = page.assigneeId ?? page.acknowledgedBy ?? '';
  const holder = (await personRefs(ctx, [holderId])).get(holderId)?.name ?? 'Whoever had it';
  const since = sayDuration(ctx.now.getTime() - (page.acknowledgedAt ?? ctx.now).getTime());
  const why =
    page.wakeReason === 'snooze'
      ? `The snooze is over: ${holder} is asked again`
      : `${holder} took it ${since} ago and it is not over: asked again`;
  const because =
    page.wakeReason === 'snooze' ? 'your snooze is over' : `you took it ${since} ago and it is still open`;
  await reopen(ctx, page, page.wakeReason, { userId: holderId, because, why });
  return { did: 'asked again', why };
}

/** Takes a page back into the calling: `ask` is called first and the steps begin anew; without, the next step at once. */
export async function reopen(ctx: Ctx, page: PageRow, why: Reopened, ask?: Ask): Promise<void> {
  ctx.exercise = page.exercise;
  ctx.audit.incident = page.incidentId ?? undefined;
  ctx.audit.before = { state: page.state, acknowledgedBy: page.acknowledgedBy };
  ctx.audit.after = { state: 'paging', why };
  const open = await reopenPage(ctx.db, page.id, ask || page.stage !== 'steps' ? START : page);
  const subject = { kind: page.subjectKind, id: page.subjectId };
  const about = { subject: page.id, incident: page.incidentId };
  const at = ctx.now.toISOString();
  if (page.state === 'acknowledged')
    await emit(ctx, pageReopened, { pageId: page.id, subject, userId: page.acknowledgedBy, why, at }, about);
  await takeTurn(ctx, open, { ask });
}

/** A page is not put off by every repeated click: the log would be full of them. */
const KEEP_MS = 60_000;

/** “I am still at it”: a page that would ask again after a while does so later. A snooze stays as it was chosen. */
export async function keepHolding(ctx: Ctx, page: PageRow, name: string): Promise<void> {
  if (page.wakeReason !== 'ack_timeout' || !page.wakeAt || page.ackTimeoutMinutes === null) return;
  const wakeAt = addMs(ctx.now, page.ackTimeoutMinutes * 60_000);
  if (wakeAt.getTime() - page.wakeAt.getTime() < KEEP_MS) return;
  await sleepUntil(ctx, page, wakeAt, 'ack_timeout');
  const text = `${name} is still at it: asks again in ${sayDuration(wakeAt.getTime() - ctx.now.getTime())}`;
  await note(ctx, page, { reason: 'still_held', userId: page.acknowledgedBy, text });
}

/** Sets when a taken page asks again, or that it does not. */
export async function sleepUntil(ctx: Ctx, page: PageRow, at: Date | null, why: WakeReason): Promise<void> {
  await setWake(ctx.db, page.id, at, at && why);
  if (at) await setPageTimer(ctx, page.id, page.turn, at);
  else await cancelJob(ctx, pageTimer(page.id));
}

/** A page to act on, locked, and who acts. Throws 404; 403 when no person acts; 409 with the state when it has ended. */
export async function openToAct(ctx: Ctx, pageId: string): Promise<{ page: PageRow; person: Person }> {
  const page = isId('pag', pageId) ? await lockPage(ctx.db, pageId) : undefined;
  if (!page) throw notFound('Page', pageId);
  const person = await userById(ctx, personOf(ctx.actor) ?? '');
  if (!person?.active)
    throw new Problem(403, 'Only a person can do this', {
      rule: 'people.page.person',
      detail: 'Use the token of a person.',
    });
  if (page.state === 'stopped')
    throw conflict('This page has ended', 'people.page.ended', page.endReason ?? undefined, {
      state: page.state,
      acknowledgedBy: null,
    });
  ctx.exercise = page.exercise;
  ctx.audit.incident = page.incidentId ?? undefined;
  return { page, person };
}

/**
 * The clock was put back: what waits for a length of time comes after that length all the same. A snooze until an hour of the
 * wall stays; a step that waits for its hours is asked early and waits on.
 */
export async function clockWentBack(db: Db, ms: number): Promise<void> {
  const earlier = (column: string) =>
    sql`greatest(kernel.now(), date_trunc('milliseconds', ${sql.ref(column)} - make_interval(secs => ${ms / 1000})))`;
  await sql`update people.pages set next_turn_at = ${earlier('next_turn_at')}
    where state = 'paging' and next_turn_at > kernel.now()`.execute(db);
  await sql`update people.pages set wake_at = ${earlier('wake_at')}
    where state = 'acknowledged' and wake_reason = 'ack_timeout' and wake_at > kernel.now()`.execute(db);
  await sql`update people.waiting_sends set leaves_at = ${earlier('leaves_at')} where leaves_at > kernel.now()`.execute(
    db,
  );
}
