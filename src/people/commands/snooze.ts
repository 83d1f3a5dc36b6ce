/** Puts a page off: whoever does it has it, and it asks them again at the time they named. */
import { addMs, type Ctx, conflict, invalid, sayDuration, zone } from '#kernel';
import { command } from '#security';
import { note } from '../calling.ts';
import { givePage } from '../paging.ts';
import { openToAct, sleepUntil } from '../waking.ts';
import { tooLate } from './acknowledge.ts';

export interface Snooze {
  pageId: string;
  /** An instant, or `forSeconds` from now: one of the two. */
  until?: string | undefined;
  forSeconds?: number | undefined;
  note?: string | undefined;
}

const LEAST_MS = 60_000;
const MOST_MS = 366 * 86_400_000;

/**
 * From a minute to 366 days; the time is a row, so nothing has to stay awake for it. Throws 422 for any other time, 409
 * with the state when the page has ended or somebody else has it.
 */
export const snooze = command(
  'people.snooze',
  { allow: 'responder', subject: (input: Snooze) => input.pageId },
  async (ctx, input) => {
    const until = untilOf(ctx, input);
    const { page, person } = await openToAct(ctx, input.pageId);
    if (page.state === 'acknowledged' && page.acknowledgedBy !== person.id) throw await tooLate(ctx, page);
    const taken = page.state === 'acknowledged' ? page : await givePage(ctx, page.id, person, 'snooze');
    if (!taken) throw conflict('This page has just changed', 'people.snooze', 'Load it again.');
    await sleepUntil(ctx, taken, until, 'snooze');
    const length = sayDuration(until.getTime() - ctx.now.getTime());
    const why = input.note ? `: ${input.note}` : '';
    const text = `${person.name} has put it off for ${length}, until ${zone.sayInstant(person.timeZone, until)}${why}`;
    await note(ctx, page, { reason: 'snoozed', userId: person.id, text });
    ctx.audit.before = { state: page.state, wakeAt: page.wakeAt };
    ctx.audit.after = { state: 'acknowledged', snoozedUntil: until };
    return { pageId: page.id };
  },
);

function untilOf(ctx: Ctx, { until, forSeconds }: Snooze): Date {
  if ((until === undefined) === (forSeconds === undefined))
    throw invalid('Say until when, or for how long', 'people.snooze', [
      { path: 'until', message: 'either `until` or `forSeconds`' },
    ]);
  const path = until === undefined ? 'forSeconds' : 'until';
  const ms = until === undefined ? (forSeconds ?? 0) * 1000 : Date.parse(until) - ctx.now.getTime();
  const message =
    ms <= 0 ? 'this is over already' : ms < LEAST_MS ? 'at least a minute' : ms > MOST_MS ? 'at most 366 days' : null;
  if (message || !Number.isFinite(ms))
    throw invalid('A page cannot be put off until then', 'people.snooze', [{ path, message: message ?? 'a time' }]);
  return addMs(ctx.now, ms);
}
