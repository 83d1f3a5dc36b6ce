/** HTTP ↔ incidents' commands and queries. */
import { z } from 'zod';
import { endpoints as at, incidentExport } from '#contract/incidents';
import { type Ctx, notFound, Problem, rawRoute, route } from '#kernel';
import { roleByKey } from '#people';
import { personRefs } from '#security';
import { acceptHandover } from './commands/acceptHandover.ts';
import { addHypothesis } from './commands/addHypothesis.ts';
import { addTask } from './commands/addTask.ts';
import { assignRole } from './commands/assignRole.ts';
import { changeSeverity } from './commands/changeSeverity.ts';
import { close } from './commands/close.ts';
import { completeRecovery } from './commands/completeRecovery.ts';
import { correctEntry } from './commands/correctEntry.ts';
import { decideApproval } from './commands/decideApproval.ts';
import { declare } from './commands/declare.ts';
import { declareContained } from './commands/declareContained.ts';
import { dismiss } from './commands/dismiss.ts';
import { edit } from './commands/edit.ts';
import { endHandover } from './commands/endHandover.ts';
import { eradicate } from './commands/eradicate.ts';
import { linkGroup } from './commands/linkGroup.ts';
import { merge } from './commands/merge.ts';
import { moveBack } from './commands/moveBack.ts';
import { offerHandover } from './commands/offerHandover.ts';
import { postEntry } from './commands/postEntry.ts';
import { recordDecision } from './commands/recordDecision.ts';
import { recordImpact } from './commands/recordImpact.ts';
import { relapse } from './commands/relapse.ts';
import { restore } from './commands/restore.ts';
import { setHypothesis } from './commands/setHypothesis.ts';
import { setRaci } from './commands/setRaci.ts';
import { setService } from './commands/setService.ts';
import { setTask } from './commands/setTask.ts';
import { startContainment } from './commands/startContainment.ts';
import { waiveGate } from './commands/waiveGate.ts';
import { approvalById, pendingApprovals } from './decisions/queries.ts';
import { detailOf } from './detail.ts';
import { exportOf } from './export.ts';
import { nextOf } from './next.ts';
import { proposal } from './proposal.ts';
import { originOf } from './origin.ts';
import { suspectsOf } from './suspects.ts';
import { listIncidents } from './queries.ts';
import { entryOf, type TimelinePage, type ToldEntry, timelineOf, verifyTimeline } from './record/queries.ts';
import { currentMatrix } from './roles/matrix.ts';
import { dutiesOf } from './roles/mine.ts';
import { commandRoutes } from './routes/command.ts';
import { fileRoutes } from './routes/files.ts';
import { situationOf } from './situation.ts';
import { recordRoutes } from './record/routes.ts';
import type { HandoverRow, TaskRow, TimelineRow } from './tables.ts';
import { wire } from './wire.ts';

/** `If-Match: "7"` → 7; absent or `*` → any version. Something else cannot match. */
function ifVersion(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header)?.[1];
  if (version === undefined)
    throw new Problem(412, 'If-Match names no version of this incident', { rule: 'incidents.version' });
  return Number(version);
}

const date = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

const entry = (row: ToldEntry) =>
  wire({
    seq: row.seq,
    occurredAt: row.occurredAt,
    recordedAt: row.recordedAt,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    kind: row.kind,
    text: row.text,
    refs: row.refs,
    classification: row.classification,
    corrects: row.corrects,
    correctedBy: row.correctedBy,
    prevHash: row.prevHash,
    hash: row.hash,
  });

const fresh = async (ctx: Ctx, row: TimelineRow) => entry(await entryOf(ctx, row.incidentId, row.seq));
const page = ({ items, ...rest }: TimelinePage) => ({ items: items.map(entry), ...rest });

async function handover(ctx: Ctx, row: HandoverRow) {
  const names = await personRefs(ctx, [row.fromUserId, row.toUserId]);
  const person = (id: string) => names.get(id) ?? { id, name: id };
  const { id, role, brief, state, offeredAt, settledAt } = row;
  const { title } = await roleByKey(ctx, role);
  return wire({
    id,
    role,
    title,
    from: person(row.fromUserId),
    to: person(row.toUserId),
    brief,
    state,
    offeredAt,
    settledAt,
  });
}

