/** HTTP ↔ what a commander coordinates by: lanes, questions, open decisions, presence and looks. */
import { commandEndpoints as at } from '#contract/incidents-command';
import { type Ctx, emit, route } from '#kernel';
import { personRefs } from '#security';
import { commandOf, toldQuestion } from '../command.ts';
import { askQuestion } from '../commands/askQuestion.ts';
import { attachFile } from '../commands/attachFile.ts';
import { openDecision } from '../commands/openDecision.ts';
import { setLane } from '../commands/setLane.ts';
import { setLaneItem } from '../commands/setLaneItem.ts';
import { setQuestion } from '../commands/setQuestion.ts';
import { withdrawDecision } from '../commands/withdrawDecision.ts';
import { roomEntered } from '../events.ts';
import { selfOf } from '../roles/authority.ts';
import { attachmentsOf, hereIn, keepLook, leave, newsFor, touch } from '../room/store.ts';
import { readIncident } from '../store.ts';
import type { QuestionRow } from '../tables-command.ts';
import { wire } from '../wire.ts';

const date = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

async function question(ctx: Ctx, row: QuestionRow) {
  const names = await personRefs(ctx, [row.ownerId]);
  return wire(toldQuestion(row, ctx.now, (id) => (id === null ? null : (names.get(id) ?? { id, name: id }))));
}

const view = async (ctx: Ctx, incidentId: string) => wire(await commandOf(ctx, incidentId));

export const commandRoutes = [
  route(at.command, async ({ ctx, params }) => view(ctx, params.id)),
  route(at.setLane, async ({ ctx, params, body }) => {
    const row = await setLane(ctx, { ...body, incidentId: params.id, lane: params.lane });
    return view(ctx, row.incidentId);
  }),
  route(at.setLaneItem, async ({ ctx, params, body }) => {
    const row = await setLaneItem(ctx, { ...body, incidentId: params.id, lane: params.lane });
    return view(ctx, row.incidentId);
  }),
  route(at.askQuestion, async ({ ctx, params, body }) =>
    question(ctx, await askQuestion(ctx, { ...body, incidentId: params.id, dueAt: date(body.dueAt) })),
  ),
  route(at.setQuestion, async ({ ctx, params, body }) =>
    question(ctx, await setQuestion(ctx, { ...body, questionId: params.questionId, dueAt: date(body.dueAt) })),
  ),
  route(at.openDecision, async ({ ctx, params, body }) => {
    const row = await openDecision(ctx, { ...body, incidentId: params.id, dueAt: date(body.dueAt) });
    return view(ctx, row.incidentId);
  }),
  route(at.withdrawDecision, async ({ ctx, params, body }) => {
    const row = await withdrawDecision(ctx, { pointId: params.pointId, reason: body.reason });
    return view(ctx, row.incidentId);
  }),
  route(at.presence, async ({ ctx, params, body }) => {
    const incident = await readIncident(ctx, params.id);
    const self = selfOf(ctx.actor);
    if (!body.here) await leave(ctx, incident.id, self);
    else if (await touch(ctx, incident.id, self)) await announceEntry(ctx, incident, self);
    return wire({ people: await hereIn(ctx, incident.id) });
  }),
  route(at.news, async ({ ctx, params }) => wire(await newsFor(ctx, params.id, selfOf(ctx.actor)))),
  route(at.look, async ({ ctx, params, body }) => {
    if (ctx.actor.kind === 'user') await keepLook(ctx, params.id, ctx.actor.id, body.seq);
    return { seq: body.seq };
  }),
  route(at.attachments, async ({ ctx, params }) => {
    const incident = await readIncident(ctx, params.id);
    return wire({ items: (await attachmentsOf(ctx, incident.id)).map(toldFile) });
  }),
  route(at.attachFile, async ({ ctx, params, body }) => {
    const bytes = Buffer.from(body.text.toWellFormed(), 'utf8');
    return wire(toldFile(await attachFile(ctx, { incidentId: params.id, name: body.name, note: body.note, bytes })));
  }),
];

/** A file as told: without its bytes. */
export const toldFile = ({
  id,
  name,
  mediaType,
  size,
  sha256,
  uploadedBy,
  uploadedByName,
  uploadedAt,
}: Awaited<ReturnType<typeof attachmentsOf>>[number]) => ({
  id,
  name,
  mediaType,
  size,
  sha256,
  uploadedBy: { id: uploadedBy, name: uploadedByName },
  uploadedAt,
});

/** The other browsers in the room hear of it at once. */
async function announceEntry(ctx: Ctx, incident: Awaited<ReturnType<typeof readIncident>>, userId: string) {
  await ctx.db.transaction().execute(async (db) => {
    const payload = { incidentId: incident.id, key: incident.key, userId };
    await emit({ ...ctx, db, exercise: incident.exercise }, roomEntered, payload, {
      subject: incident.id,
      incident: incident.id,
    });
  });
}
