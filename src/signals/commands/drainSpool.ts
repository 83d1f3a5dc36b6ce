/** Takes posts from the spool into the database, in their order, each once however often it is tried. */
import { command } from '#security';
import { readBody } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { type Integration, integrationOf } from '../integrations/store.ts';
import type { Receive } from '../intake/arrival.ts';
import { knownSignals } from '../intake/store.ts';
import type { SpoolRecord } from '../intake/spool.ts';
import { takeAll } from '../intake/take-all.ts';

export interface DrainSpool {
  records: SpoolRecord[];
  /** Store only: it failed when it was processed. */
  defer?: boolean;
}

/** Returns how many posts were new. */
export const drainSpool = command(
  'signals.drainSpool',
  { allow: 'internal' },
  async (ctx, { records, defer }: DrainSpool): Promise<{ taken: number }> => {
    ctx.audit.skip = true;
    const there = await knownSignals(
      ctx,
      records.map(({ head }) => head.id),
    );
    const integrations = new Map<string, Integration>();
    const posts: Receive[] = [];
    for (const { head, bytes } of records) {
      if (there.has(head.id)) continue;
      const integration = integrations.get(head.integrationId) ?? (await integrationOf(ctx, head.integrationId));
      integrations.set(head.integrationId, integration);
      const family = familyOf(integration.kind);
      if (!family) throw new Error(`No family of ingest is called ${integration.kind}`);
      const { id, purpose, contentType, headers, wire, idempotencyKey } = head;
      posts.push({
        ...{ id, family, integration, purpose, contentType, headers, wire, bytes },
        body: readBody(contentType, bytes),
        receivedAt: new Date(head.receivedAt),
        ...(idempotencyKey === null ? {} : { idempotencyKey }),
        ...(defer ? { defer } : {}),
      });
    }
    if (posts.length > 0) await takeAll(ctx, posts);
    return { taken: posts.length };
  },
);
