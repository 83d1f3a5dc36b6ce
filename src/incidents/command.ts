/** Everything a commander coordinates by, read at once: lanes, questions, open decisions, severity, span of control. */
import type { Ctx } from '#kernel';
import { personRefs } from '#security';
import { factsOf, type Input, inputsOf, judge } from './decisions/facts.ts';
import { itemsOf, lanesOf } from './lanes/store.ts';
import { staleFor } from './lanes/model.ts';
import { isActive } from './lifecycle/model.ts';
import { spansOf } from './roles/span.ts';
import { holdingsOf } from './roles/store.ts';
import { matrixProposal, openProposal, severityHistory } from './severity-log.ts';
import { affectedOf, readIncident } from './store.ts';
import type { IncidentRow } from './tables.ts';
import type { LaneRow, PointRow, QuestionRow } from './tables-command.ts';

type Person = { id: string; name: string } | null;
type Namer = (id: string | null) => Person;

export const questionsOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<QuestionRow[]> =>
  ctx.db
    .selectFrom('incidents.questions')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('askedAt')
    .orderBy('id')
    .execute();

export const pointsOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<PointRow[]> =>
  ctx.db
    .selectFrom('incidents.decisionPoints')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('openedAt')
    .orderBy('id')
    .execute();

/** Throws 404. */
export async function commandOf(ctx: Ctx, idOrKey: string) {
  const incident = await readIncident(ctx, idOrKey);
  const { id } = incident;
  const [lanes, items, questions, points, history, matrix, proposal, spans] = await Promise.all([
    lanesOf(ctx, id),
    itemsOf(ctx, id),
    questionsOf(ctx, id),
    pointsOf(ctx, id),
    severityHistory(ctx, id),
    matrixProposal(ctx, id),
    openProposal(ctx, incident),
    spansFor(ctx, incident),
  ]);
  const facts = points.some(({ state }) => state === 'open') ? await factsOf(ctx, incident) : {};
  const inputs = new Map<string, Input[]>();
  for (const point of points)
    if (point.state === 'open') inputs.set(point.id, await inputsOf(ctx, incident, point.options, facts));
  const names = await personRefs(ctx, [
    ...lanes.flatMap(({ ownerId, signedBy }) => [ownerId, signedBy]),
    ...questions.map(({ ownerId }) => ownerId),
    ...points.map(({ ownerId }) => ownerId),
    ...spans.flatMap(({ leadId, reports }) => [leadId, ...reports]),
  ]);
  const person: Namer = (one) => (one === null ? null : (names.get(one) ?? { id: one, name: one }));
  const active = isActive(incident.phase);
  return {
    lanes: lanes.map((lane) => ({ ...toldLane(lane, active, ctx.now, person), items: itemsFor(lane) })),
    questions: questions.map((question) => toldQuestion(question, ctx.now, person)),
    points: points.map((point) => ({
      ...toldPoint(point, ctx.now, person),
      inputs: inputs.get(point.id) ?? [],
      options:
        point.state === 'open'
          ? judge(point.options, facts)
          : point.options.map((option) => ({ ...option, applies: null, why: null })),
    })),
    facts,
    severity: {
      current: incident.severity,
      matrix,
      proposal,
      history: history.map(({ incidentId: _, exercise: __, byKind: ___, byId, byName, ...row }) => ({
        id: row.id,
        at: row.at,
        from: row.fromSeverity,
        to: row.toSeverity,
        proposed: row.proposed,
        because: row.because,
        overrides: row.overrides,
        reason: row.reason,
        by: { id: byId, name: byName },
      })),
    },
    spans: spans.map(({ leadId, role, reports, proposal: teams }) => ({
      lead: person(leadId)!,
      role,
      reports: reports.length,
      proposal: teams.map(({ lead, members, on }) => ({
        lead: person(lead)!,
        members: members.map((one) => person(one)!),
        on,
      })),
    })),
  };

  function itemsFor({ lane }: LaneRow) {
    return items
      .filter((item) => item.lane === lane)
      .map(({ id: itemId, text, state, note, settledByName, settledAt }) => ({
        id: itemId,
        text,
        state,
        note,
        by: settledByName,
        at: settledAt,
      }));
  }
}

const toldLane = (row: LaneRow, active: boolean, now: Date, person: Namer) => ({
  lane: row.lane,
  title: row.title,
  role: row.role,
  owner: person(row.ownerId),
  state: row.state,
  conditions: row.conditions,
  actions: row.actions,
  needs: row.needs,
  reportedAt: row.reportedAt,
  reportedBy: row.reportedBy,
  staleMinutes: staleFor(row, active, now),
  holdsClose: row.holdsClose,
  openedAt: row.openedAt,
  signedBy: person(row.signedBy),
  signedAt: row.signedAt,
});

export const toldQuestion = (row: QuestionRow, now: Date, person: Namer) => ({
  id: row.id,
  text: row.text,
  askedBy: { id: row.askedBy, name: row.askedByName },
  askedAt: row.askedAt,
  owner: person(row.ownerId),
  ownerRole: row.ownerRole,
  dueAt: row.dueAt,
  overdue: row.state === 'open' && row.dueAt !== null && row.dueAt <= now,
  state: row.state,
  answer: row.answer,
  plain: row.plain,
  settledBy: row.settledByName,
  settledAt: row.settledAt,
});

const toldPoint = (row: PointRow, now: Date, person: Namer) => ({
  id: row.id,
  question: row.question,
  owner: person(row.ownerId),
  dueAt: row.dueAt,
  overdue: row.state === 'open' && row.dueAt !== null && row.dueAt <= now,
  state: row.state,
  openedBy: { id: row.openedBy, name: row.openedByName },
  openedAt: row.openedAt,
  decisionId: row.decisionId,
});

/** Who leads how many: role holders, and whoever has an open task, by the service most of the work is about. */
export async function spansFor(ctx: Pick<Ctx, 'db'>, incident: IncidentRow) {
  const [holdings, tasks, affected] = await Promise.all([
    holdingsOf(ctx, incident.id),
    ctx.db
      .selectFrom('incidents.tasks')
      .select(['personId', 'role', 'createdAt'])
      .where('incidentId', '=', incident.id)
      .where('state', '=', 'open')
      .where('personId', 'is not', null)
      .execute(),
    affectedOf(ctx, incident.id),
  ]);
  const on = affected[0]?.name ?? 'the work';
  return spansOf(
    holdings,
    tasks.map(({ personId, role, createdAt }) => ({ userId: personId!, from: createdAt, on: role ?? on })),
  );
}
