/** What a pasted post would become: the family reads it, nothing is stored. */
import { endpoints } from '#contract/signals';
import { route } from '#kernel';
import { readBody, wireless } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { getIntegration } from '../integrations/queries.ts';
import { openOptions } from '../integrations/store.ts';

/** Events shown of one post. */
const MOST = 20;

export const routes = [
  route(endpoints.previewReading, async ({ ctx, params, body }) => {
    const integration = await getIntegration(ctx, params.id);
    const family = familyOf(integration.kind);
    const read = readBody('application/json', Buffer.from(body.payload));
    if (!read.ok || !family) return { errors: [read.ok ? 'This kind is not known' : read.error], events: [] };
    const options = { ...openOptions(integration), ...body.options };
    const reading = family.read(read.value, 'alerts', {
      now: ctx.now,
      newKey: 'made here',
      sanitized: read.sanitized,
      wire: wireless(family),
      options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
    });
    if (!reading.ok) return { errors: reading.errors, events: [] };
    return {
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