async function task(ctx: Ctx, row: TaskRow) {
  const person = row.personId ? ((await personRefs(ctx, [row.personId])).get(row.personId) ?? null) : null;
  const { id, text, role, dueAt, state, createdAt } = row;
  return wire({ id, text, role, person, dueAt, state, createdAt });
}

const reads = [
  route(at.list, async ({ ctx, query }) => wire(await listIncidents(ctx, query))),
  route(at.get, async ({ ctx, params, reply }) => {
    const incident = await detailOf(ctx, params.id);
    reply.header('etag', `"${incident.version}"`);
    return wire(incident);
  }),
  route(at.origin, async ({ ctx, params }) => originOf(ctx, params.id)),
  route(at.suspects, async ({ ctx, params }) => suspectsOf(ctx, params.id)),
  route(at.propose, async ({ ctx, query }) => proposal(ctx, query)),
  route(at.next, async ({ ctx, params }) => nextOf(ctx, params.id)),
  route(at.situation, async ({ ctx, params }) => {
    const { recent, ...report } = await situationOf(ctx, params.id);
    return { ...wire(report), recent: recent.map(entry) };
  }),
  route(at.duties, async ({ ctx, params }) => wire(await dutiesOf(ctx, params.id))),
  route(at.raci, async ({ ctx }) => wire(await currentMatrix(ctx))),
  route(at.export, async ({ ctx, params, reply }) => {
    const file = await exportOf(ctx, params.id);
    reply.header('content-disposition', `attachment; filename="${file.incident.key}.json"`);
    return wire(file);
  }),
  route(at.timeline, async ({ ctx, params, query }) => page(await timelineOf(ctx, params.id, query))),
  route(at.verifyTimeline, async ({ ctx, params }) => verifyTimeline(ctx, params.id)),
  route(at.approvals, async ({ ctx, query }) => wire({ items: await pendingApprovals(ctx, query) })),
];

const record = [
  route(at.declare, async ({ ctx, body }) => declare(ctx, { ...body, impactStartedAt: date(body.impactStartedAt) })),
  route(at.edit, async ({ ctx, params, body, request, reply }) => {
    const edited = await edit(ctx, {
      ...body,
      incidentId: params.id,
      impactStartedAt: date(body.impactStartedAt),
      impactEndedAt: body.impactEndedAt === null ? null : date(body.impactEndedAt),
      ifVersion: ifVersion(request.headers['if-match']),
    });
    reply.header('etag', `"${edited.version}"`);
    return edited;
  }),
  route(at.postEntry, async ({ ctx, params, body }) =>
    fresh(ctx, await postEntry(ctx, { ...body, incidentId: params.id, occurredAt: date(body.occurredAt) })),
  ),
  route(at.correctEntry, async ({ ctx, params, body }) =>
    fresh(
      ctx,
      await correctEntry(ctx, { ...body, incidentId: params.id, seq: params.seq, occurredAt: date(body.occurredAt) }),
    ),
  ),
  route(at.setService, async ({ ctx, params, body }) =>
    wire(await setService(ctx, { ...body, incidentId: params.id })),
  ),
  route(at.linkGroup, async ({ ctx, params, body }) => wire(await linkGroup(ctx, { ...body, incidentId: params.id }))),
  route(at.changeSeverity, async ({ ctx, params, body }) => changeSeverity(ctx, { ...body, incidentId: params.id })),
  route(at.recordImpact, async ({ ctx, params, body }) => {
    const {
      recordedBy,
      id: _,
      incidentId: __,
      exercise: ___,
      ...sample
    } = await recordImpact(ctx, { ...body, incidentId: params.id, at: date(body.at) });
    return wire({ ...sample, by: recordedBy });
  }),
];

