/** HTTP ↔ what surrounds messages: follow-up, variants, recurrence, clearances, measures, segments, readers' answers. */
import { endpoints as at } from '#contract/comms';
import { incidentById } from '#incidents';
import { type Ctx, config, type RawRequest, rawRoute, route } from '#kernel';
import { clear } from '../commands/clear.ts';
import { confirmRecurrence } from '../commands/confirmRecurrence.ts';
import { giveFeedback } from '../commands/giveFeedback.ts';
import { reportBounce } from '../commands/reportBounce.ts';
import { retract } from '../commands/retract.ts';
import { setSegments } from '../commands/setSegments.ts';
import { waiveDraft } from '../commands/waiveDraft.ts';
import { listComponents } from '../components/store.ts';
import { followUpOf, measuresOf } from './follow-up.ts';
import { lockMessage } from './store.ts';
import { AUDIENCES, MOST, variantOf } from './variants.ts';
import { BASE, publicFields, readPage } from '../statuspage/read.ts';
import { briefOf } from '../subscribers/brief.ts';

/** Each audience's words of a message as it stands, published or not. */
async function variantsOf(ctx: Ctx, messageId: string) {
  const { message, revision } = await lockMessage({ ...ctx, audit: {} }, messageId);
  const incident = await incidentById(ctx, message.incidentId);
  const visible = new Map((await listComponents(ctx)).filter((row) => row.visible).map((row) => [row.id, row]));
  const shown = await ctx.db
    .selectFrom('comms.incidentPages')
    .select('publicId')
    .where('incidentId', '=', incident.id)
    .executeTakeFirst();
  const newer = await ctx.db
    .selectFrom('comms.revisions')
    .select('id')
    .where('incidentId', '=', incident.id)
    .where('publishedAt', '>', revision.publishedAt ?? ctx.now)
    .limit(1)
    .executeTakeFirst();
  const update = {
    id: revision.id,
    kind: message.kind,
    status: revision.publicStatus,
    fields: publicFields(revision.fields, visible),
    publishedAt: revision.publishedAt ?? ctx.now,
    editedAt: null,
    automatic: revision.holding,
    correctionReason: revision.correctionReason,
    variants: revision.fields.variants,
    earlier: [],
  };
  const frame = {
    page: await readPage(ctx),
    link: `${config.publicUrl}${BASE}${shown ? `/incidents/${shown.publicId}` : ''}`,
  };
  const brief = await briefOf(ctx, incident, revision);
  return AUDIENCES.map((audience) => {
    const text = audience === 'executive' ? brief : variantOf(audience, update, frame);
    return {
      audience,
      text,
      length: [...text].length,
      most: MOST[audience] ?? null,
      factsHash: revision.factsHash,
      expired: revision.publishedAt !== null && newer !== undefined,
    };
  });
}

const READER = { kind: 'link' as const, id: 'anonymous', name: 'Somebody on the status page', roles: [] };

/** Form or JSON: `incident`, `helped` (`yes` or `no`), `words`. */
function answerOf(request: RawRequest): { incident: string; helped: boolean | null; words: string } {
  const text = request.rawBody.toString('utf8');
  let read: Record<string, unknown> = {};
  if (/json/.test(String(request.headers['content-type'] ?? ''))) {
    try {
      read = (JSON.parse(text) ?? {}) as Record<string, unknown>;
    } catch {
      read = {};
    }
  } else read = Object.fromEntries(new URLSearchParams(text));
  const helped =
    read.helped === 'yes' || read.helped === true ? true : read.helped === 'no' || read.helped === false ? false : null;
  return { incident: String(read.incident ?? '').slice(0, 60), helped, words: String(read.words ?? '').slice(0, 2000) };
}

export const messageRoutes = [
  route(at.readFollowUp, async ({ ctx, params }) => followUpOf(ctx, await incidentById(ctx, params.id))),
  route(at.readVariants, async ({ ctx, params }) => ({ items: await variantsOf(ctx, params.id) })),
  route(at.confirmRecurrence, async ({ ctx, params, body }) =>
    confirmRecurrence(ctx, { incidentId: params.id, ...body }),
  ),
  route(at.clear, async ({ ctx, params, body }) => clear(ctx, { id: params.id, ...body })),
  route(at.retract, async ({ ctx, params, body }) => retract(ctx, { id: params.id, ...body })),
  route(at.waiveDraft, async ({ ctx, params, body }) => waiveDraft(ctx, { id: params.id, ...body })),
  route(at.readMeasures, async ({ ctx }) => measuresOf(ctx)),
  route(at.setSegments, async ({ ctx, params, body }) => setSegments(ctx, { id: params.id, ...body })),
  route(at.reportBounce, async ({ ctx, body }) => reportBounce(ctx, body)),
  rawRoute({
    method: 'POST',
    path: `${BASE}/feedback`,
    bodyLimit: 8192,
    types: ['application/x-www-form-urlencoded', 'application/json'],
    handle: async (request, reply, house) => {
      const { incident, helped, words } = answerOf(request);
      const ctx = await house.ctx(READER, { requestId: request.id, ip: request.ip });
      if (helped !== null) await giveFeedback(ctx, { publicId: incident, helped, words, ip: request.ip });
      // The same answer whatever became of it.
      const back = /^[a-z0-9]{1,40}$/.test(incident) ? `${BASE}/incidents/${incident}` : BASE;
      return reply.code(303).header('location', back).header('cache-control', 'no-store').send();
    },
  }),
];
