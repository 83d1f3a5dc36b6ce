/** Says that somebody is away: their shifts are gaps until somebody covers them. */
import { invalid, newId, Problem, personOf, sayDuration } from '#kernel';
import { command, hasRole } from '#security';
import { peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';
import { readStretch } from '../moments.ts';

export interface AddAbsence {
  /** None: the one who says it. Others only by managers. */
  userId?: string | undefined;
  /** Instants, times on the person's own wall, or whole days (`2026-12-24`). */
  from: string;
  to: string;
  note: string;
}

const LONGEST_MS = 400 * 86_400_000;
const refuse = (path: string, message: string) =>
  invalid('This absence cannot be', 'people.absence', [{ path, message }]);

/** Throws 403 for others' absences below manager, 422 when it is inverted, over, or longer than 400 days. */
export const addAbsence = command(
  'people.addAbsence',
  { allow: 'responder', subject: (_i: AddAbsence, r: { id: string }) => r.id },
  async (ctx, input) => {
    const userId = input.userId ?? personOf(ctx.actor) ?? '';
    if (userId !== personOf(ctx.actor) && !hasRole(ctx.actor, 'manager'))
      throw new Problem(403, 'Others’ absences are entered by a manager', { rule: 'people.absence' });
    const users = await peopleById(ctx);
    requirePeople(users, [{ path: 'userId', id: userId }]);
    const [from, to] = readStretch(users.get(userId)?.timeZone ?? 'UTC', input, refuse);
    if (from >= to) throw refuse('to', 'it must end after it begins');
    if (to <= ctx.now) throw refuse('to', 'it is over already');
    if (to.getTime() - from.getTime() > LONGEST_MS) throw refuse('to', `at most ${sayDuration(LONGEST_MS)}`);
    await keepDuty(ctx);
    const id = newId('abs');
    const row = { id, userId, fromAt: from, toAt: to, note: input.note, createdBy: ctx.actor.id };
    await ctx.db
      .insertInto('people.absences')
      .values({ ...row, createdAt: ctx.now })
      .execute();
    await tellScreens(ctx, 'absence', id);
    ctx.audit.after = row;
    return { id };
  },
);
