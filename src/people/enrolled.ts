/** Who plays in an exercise. Its pages call players and nobody else, whatever a policy says (domain 7.4, rule 5). */
import type { Ctx } from '#kernel';
import type { Person } from '#security';
import type { Called, Resolved } from './escalation.ts';

declare module '#kernel' {
  interface Database {
    'people.enrolments': { ref: string; userId: string; until: Date };
  }
}

/** Everybody who plays at this moment. */
export const playersNow = async (ctx: Pick<Ctx, 'db' | 'now'>): Promise<string[]> =>
  (
    await ctx.db
      .selectFrom('people.enrolments')
      .select('userId')
      .distinct()
      .where('until', '>', ctx.now)
      .orderBy('userId')
      .execute()
  ).map(({ userId }) => userId);

/**
 * The same plan, played: who is called and plays stays; for a step none of whose people play, all players stand in, so
 * that the exercise goes on. Rooms and programs are not told: others read them, and they may act.
 */
export function played<T extends Resolved>(resolved: T, players: readonly string[], people: Map<string, Person>): T {
  const only = (called: Called[]): Called[] => {
    if (called.length === 0) return called;
    const playing = called.filter(({ userId }) => players.includes(userId));
    if (playing.length > 0) return playing;
    const names = called.map(({ userId }) => people.get(userId)?.name ?? 'somebody').join(', ');
    const because = `plays in this exercise, in place of ${names}`;
    return players.filter((userId) => people.get(userId)?.active).map((userId) => ({ userId, because }));
  };
  return {
    ...resolved,
    steps: resolved.steps.map((step) => ({ ...step, people: only(step.people), posts: [] })),
    teamLeads: only(resolved.teamLeads),
    emergency: only(resolved.emergency),
  };
}
