/** What needs a person because of their roles: calls of a rota, tasks, roles nobody holds, a bench that is too thin. */
import type { Ctx } from '#kernel';
import { benchAlarms } from '#people';
import type { Need } from './model.ts';
import { urgencyOf } from './model.ts';

const nothing = { since: null, due: null, exercise: false, pageId: null };
interface Incident {
  id: string;
  key: string;
  exercise: boolean;
}
const ids = (incidents: readonly Incident[]) => ['', ...incidents.map((incident) => incident.id)];

/** Tasks I have taken, and those of a role I hold that nobody has taken. */
export async function tasks(ctx: Ctx, me: string, incidents: readonly Incident[]): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('incidents.tasks as t')
    .leftJoin('incidents.roleAssignments as r', (join) =>
      join
        .onRef('r.incidentId', '=', 't.incidentId')
        .onRef('r.role', '=', 't.role')
        .on('r.userId', '=', me)
        .on('r.toAt', 'is', null),
    )
    .select(['t.id', 't.incidentId', 't.text', 't.personId', 't.dueAt', 't.createdAt'])
    .where('t.state', '=', 'open')
    .where('t.incidentId', 'in', ids(incidents))
    .where((eb) =>
      eb.or([eb('t.personId', '=', me), eb.and([eb('t.personId', 'is', null), eb('r.id', 'is not', null)])]),
    )
    .execute();
  return rows.flatMap((row): Need[] => {
    const incident = incidents.find((one) => one.id === row.incidentId);
    if (!incident) return [];
    return [
      {
        ...nothing,
        id: `task:${row.id}`,
        kind: 'task',
        title: `${incident.key}: ${row.text}`,
        reason: row.personId ? 'You have taken this task' : 'It is for your role, and nobody has taken it',
        step: row.personId ? 'Open' : 'Take',
        to: `/incidents/${incident.key}`,
        since: row.createdAt.toISOString(),
        due: row.dueAt?.toISOString() ?? null,
        urgency: row.dueAt ? urgencyOf(row.dueAt, ctx.now) : 'soon',
        exercise: incident.exercise,
      },
    ];
  });
}

/** Roles nobody holds in incidents I lead (M33c). */
export async function unfilled(
  ctx: Ctx,
  me: string,
  incidents: readonly Incident[],
  led: ReadonlyMap<string, string>,
): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('incidents.unfilledRoles as u')
    .innerJoin('people.roles as r', 'r.key', 'u.role')
    .select(['u.incidentId', 'r.title', 'u.since'])
    .where('u.until', 'is', null)
    .where('u.incidentId', 'in', ids(incidents))
    .orderBy('r.position')
    .execute();
  return incidents.flatMap((incident): Need[] => {
    const own = rows.filter((row) => row.incidentId === incident.id);
    if (own.length === 0 || led.get(incident.id) !== me) return [];
    return [
      {
        ...nothing,
        id: `unfilled:${incident.id}`,
        kind: 'role',
        title: `${incident.key}: nobody is ${own.map(({ title }) => title.toLowerCase()).join(', ')}`,
        reason: 'You lead, and these roles are needed now',
        step: 'Give',
        to: `/incidents/${incident.key}#people`,
        since: own
          .map(({ since }) => since.toISOString())
          .toSorted()
          .at(0)!,
        urgency: 'soon',
        exercise: incident.exercise,
      },
    ];
  });
}

/** What the bench lacks: for those who plan it, and for whoever's own certificate has ended. */
export async function bench(ctx: Ctx, me: string, manages: boolean): Promise<Need[]> {
  const alarms = (await benchAlarms(ctx)).filter((alarm) => (alarm.kind === 'expired' ? alarm.userId === me : manages));
  return alarms.map((alarm) => ({
    ...nothing,
    id: `bench:${alarm.id}`,
    kind: 'bench',
    title: alarm.text,
    reason: alarm.kind === 'expired' ? 'It is your certificate' : 'You plan the rotas',
    step: 'Open',
    to: '/bench',
    since: alarm.raisedAt.toISOString(),
    urgency: 'later',
  }));
}