const life = [
  route(at.startContainment, async ({ ctx, params, body }) =>
    startContainment(ctx, { ...body, incidentId: params.id }),
  ),
  route(at.declareContained, async ({ ctx, params, body }) =>
    declareContained(ctx, { ...body, incidentId: params.id }),
  ),
  route(at.eradicate, async ({ ctx, params, body }) => eradicate(ctx, { ...body, incidentId: params.id })),
  route(at.completeRecovery, async ({ ctx, params, body }) =>
    completeRecovery(ctx, { ...body, incidentId: params.id }),
  ),
  route(at.restore, async ({ ctx, params, body }) =>
    restore(ctx, { ...body, incidentId: params.id, impactEndedAt: date(body.impactEndedAt) }),
  ),
  route(at.close, async ({ ctx, params, body }) => close(ctx, { ...body, incidentId: params.id })),
  route(at.moveBack, async ({ ctx, params, body }) => moveBack(ctx, { ...body, incidentId: params.id })),
  route(at.relapse, async ({ ctx, params, body }) => relapse(ctx, { ...body, incidentId: params.id })),
  route(at.dismiss, async ({ ctx, params, body }) => dismiss(ctx, { reason: body.reason, incidentId: params.id })),
  route(at.merge, async ({ ctx, params, body }) => merge(ctx, { ...body, incidentId: params.id })),
  route(at.waiveGate, async ({ ctx, params, body }) =>
    wire(await waiveGate(ctx, { incidentId: params.id, kind: params.kind, reason: body.reason })),
  ),
];

const people = [
  route(at.assignRole, async ({ ctx, params, body }) => assignRole(ctx, { ...body, incidentId: params.id })),
  route(at.offerHandover, async ({ ctx, params, body }) =>
    handover(ctx, await offerHandover(ctx, { ...body, incidentId: params.id })),
  ),
  route(at.acceptHandover, async ({ ctx, params, body }) =>
    handover(ctx, await acceptHandover(ctx, { ...body, handoverId: params.handoverId })),
  ),
  route(at.endHandover, async ({ ctx, params, body }) =>
    handover(ctx, await endHandover(ctx, { ...body, handoverId: params.handoverId })),
  ),
  route(at.setRaci, async ({ ctx, body }) => {
    await setRaci(ctx, body);
    return wire(await currentMatrix(ctx));
  }),
  route(at.addTask, async ({ ctx, params, body }) =>
    task(ctx, await addTask(ctx, { ...body, incidentId: params.id, dueAt: date(body.dueAt) })),
  ),
  route(at.setTask, async ({ ctx, params, body }) => task(ctx, await setTask(ctx, { ...body, taskId: params.taskId }))),
];

const decisions = [
  route(at.addHypothesis, async ({ ctx, params, body }) =>
    wire(await addHypothesis(ctx, { ...body, incidentId: params.id })),
  ),
  route(at.setHypothesis, async ({ ctx, params, body }) =>
    wire(await setHypothesis(ctx, { ...body, hypothesisId: params.hypothesisId })),
  ),
  route(at.recordDecision, async ({ ctx, params, body }) => {
    const row = await recordDecision(ctx, { ...body, incidentId: params.id, occurredAt: date(body.occurredAt) });
    const { incidentId: _, deciderId, deciderName, approvalId, pointId: ___, exercise: __, ...told } = row;
    const approval = approvalId ? { id: approvalId, state: 'pending', approvers: [] } : null;
    return wire({ ...told, decider: { id: deciderId, name: deciderName }, approval });
  }),
  route(at.decideApproval, async ({ ctx, params, body }) => {
    await decideApproval(ctx, { ...body, approvalId: params.approvalId });
    const told = await approvalById(ctx, params.approvalId);
    if (!told) throw notFound('Approval', params.approvalId);
    return wire(told);
  }),
];

/** The shape of the export for other people's validators; public, it says nothing about any incident. */
const schema = rawRoute({
  method: 'GET',
  path: '/api/v1/schemas/incident-export',
  handle: async (_request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(z.toJSONSchema(incidentExport))),
});

export const routes = [
  schema,
  ...reads,
  ...recordRoutes,
  ...record,
  ...life,
  ...people,
  ...decisions,
  ...commandRoutes,
  ...fileRoutes,
];
