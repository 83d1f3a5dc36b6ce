/** The closing sequence and the watch, as screens and the API show them. */
import type { Ctx } from '#kernel';
import { incidentById } from '#incidents';
import { personRefs } from '#security';
import { holds } from '../authority.ts';
import { closingItemsOf, watchOf } from './store.ts';

const ORDER = ['left', 'due', 'settled', 'done'];

export async function closingView(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentById(ctx, incidentIdOrKey);
  const [items, watch] = await Promise.all([closingItemsOf(ctx.db, incident.id), watchOf(ctx.db, incident.id)]);
  const people = await personRefs(
    ctx,
    items.map((one) => one.ownerId),
  );
  return {
    items: items
      .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      .map(({ kind, ref, title, state, detail, ownerId, settledNote, changedAt }) => ({
        kind,
        ref,
        title,
        state,
        detail,
        owner: ownerId ? (people.get(ownerId) ?? null) : null,
        settledNote,
        changedAt: changedAt.toISOString(),
      })),
    watch: watch
      ? {
          state: watch.state,
          until: watch.until.toISOString(),
          reasons: watch.reasons,
          suspectedAt: watch.suspectedAt?.toISOString() ?? null,
        }
      : null,
    may: { settle: await holds(ctx, incident.id, 'approve_reversible') },
  };
}
