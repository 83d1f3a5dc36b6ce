/** Settles a point of a lane's checklist: done, or waived with authority and a reason; or adds one (M69). */
import { emit, invalid, notFound } from '#kernel';
import { command } from '#security';
import { laneChanged } from '../events.ts';
import { insertItem, itemsOf, lockLane, refreshLaneGate } from '../lanes/store.ts';
import { isEnded, refuse } from '../lifecycle/model.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { requireAuthority, selfOf } from '../roles/authority.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { LaneItemRow } from '../tables-command.ts';

export interface SetLaneItemInput {
  incidentId: string;
  lane: string;
  /** Absent: `text` is a new point. */
  itemId?: string | undefined;
  text?: string | undefined;
  state?: LaneItemRow['state'] | undefined;
  /** What was found; required to waive. */
  note?: string | undefined;
}

export const setLaneItem = command(
  'incidents.setLaneItem',
  { allow: 'responder' },
  async (ctx, input: SetLaneItemInput): Promise<LaneItemRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const lane = await lockLane(ctx, incident, input.lane);
    refuseSecrets(ctx, { text: input.text, note: input.note });
    if (isEnded(incident.phase)) {
      throw problemOf(refuse('incidents.phase.ended', `${incident.key} has ended: its lanes are settled`).refusal);
    }
    const items = (await itemsOf(ctx, incident.id)).filter((item) => item.lane === lane.lane);
    if (input.itemId === undefined) {
      if (!input.text)
        throw invalid('Say what has to be settled', 'incidents.lanes.text', [{ path: 'text', message: 'required' }]);
      if (lane.state === 'signed')
        throw problemOf(refuse('incidents.lanes.signed', `${lane.title} is signed: take it up again first`).refusal);
      await insertItem(ctx, incident, lane.lane, items.length, storable(input.text));
      return finish(
        (await itemsOf(ctx, incident.id)).find((item) => item.lane === lane.lane && item.position === items.length)!,
        'to settle',
      );
    }
    const before = items.find(({ id }) => id === input.itemId);
    if (!before) throw notFound('Point', input.itemId);
    const state = input.state ?? before.state;
    const note = storable(input.note ?? before.note);
    if (state === before.state && note === before.note) return before;
    if (state === 'waived') {
      if (!note)
        throw invalid('Waiving a point needs a reason', 'incidents.lanes.reason', [
          { path: 'note', message: 'required' },
        ]);
      await requireAuthority(ctx, incident, 'override_guardrail');
    }
    if (state === 'open' && lane.state === 'signed')
      throw problemOf(refuse('incidents.lanes.signed', `${lane.title} is signed: take it up again first`).refusal);
    const settled = state !== 'open';
    const row = await ctx.db
      .updateTable('incidents.laneItems')
      .set({
        state,
        note,
        settledAt: settled ? ctx.now : null,
        settledBy: settled ? selfOf(ctx.actor) : null,
        settledByName: settled ? ctx.actor.name : null,
      })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    ctx.audit.before = { state: before.state };
    if (state === 'waived') ctx.audit.reason = note;
    return finish(row, { open: 'open again', done: 'done', waived: 'waived' }[state]);

    async function finish(item: LaneItemRow, word: string): Promise<LaneItemRow> {
      await refreshLaneGate(ctx, incident);
      await write(ctx, incident, {
        kind: 'lane',
        text: `${lane.title}, ${word}: ${item.text}${item.note ? ` (${item.note})` : ''}`,
        refs: [{ kind: 'lane', id: lane.lane, label: lane.title }],
      });
      const payload = { incidentId: incident.id, key: incident.key, lane: lane.lane, state: lane.state };
      await emit(ctx, laneChanged, payload, { subject: incident.id, incident: incident.id });
      ctx.audit.after = { itemId: item.id, state: item.state, note: item.note };
      return item;
    }
  },
);
