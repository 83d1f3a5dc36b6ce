/** Sends test pages: to oneself, to a team, to one person, or to everybody who can be called. */
import { isId, newId, notFound, Problem, personOf } from '#kernel';
import { command, hasRole, type Person } from '#security';
import { crowd } from '../../crowd.ts';
import { callablePeople, coverAhead } from '../callable.ts';
import { sendTests } from '../testing.ts';

export interface SendTestPages {
  /** Whom: one person, the members of a team, or `all`: everybody who can be called. None: the one who asks. */
  userId?: string | undefined;
  teamId?: string | undefined;
  all?: boolean | undefined;
}

/**
 * Every confirmed method that works gets one; a method that waits for an answer already gets no second. Throws 403 for
 * others below manager, 404 for an unknown person or team, 422 when there is nobody to test.
 */
export const sendTestPages = command(
  'people.sendTestPages',
  { allow: 'responder', subject: (_i: SendTestPages, r: { roundId: string }) => r.roundId },
  async (ctx, input) => {
    const me = personOf(ctx.actor) ?? '';
    const own = !input.all && !input.teamId && (input.userId ?? me) === me;
    if (!own && !hasRole(ctx.actor, 'manager'))
      throw new Problem(403, 'Others are tested by a manager', { rule: 'people.test.others' });
    const everybody = await crowd(ctx);
    let people: Person[];
    if (input.all) people = await callablePeople(ctx, everybody, await coverAhead(ctx, everybody));
    else if (input.teamId) {
      const team = isId('tem', input.teamId) ? input.teamId : '';
      const known = await ctx.db.selectFrom('people.teams').select('id').where('id', '=', team).executeTakeFirst();
      if (!known) throw notFound('Team', input.teamId);
      const members = await ctx.db
        .selectFrom('people.teamMembers')
        .select('userId')
        .where('teamId', '=', team)
        .execute();
      people = members.flatMap(({ userId }) => everybody.users.get(userId) ?? []);
    } else {
      const one = everybody.users.get(input.userId ?? me);
      if (!one) throw notFound('Person', input.userId ?? me);
      people = [one];
    }
    const active = people.filter((person) => person.active);
    if (active.length === 0)
      throw new Problem(422, 'There is nobody to test', {
        rule: 'people.test.nobody',
        detail: 'Nobody active is meant.',
      });
    const roundId = newId('tst');
    await ctx.db
      .insertInto('people.testRounds')
      .values({ id: roundId, kind: 'asked', askedBy: personOf(ctx.actor) ?? null, createdAt: ctx.now })
      .execute();
    const result = await sendTests(ctx, { id: roundId, slot: null }, active);
    ctx.audit.after = { people: active.length, sent: result.sent, withoutMethod: result.withoutMethod.length };
    return { roundId, ...result };
  },
);
