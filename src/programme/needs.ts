/** What needs one person now, gathered from every module below: pages, incidents, updates, approvals, reviews, improvements. */
import { type Detail, nextOf, pendingApprovals } from '#incidents';
import type { Ctx } from '#kernel';
import { openPages } from '#people';
import { bench, tasks, unfilled } from './roles.ts';
import { suppliers } from './suppliers.ts';
import { inOrder, type Need, urgencyOf } from './model.ts';

type Me = string;
const iso = (at: Date | null) => at?.toISOString() ?? null;
const nothing = { since: null, due: null, exercise: false, pageId: null };

/** Pages that called me and that nobody has taken. */
async function pages(ctx: Ctx, me: Me): Promise<Need[]> {
  return (await openPages(ctx, { userId: me })).map((page) => ({
    ...nothing,
    id: `page:${page.id}`,
    kind: 'page',
    title: page.title,
    reason: page.state === 'unanswered' ? 'Nobody has answered this page' : `You are called by ${page.policyName}`,
    step: 'Acknowledge',
    to: page.subject.kind === 'alert_group' ? `/alerts/${page.subject.id}` : `/incidents/${page.subject.id}`,
    since: page.createdAt,
    urgency: page.urgency === 'high' ? 'now' : 'soon',
    exercise: page.exercise,
    pageId: page.id,
  }));
}

/** Incidents still to be brought to their end; a drill's too. */
const openIncidents = (ctx: Ctx) =>
  ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where('phase', 'in', ['detection', 'containment', 'eradication', 'recovery', 'verification', 'restored'])
    .orderBy('declaredAt')
    .execute();
type OpenIncident = Awaited<ReturnType<typeof openIncidents>>[number];

async function leads(ctx: Ctx, incidents: readonly OpenIncident[]): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select(['incidentId', 'userId'])
    .where('role', '=', 'incident_commander')
    .where('toAt', 'is', null)
    .where('incidentId', 'in', ['', ...incidents.map((incident) => incident.id)])
    .execute();
  return new Map(rows.map((row) => [row.incidentId, row.userId]));
}

const urgencies: Record<Detail['next']['urgency'], Need['urgency']> = { now: 'now', soon: 'soon', calm: 'later' };

/** The one next step of each incident I lead, and of those whose next step is mine although I do not lead. */
async function steps(ctx: Ctx, me: Me, incidents: readonly OpenIncident[], led: Map<string, string>): Promise<Need[]> {
  const needs: Need[] = [];
  for (const incident of incidents) {
    const next = await nextOf(ctx, incident.id);
    const mine = next.for ? next.for.id === me : led.get(incident.id) === me;
    if (!mine) continue;
    const handover = next.action?.kind === 'accept_handover';
    needs.push({
      ...nothing,
      id: `incident:${incident.id}`,
      kind: handover ? 'handover' : 'incident',
      title: `${incident.key}: ${next.title}`,
      reason: next.reason,
      step: handover ? 'Look' : 'Open',
      to: `/incidents/${incident.key}`,
      since: iso(incident.declaredAt),
      urgency: urgencies[next.urgency],
      exercise: incident.exercise,
    });
  }
  return needs;
}

/** Updates that are due from me: I speak for the incident, or I lead it and nobody speaks. */
async function updates(
  ctx: Ctx,
  me: Me,
  incidents: readonly OpenIncident[],
  led: Map<string, string>,
): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('comms.clocks as c')
    .leftJoin('incidents.roleAssignments as r', (join) =>
      join.onRef('r.incidentId', '=', 'c.incidentId').on('r.role', '=', 'communications_lead').on('r.toAt', 'is', null),
    )
    .select(['c.incidentId', 'c.dueAt', 'r.userId'])
    .where('c.state', '=', 'running')
    .where('c.incidentId', 'in', ['', ...incidents.map((incident) => incident.id)])
    .execute();
  return rows.flatMap((row): Need[] => {
    const incident = incidents.find((one) => one.id === row.incidentId);
    if (!incident || (row.userId ?? led.get(incident.id)) !== me) return [];
    const late = row.dueAt !== null && row.dueAt <= ctx.now;
    return [
      {
        ...nothing,
        id: `update:${incident.id}`,
        kind: 'update',
        title: `${incident.key}: ${late ? 'customers wait for a word' : 'the next update'}`,
        reason: row.userId ? 'You speak for this incident' : 'You lead, and nobody speaks for this incident yet',
        step: 'Write',
        to: `/incidents/${incident.key}/update`,
        due: iso(row.dueAt),
        urgency: urgencyOf(row.dueAt, ctx.now),
        exercise: incident.exercise,
      },
    ];
  });
}

/** Yes or no that only somebody with the authority can say, and I have it. */
async function approvals(ctx: Ctx): Promise<Need[]> {
  const waiting = await pendingApprovals(ctx, {});
  return waiting
    .filter((approval) => approval.yours)
    .map((approval) => ({
      ...nothing,
      id: `approval:${approval.id}`,
      kind: 'approval',
      title: `${approval.incidentKey}: ${approval.title}`,
      reason: `${approval.requester.name} asked and waits for your yes or no`,
      step: 'Decide',
      to: `/incidents/${approval.incidentKey}`,
      since: iso(approval.requestedAt),
      urgency: 'now',
    }));
}

