/** Somebody takes a left-over as it is: an owned exception, with the reason everybody reads. */
import { conflict, type Ctx, notFound, personOf } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { type ClosingItemRow, lockItem, saveItem } from '../closing/store.ts';

export interface SettleLeftoverInput {
  incidentId: string;
  kind: string;
  ref: string;
  note: string;
}

export const settleLeftover = command(
  'recovery.settleLeftover',
  { allow: 'responder', subject: ({ kind, ref }: SettleLeftoverInput) => `${kind}${ref && `/${ref}`}` },
  async (ctx: Ctx, { incidentId, kind, ref, note }: SettleLeftoverInput): Promise<ClosingItemRow> => {
    const incident = await incidentById(ctx, incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    ctx.audit.reason = note;
    await requireToken(ctx, incident.id, 'approve_reversible');
    const row = await lockItem(ctx.db, incident.id, kind, ref);
    if (!row) throw notFound('Left-over', kind);
    if (row.state === 'done') throw conflict(`${row.title} is done`, 'recovery.closing.done');
    const self = personOf(ctx.actor) ?? ctx.actor.id;
    const saved = await saveItem(ctx, row, { state: 'settled', settledBy: self, settledNote: note, ownerId: self });
    ctx.audit.before = { state: row.state };
    await appendTimeline(ctx, incident.id, {
      kind: 'recovery',
      text: `${row.title}: ${ctx.actor.name} owns what is left. ${note}`,
    });
    return saved;
  },
);
