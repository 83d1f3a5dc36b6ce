/** What Opsgenie's clients read: alerts, counts, notes, and what became of a request. */
import type { AnyRoute } from '#kernel';
import { notesOf } from '../../notes.ts';
import type { Family } from '../family.ts';
import { findAlert } from './address.ts';
import { answer, missing, reading } from './envelope.ts';
import { alertBody, listAlerts, logsOf, requestStatus } from './queries.ts';

export const opsgenieRoutes = (family: Family, base: string): AnyRoute[] => [
  ...reading(family, `${base}/alerts`, async (ctx, integration, { query }) => {
    const { items, total } = await listAlerts(ctx, integration.id, query);
    const limit = items.limit;
    const next = items.offset + limit < total ? `${items.offset + limit}` : undefined;
    return answer(ctx, items.rows.map(alertBody), {
      paging: next ? { next: `${base}/alerts?offset=${next}&limit=${limit}` } : {},
    });
  }),
  ...reading(family, `${base}/alerts/count`, async (ctx, integration, { query }) => {
    const { total } = await listAlerts(ctx, integration.id, query);
    return answer(ctx, { count: total });
  }),
  ...reading(family, `${base}/alerts/requests/:requestId`, async (ctx, integration, { params }) => {
    const status = await requestStatus(ctx, integration.id, params.requestId ?? '');
    // The SDKs poll while this is 404.
    return status ? answer(ctx, status) : missing(ctx, 'Request not found. It might not be processed, yet.');
  }),
  ...reading(family, `${base}/alerts/:id`, async (ctx, integration, { params, query }) => {
    const alert = await findAlert(ctx, integration.id, params.id ?? '', query.identifierType);
    return alert ? answer(ctx, alertBody(alert)) : missing(ctx, 'Alert does not exist.');
  }),
  ...reading(family, `${base}/alerts/:id/notes`, async (ctx, integration, { params, query }) => {
    const alert = await findAlert(ctx, integration.id, params.id ?? '', query.identifierType);
    if (!alert) return missing(ctx, 'Alert does not exist.');
    const notes = await notesOf(ctx, alert.id);
    return answer(
      ctx,
      notes.map((note) => ({ note: note.text, owner: note.author, createdAt: note.at.toISOString(), offset: note.id })),
    );
  }),
  ...reading(family, `${base}/alerts/:id/logs`, async (ctx, integration, { params, query }) => {
    const alert = await findAlert(ctx, integration.id, params.id ?? '', query.identifierType);
    return alert ? answer(ctx, await logsOf(ctx, alert.id)) : missing(ctx, 'Alert does not exist.');
  }),
  // Whom people here ask is not the sender's to read; files are not taken. Both are lists that clients walk through.
  ...['recipients', 'attachments'].flatMap((what) =>
    reading(family, `${base}/alerts/:id/${what}`, async (ctx, integration, { params, query }) =>
      (await findAlert(ctx, integration.id, params.id ?? '', query.identifierType))
        ? answer(ctx, [])
        : missing(ctx, 'Alert does not exist.'),
    ),
  ),
];
