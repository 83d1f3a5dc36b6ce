/** Journal, first half, of taking an effect back: its own intent, its own key. */

import { appendTimeline } from '#incidents';
import { addMs } from '#kernel';
import { command } from '#security';
import { LEASE_MS } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { journalIntent, nextFence } from '../actions/journal.ts';
import { lockAction, moveAction } from '../actions/store.ts';
import { watchEngine } from '../actions/timers.ts';
import type { Begun } from './beginAction.ts';

export const beginUndo = command(
  'playbooks.beginUndo',
  {
    allow: 'internal',
    subject: ({ actionRunId }: { actionRunId: string; owner: string }) => actionRunId,
  },
  async (ctx, { actionRunId, owner }): Promise<Begun | null> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'undoing' || row.leaseOwner !== null) return null;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const fence = await nextFence(ctx.db);
    const attempt = await journalIntent(ctx, row, 'undo', fence);
    const leaseUntil = addMs(ctx.now, LEASE_MS);
    const undoing = await moveAction(ctx, row, 'undoing', {
      leaseOwner: owner,
      leaseUntil,
      fence,
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: being undone`,
      refs: [refOf(row)],
    });
    await watchEngine(ctx, actionRunId, addMs(leaseUntil, 1));
    ctx.audit.after = { state: 'undoing', fence };
    return { row: undoing, attempt };
  },
);
