/** Tells people that their shift starts soon; when they cannot be reached, the owner of the schedule is told too. */
import { type Ctx, readSetting, zone } from '#kernel';
import { command, type Person } from '#security';
import { crowd } from '../../crowd.ts';
import { type Cover, coverAhead, ownersOf } from '../callable.ts';
import { type JudgedPerson, judgePeople } from '../facts.ts';
import { dueLead } from '../model.ts';
import { mail } from '../telling.ts';
import { shiftWarnings } from '../settings.ts';

interface Start {
  schedule: Cover['schedule'];
  userId: string;
  at: Date;
  until: Date;
}

/** The shifts that begin after now: who takes over from somebody else. Who goes on does not start. */
export const startsOf = (covers: Cover[]): Start[] =>
  covers.flatMap(({ schedule, shifts }) =>
    shifts.flatMap((shift, i) =>
      i > 0 && shift.userId !== null && shifts[i - 1]?.userId !== shift.userId
        ? [{ schedule, userId: shift.userId, at: shift.from, until: shift.to }]
        : [],
    ),
  );

/** Returns how many warnings went out. Each start is announced once for each lead, however often this runs. */
export const warnShifts = command('people.warnShifts', { allow: 'internal' }, async (ctx, _input: object) => {
  // The table of notices is its own record.
  ctx.audit.skip = true;
  const { on, before } = await readSetting(ctx, shiftWarnings);
  if (!on || before.length === 0) return { warned: 0 };
  const everybody = await crowd(ctx);
  const due: (Start & { lead: string; person: Person })[] = [];
  for (const start of startsOf(await coverAhead(ctx, everybody))) {
    const person = everybody.users.get(start.userId);
    const lead = person ? dueLead(person.timeZone, start.at, before, ctx.now) : null;
    if (person && lead) due.push({ ...start, lead, person });
  }
  const judged = await judgePeople(ctx, [...new Map(due.map(({ person }) => [person.id, person])).values()]);
  let warned = 0;
  for (const start of due) if (await warn(ctx, start, judged.get(start.userId))) warned += 1;
  return { warned };
});

async function warn(
  ctx: Ctx,
  { schedule, person, at, until, lead }: Start & { lead: string; person: Person },
  judged: JudgedPerson | undefined,
): Promise<boolean> {
  const unreachable = judged?.state === 'unreachable' || judged?.state === 'doubtful';
  const noted = await ctx.db
    .insertInto('people.shiftNotices')
    .values({ scheduleId: schedule.id, userId: person.id, fromAt: at, lead, ownerTold: unreachable, toldAt: ctx.now })
    .onConflict((on) => on.doNothing())
    .returning('lead')
    .executeTakeFirst();
  if (!noted) return false;
  const say = (timeZone: string, instant: Date) => zone.sayInstant(timeZone, instant);
  const how = sayHow(judged);
  await mail(
    ctx,
    person,
    { ref: schedule.id, link: '/settings/contact' },
    `Your shift starts ${say(person.timeZone, at)}: ${schedule.name}`,
    [
      `${person.name}, you are on call in ${schedule.name} from ${say(person.timeZone, at)} to ${say(person.timeZone, until)}.`,
      how,
      unreachable
        ? 'Please mend this before your shift starts, under Settings, My contact methods.'
        : 'Nothing needs to be done.',
    ],
  );
  if (!unreachable) return true;
  for (const owner of await ownersOf(ctx, schedule.teamId)) {
    if (owner.id === person.id) continue;
    const subject = `${person.name} may not be reachable: ${schedule.name} from ${say(owner.timeZone, at)}`;
    await mail(ctx, owner, { ref: schedule.id, link: '/reachability' }, subject, [
      `${person.name} goes on call in ${schedule.name} at ${say(owner.timeZone, at)}, and it is not proven that a page reaches them.`,
      how,
      'Ask them to mend it, or put somebody else on call:',
    ]);
  }
  return true;
}

/** How they are reached, one line for each method. */
export function sayHow(judged: JudgedPerson | undefined): string {
  const lines = (judged?.methods ?? []).map(({ channel, shown, reason }) => `${channel} ${shown}: ${reason}`);
  return lines.length > 0
    ? `How pages reach ${judged?.person.name}:\n${lines.join('\n')}`
    : 'No contact method is known.';
}
