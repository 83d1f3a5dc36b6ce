/** What was hidden, over HTTP. */
import { endpoints } from '#contract/signals';
import { addMs, invalid, route } from '#kernel';
import { WEEK_MS } from '../hidden/model.ts';
import { hidersBetween, lastDigest, refusing } from '../hidden/queries.ts';

export const routes = [
  route(endpoints.hidden, async ({ ctx, query }) => {
    const until = query.until ? new Date(query.until) : ctx.now;
    const from = query.from ? new Date(query.from) : addMs(until, -WEEK_MS);
    if (from >= until)
      throw invalid('“from” is before “until”', 'signals.hidden', [{ path: 'from', message: 'Not before “until”.' }]);
    // Up to now means with what is being hidden this very moment.
    const hiders = await hidersBetween(ctx, from, query.until ? until : addMs(until, 60_000));
    const digest = await lastDigest(ctx);
    return {
      from: from.toISOString(),
      until: until.toISOString(),
      items: hiders.map(({ endsAt, lastAt, services, ...one }) => ({
        ...one,
        services: services.map(({ id, name }) => ({ id, name })),
        endsAt: endsAt?.toISOString() ?? null,
        lastAt: lastAt.toISOString(),
      })),
      refusing: (await refusing(ctx, from)).map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
      lastDigest: digest
        ? { ...digest, weekStart: digest.weekStart.toISOString(), sentAt: digest.sentAt.toISOString() }
        : null,
    };
  }),
];
