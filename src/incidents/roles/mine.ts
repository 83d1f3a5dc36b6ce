/** "Your duties now": the roles the reader holds with their cards, what they answer for in this phase, and their tasks (M33). */
import type { Ctx } from '#kernel';
import { allRoles, type RoleRow } from '#people';
import { personRefs } from '#security';
import { isActive, isEnded } from '../lifecycle/model.ts';
import { readIncident } from '../store.ts';
import { selfOf } from './authority.ts';
import { currentMatrix } from './matrix.ts';
import { type Activity, applies, type Letter } from './raci.ts';
import { holdingsOf } from './store.ts';
import { openFlags, WHY } from './unfilled.ts';

/** The card of a role: what its holder does first, answers for, may decide, and how it is handed over. */
const cardOf = ({ key, title, purpose, firstSteps, duties, handover, authority }: RoleRow) => ({
  key,
  title,
  purpose,
  firstSteps,
  duties,
  handover,
  authority,
});

/** Of the asker. Throws 404. */
export const dutiesOf = async (ctx: Ctx, idOrKey: string) => dutiesFor(ctx, idOrKey, selfOf(ctx.actor));

/** Of a person on one incident. Throws 404. */
export async function dutiesFor(ctx: Ctx, idOrKey: string, userId: string) {
  const incident = await readIncident(ctx, idOrKey);
  const [roles, holdings, matrix, flags, tasks] = await Promise.all([
    allRoles(ctx, { retired: true }),
    holdingsOf(ctx, incident.id),
    currentMatrix(ctx),
    openFlags(ctx, incident.id),
    ctx.db
      .selectFrom('incidents.tasks')
      .selectAll()
      .where('incidentId', '=', incident.id)
      .where('state', '=', 'open')
      .orderBy('createdAt')
      .execute(),
  ]);
  const names = await personRefs(
    ctx,
    holdings.map((held) => held.userId),
  );
  const roleOf = new Map(roles.map((role) => [role.key, role]));
  const mine = holdings.filter((held) => held.userId === userId);
  const keys = new Set(mine.map(({ role }) => role));
  const leads = keys.has('incident_commander');
  return {
    phase: incident.phase,
    roles: mine.flatMap((held) => {
      const role = roleOf.get(held.role);
      return role ? [{ ...cardOf(role), since: held.from, accepted: held.accepted }] : [];
    }),
    activities: isEnded(incident.phase)
      ? []
      : matrix.activities
          .filter((activity) => applies(activity, incident))
          .flatMap((activity) => {
            const letters = lettersOf(activity, keys);
            return letters.length > 0 ? [{ title: activity.title, letters, others: othersOf(activity) }] : [];
          }),
    tasks: tasks
      .filter((task) => task.personId === userId || (task.personId === null && task.role && keys.has(task.role)))
      .map(({ id, text, role, personId, dueAt }) => ({ id, text, role, claimed: personId === userId, dueAt })),
    /** For whoever leads: what nobody holds. */
    unfilled: leads
      ? flags.map(({ role, why, since }) => ({ role, title: roleOf.get(role)?.title ?? role, why: WHY[why], since }))
      : [],
    active: isActive(incident.phase),
  };

  function othersOf({ cells }: Activity) {
    return cells
      .filter(({ role }) => !keys.has(role))
      .map(({ role, letters }) => {
        const holder = holdings.find((held) => held.role === role);
        return {
          role,
          title: roleOf.get(role)?.title ?? role,
          letters,
          person: holder ? (names.get(holder.userId) ?? null) : null,
        };
      });
  }
}

/** The reader's letters in an activity, in the order R, A, C, I. */
function lettersOf({ cells }: Activity, keys: ReadonlySet<string>): Letter[] {
  const own = new Set(cells.filter(({ role }) => keys.has(role)).flatMap(({ letters }) => letters));
  return (['R', 'A', 'C', 'I'] as const).filter((letter) => own.has(letter));
}
