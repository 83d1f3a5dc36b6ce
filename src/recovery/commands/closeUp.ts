/** Goes through the closing sequence and lists what is left over. */
import { type Ctx, emit } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command } from '#security';
import { itemsNow } from '../closing/items.ts';
import { closingItemsOf, putItem } from '../closing/store.ts';
import { leftoversFound } from '../events.ts';

export const closeUp = command(
  'recovery.closeUp',
  { allow: 'internal', subject: ({ incidentId }: { incidentId: string; first?: boolean }) => incidentId },
  async (ctx: Ctx, { incidentId, first }): Promise<void> => {
    const incident = await incidentById(ctx, incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    let changed = false;
    for (const item of await itemsNow(ctx, incident.id))
      changed = (await putItem(ctx, { ...item, incidentId: incident.id, exercise: incident.exercise })) || changed;
    const left = (await closingItemsOf(ctx.db, incident.id)).filter((item) => item.state === 'left');
    ctx.audit.after = { left: left.map((item) => item.title) };
    if (!changed) {
      ctx.audit.skip = true;
      return;
    }
    await emit(
      ctx,
      leftoversFound,
      { incidentId: incident.id, left: left.length },
      { subject: incident.id, incident: incident.id },
    );
    if (first && left.length > 0)
      await appendTimeline(ctx, incident.id, {
        kind: 'recovery',
        text: `Left over after restored: ${left.map((item) => `${item.title} (${item.detail})`).join('; ')}`,
      });
  },
);
