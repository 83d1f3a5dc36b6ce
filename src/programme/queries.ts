/** Reads the home screen: what needs the person, who is on call, what is under way, how the house stands. */
import { addMs, type Ctx, personOf, readSetting, settingByKey, sql, zone } from '#kernel';
import { countActions } from '#learning';
import { onCallNow } from '#people';
import { hasRole, personRefs, userById } from '#security';
import { headline, type Installed, setupSteps, standing } from './model.ts';
import { needsMeNow } from './needs.ts';
import { skippedSteps } from './store.ts';

const ACTIVE = ['detection', 'containment', 'eradication', 'recovery', 'verification'] as const;

async function counts(ctx: Ctx) {
  const { rows } = await sql<Record<'services' | 'groups' | 'incidents' | 'reviews', number>>`select
    (select count(*) from catalog.services where kind in ('service', 'store'))::int as services,
    (select count(*) from signals.groups where state <> 'resolved' and not exercise and not test and held is null)::int as groups,
    (select count(*) from incidents.incidents where not exercise and phase in (${sql.join(ACTIVE)}))::int as incidents,
    (select count(*) from learning.reviews where not exercise and state in ('draft', 'scheduled', 'in_review'))::int
      as reviews`.execute(ctx.db);
  const found = rows[0]!;
  const actions = await countActions(ctx);
  return {
    services: found.services,
    openGroups: found.groups,
    activeIncidents: found.incidents,
    openReviews: found.reviews,
    openActions: actions.open,
    overdueActions: actions.overdue,
  };
}

/** Incidents under way, the worst first; drills last. */
async function activeIncidents(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('incidents.incidents as i')
    .leftJoin('incidents.roleAssignments as r', (join) =>
      join
        .onRef('r.incidentId', '=', 'i.id')
        .on('r.role', '=', 'incident_commander')
        .on('r.toAt', 'is', null)
        .on('r.acceptedAt', 'is not', null),
    )
    .select(['i.id', 'i.key', 'i.title', 'i.severity', 'i.phase', 'i.declaredAt', 'i.exercise', 'r.userId'])
    .where('i.phase', 'in', [...ACTIVE])
    .orderBy('i.exercise')
    .orderBy('i.severity')
    .orderBy('i.declaredAt')
    .limit(20)
    .execute();
  const names = await personRefs(
    ctx,
    rows.map((row) => row.userId),
  );
  return rows.map(({ userId, declaredAt, ...row }) => ({
    ...row,
    declaredAt: declaredAt.toISOString(),
    commander: names.get(userId ?? '') ?? null,
  }));
}

/** A little less than the fourteen days that people look ahead. */
const LOOK_AHEAD_MS = 13.9 * 86_400_000;

async function duties(ctx: Ctx, me: string) {
  const horizon = addMs(ctx.now, LOOK_AHEAD_MS).toISOString();
  const schedules = (await onCallNow(ctx)).map(({ schedule, now }) => ({
    schedule: schedule.name,
    zone: schedule.zone,
    person: now.person,
    // Shifts are looked ahead for two weeks: the end of that look is not the end of a duty.
    until: now.to < horizon ? now.to : null,
  }));
  return {
    mine: schedules.filter((shift) => shift.person?.id === me).map(({ person: _, ...shift }) => shift),
    others: schedules.filter((shift) => shift.person?.id !== me),
  };
}

/** What is there already, counted; the set-up derives what is left. */
async function installed(ctx: Ctx): Promise<Installed> {
  const { rows } = await sql<Record<'services' | 'oncall' | 'integrations' | 'components' | 'playbooks', number>>`select
    (select count(*) from catalog.services where kind in ('service', 'store'))::int as services,
    (select count(*) from people.layer_participants)::int as oncall,
    (select count(*) from signals.integrations where not internal)::int as integrations,
    (select count(*) from comms.components where archived_at is null)::int as components,
    (select count(*) from playbooks.playbooks where retired_at is null)::int as playbooks`.execute(ctx.db);
  const found = rows[0]!;
  const mail = settingByKey('channels.smtp');
  return {
    services: found.services,
    onCallPeople: found.oncall,
    integrations: found.integrations,
    components: found.components,
    playbooks: found.playbooks,
    mailConfigured: mail !== undefined && (await readSetting(ctx, mail)) !== null,
  };
}

/** The set-up as those see it who can do something about it; `null` for everybody else and when nothing is open. */
export async function setup(ctx: Ctx) {
  if (!hasRole(ctx.actor, 'manager')) return null;
  return setupSteps(await installed(ctx), await skippedSteps(ctx));
}

/** Everything the first screen shows. */
export async function home(ctx: Ctx) {
  const me = personOf(ctx.actor) ?? '';
  const user = await userById(ctx, me);
  const needs = await needsMeNow(ctx, me, { manages: hasRole(ctx.actor, 'manager') });
  const duty = await duties(ctx, me);
  const numbers = await counts(ctx);
  const steps = await setup(ctx);
  const until = duty.mine.flatMap((shift) => shift.until ?? []).sort()[0];
  return {
    now: ctx.now.toISOString(),
    headline: headline(needs.length, steps?.filter((step) => step.state === 'open').length ?? 0),
    standing: standing({
      services: numbers.services,
      openGroups: numbers.openGroups,
      activeIncidents: numbers.activeIncidents,
      onCall: duty.mine.length > 0,
      onCallUntil: until ? zone.sayInstant(user?.timeZone ?? 'UTC', new Date(until)) : null,
    }),
    needs,
    incidents: await activeIncidents(ctx),
    duty,
    numbers,
    setup: steps,
  };
}
