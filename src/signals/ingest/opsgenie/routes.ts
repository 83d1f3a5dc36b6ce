/** What Opsgenie's clients read: alerts, counts, notes, and what became of a request. */
import { type AnyRoute, type Ctx, rawRoute } from '#kernel';
import type { Integration } from '../../integrations/store.ts';
import { notesOf } from '../../notes.ts';
import { postOf, send, welcome } from '../door.ts';
import type { Answer, Family, Post } from '../family.ts';
import { findAlert } from './address.ts';
import { opsgenieHeaders, refused } from './index.ts';
import { alertBody, listAlerts, requestStatus } from './queries.ts';

type Handle = (ctx: Ctx, integration: Integration, post: Post) => Promise<Answer>;

/** A GET with the family's key, answered in the vendor's envelope. */
export function reading(family: Family, path: string, handle: Handle, method: 'GET' | 'POST' | 'PATCH' | 'DELETE' = 'GET'): AnyRoute {
  return rawRoute({
    method,
    path,
    handle: async (request, reply, house) => {
      const ctx = await house.ctx(house.system('signals.opsgenie'), { requestId: request.id, ip: request.ip });
      const { post } = postOf(request, { path, purpose: 'alerts', mayBeEmpty: true });
      const sender = await welcome(ctx, family, post);
      return send(reply, 'status' in sender ? sender : await handle(ctx, sender.integration, post));
    },
  });
}

/** `{data, took, requestId}` with the vendor's headers. */
export const answer = (ctx: Ctx, data: unknown, more: Record<string, unknown> = {}, status = 200): Answer => ({
  status,
  headers: opsgenieHeaders(ctx.requestId),
  body: { ...(data === undefined ? {} : { data }), ...more, took: 0.01, requestId: ctx.requestId },
});

export const missing = (ctx: Ctx, what: string): Answer => refused(404, what, [], ctx.requestId);

export const opsgenieRoutes = (family: Family): AnyRoute[] => [
  reading(family, '/v2/alerts', async (ctx, integration, { query }) => {
    const { items, total } = await listAlerts(ctx, integration.id, query);
    const limit = items.limit;
    const next = items.offset + limit < total ? `${items.offset + limit}` : undefined;
    return answer(ctx, items.rows.map(alertBody), { paging: next ? { next: `/v2/alerts?offset=${next}&limit=${limit}` } : {} });
  }),
  reading(family, '/v2/alerts/count', async (ctx, integration, { query }) => {
    const { total } = await listAlerts(ctx, integration.id, query);
    return answer(ctx, { count: total });
  }),
  reading(family, '/v2/alerts/requests/:requestId', async (ctx, integration, { params }) => {
    const status = await requestStatus(ctx, integration.id, params.requestId ?? '');
    // The SDKs poll while this is 404.
    return status ? answer(ctx, status) : missing(ctx, 'Request not found. It might not be processed, yet.');
  }),
  reading(family, '/v2/alerts/:id', async (ctx, integration, { params, query }) => {
    const alert = await findAlert(ctx, integration.id, params.id ?? '', query.identifierType);
    return alert ? answer(ctx, alertBody(alert)) : missing(ctx, 'Alert does not exist.');
  }),
  reading(family, '/v2/alerts/:id/notes', async (ctx, integration, { params, query }) => {
    const alert = await findAlert(ctx, integration.id, params.id ?? '', query.identifierType);
    if (!alert) return missing(ctx, 'Alert does not exist.');
    const notes = await notesOf(ctx, alert.id);
    return answer(
      ctx,
      notes.map((note) => ({ note: note.text, owner: note.author, createdAt: note.at.toISOString(), offset: note.id })),
    );
  }),
];
