/** The newest posts of an integration, and what a pasted one would become: the family reads it, nothing is stored. */
import { endpoints } from '#contract/signals';
import { route } from '#kernel';
import { readBody, wireless } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { getIntegration, newestPosts } from '../integrations/queries.ts';
import { openOptions } from '../integrations/store.ts';

/** Events shown of one post. */
const MOST = 20;

/** Bytes of a post that are shown in a list. */
const BEGINNING = 16 * 1024;

export const routes = [
  route(endpoints.listPosts, async ({ ctx, params, query }) => {
    await getIntegration(ctx, params.id);
    const items = (await newestPosts(ctx, params.id, query.state)).map((row) => ({
      id: row.id,
      receivedAt: row.receivedAt.toISOString(),
      state: row.state,
      reason: row.reason,
      size: row.bodySize,
      beginning: row.body === null ? '' : row.body.subarray(0, BEGINNING).toString('utf8'),
      whole: row.body !== null && row.body.length <= BEGINNING,
    }));
    return { items, nextCursor: null };
  }),
  route(endpoints.previewReading, async ({ ctx, params, body }) => {
    const integration = await getIntegration(ctx, params.id);
    const family = familyOf(integration.kind);
    const read = readBody('application/json', Buffer.from(body.payload));
    if (!read.ok || !family)
      return { errors: [read.ok ? 'This kind is not known' : read.error], events: [], fields: [] };
    const options = { ...openOptions(integration), ...body.options };
    const context = {
      now: ctx.now,
      newKey: 'made here',
      sanitized: read.sanitized,
      wire: wireless(family),
      options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
    };
    const reading = family.read(read.value, 'alerts', context);
    const fields = family.explain?.(read.value, context) ?? [];
    if (!reading.ok) return { errors: reading.errors, events: [], fields };
    return {
      fields,
      errors: [],
      events: reading.events.slice(0, MOST).map(({ action, key, title, severity, service, description, marks }) => ({
        action,
        key,
        title,
        severity,
        service,
        description,
        marks,
      })),
    };
  }),
];