/** Roles somebody wants to hand to me. */
async function handovers(ctx: Ctx, me: Me, incidents: readonly OpenIncident[]): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('incidents.handovers')
    .select(['id', 'incidentId', 'role', 'brief', 'offeredAt', 'exercise'])
    .where('toUserId', '=', me)
    .where('state', '=', 'offered')
    .execute();
  return rows.flatMap((row): Need[] => {
    const incident = incidents.find((one) => one.id === row.incidentId);
    if (!incident) return [];
    return [
      {
        ...nothing,
        id: `handover:${row.id}`,
        kind: 'handover',
        title: `${incident.key}: take over as ${row.role.replaceAll('_', ' ')}`,
        reason: row.brief.slice(0, 200),
        step: 'Look',
        to: `/incidents/${incident.key}`,
        since: iso(row.offeredAt),
        urgency: 'now',
        exercise: row.exercise,
      },
    ];
  });
}

/** Exercises I lead: running, or over without lessons. */
async function exercises(ctx: Ctx, me: Me): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('drills.exercises')
    .selectAll()
    .where('facilitatorId', '=', me)
    .where('state', '<>', 'closed')
    .execute();
  return rows.map((row) => ({
    ...nothing,
    id: `exercise:${row.id}`,
    kind: 'exercise',
    title: `EX-${row.number}: ${row.title}`,
    reason: row.state === 'running' ? 'You lead this exercise' : 'It is over: what did it teach?',
    step: row.state === 'running' ? 'Open' : 'Note lessons',
    to: `/drills/${row.id}`,
    since: iso(row.endedAt ?? row.startedAt),
    urgency: row.state === 'running' ? 'now' : 'soon',
    exercise: true,
  }));
}

/** Reviews I own, and for those who may name one, reviews nobody owns. */
async function reviews(ctx: Ctx, me: Me, manages: boolean): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('learning.reviews as r')
    .innerJoin('incidents.incidents as i', 'i.id', 'r.incidentId')
    .select(['r.id', 'r.dueAt', 'r.ownerId', 'r.openedAt', 'r.exercise', 'i.key', 'i.title'])
    .where('r.state', 'in', ['draft', 'scheduled', 'in_review'])
    .where((eb) =>
      manages ? eb.or([eb('r.ownerId', '=', me), eb('r.ownerId', 'is', null)]) : eb('r.ownerId', '=', me),
    )
    .execute();
  return rows.map((row) => ({
    ...nothing,
    id: `review:${row.id}`,
    kind: 'review',
    title: `Review of ${row.key}: ${row.title}`,
    reason: row.ownerId ? 'You own it' : 'It has no owner, and its incident can not be closed',
    step: row.ownerId ? 'Write' : 'Name an owner',
    to: `/reviews/${row.id}`,
    since: iso(row.openedAt),
    due: iso(row.dueAt),
    urgency: urgencyOf(row.dueAt, ctx.now),
    exercise: row.exercise,
  }));
}

const WEEK_MS = 7 * 86_400_000;

/** My improvements that are late or due within a week; the others stand on the board and need nobody now. */
async function actions(ctx: Ctx, me: Me): Promise<Need[]> {
  const rows = await ctx.db
    .selectFrom('learning.actions')
    .select(['id', 'number', 'title', 'dueAt', 'exercise', 'confirmedAt'])
    .where('ownerId', '=', me)
    .where('state', 'in', ['confirmed', 'in_progress'])
    .where('dueAt', '<=', new Date(ctx.now.getTime() + WEEK_MS))
    .execute();
  return rows.map((row) => ({
    ...nothing,
    id: `action:${row.id}`,
    kind: 'action',
    title: `A-${row.number}: ${row.title}`,
    reason: 'You promised it',
    step: 'Open',
    to: '/actions?mine=true',
    since: iso(row.confirmedAt),
    due: iso(row.dueAt),
    // Late is worth a look today; it is no reason to be woken.
    urgency: urgencyOf(row.dueAt, ctx.now) === 'later' ? 'later' : 'soon',
    exercise: row.exercise,
  }));
}

/** One thing is asked once: an offered hand-over also is its incident's next step, an approval may be too. */
function once(needs: readonly Need[]): Need[] {
  const offered = new Set(needs.filter((need) => need.id.startsWith('handover:')).map((need) => need.to));
  return needs.filter((need) => !(need.kind === 'handover' && need.id.startsWith('incident:') && offered.has(need.to)));
}

/** Everything that waits for this person, the most pressing first, each with its reason. */
export async function needsMeNow(ctx: Ctx, me: Me, options: { manages: boolean }): Promise<Need[]> {
  const incidents = await openIncidents(ctx);
  const led = await leads(ctx, incidents);
  const needs = [
    ...(await pages(ctx, me)),
    ...(await steps(ctx, me, incidents, led)),
    ...(await updates(ctx, me, incidents, led)),
    ...(await approvals(ctx)),
    ...(await handovers(ctx, me, incidents)),
    ...(await tasks(ctx, me, incidents)),
    ...(await unfilled(ctx, me, incidents, led)),
    ...(await exercises(ctx, me)),
    ...(await reviews(ctx, me, options.manages)),
    ...(await actions(ctx, me)),
    ...(await bench(ctx, me, options.manages)),
    ...(await suppliers(ctx, me, options.manages)),
  ];
  return inOrder(once(needs));
}
