/** Draws the consequence of what the queues say: still draining, to reconcile, off, stuck; and calls somebody when a mode is on for too long. */
import { config, type Ctx, emit, secondsBetween } from '#kernel';
import { appendTimeline, currentRoles } from '#incidents';
import { startPage } from '#people';
import { command } from '#security';
import { nextState } from '../degraded/model.ts';
import { lockMode, type ModeRow, reportsOf, saveMode } from '../degraded/store.ts';
import { degradedExited, degradedStuck } from '../events.ts';

export const settleMode = command(
  'playbooks.settleMode',
  { allow: 'internal', subject: ({ modeId }: { modeId: string }) => modeId },
  async (ctx: Ctx, { modeId }): Promise<void> => {
    const row = await lockMode(ctx.db, modeId);
    ctx.audit.skip = true;
    if (!row || row.state === 'off') return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (row.state === 'on') return expire(ctx, row);
    const queues = (await reportsOf(ctx.db, modeId)).map((one) => ({
      ...one,
      ageSeconds: secondsBetween(one.at, ctx.now),
    }));
    const next = nextState(
      {
        state: row.state,
        contract: row.contract,
        exitingSeconds: secondsBetween(row.exitingSince ?? ctx.now, ctx.now),
        exception: row.exception !== null,
      },
      queues,
      row.reconciled,
    );
    if (next.state === row.state && next.detail === row.detail) return;
    ctx.audit.skip = false;
    ctx.audit.before = { state: row.state };
    ctx.audit.after = next;
    await saveMode(ctx, modeId, { ...next, ...(next.state === 'off' && { endedAt: ctx.now }) });
    if (next.state !== row.state) await tell(ctx, row, next);
  },
);

async function tell(ctx: Ctx, row: ModeRow, next: { state: string; detail: string }): Promise<void> {
  const about = { subject: row.id, incident: row.incidentId };
  const facts = { modeId: row.id, incidentId: row.incidentId, name: row.name };
  const words: Record<string, string> = {
    exiting: 'is draining again',
    reconciling: `has drained; ${next.detail}`,
    stuck: `is stuck: ${next.detail}`,
    off: row.exception
      ? `is off with an exception: ${row.exception}`
      : 'is off: everything kept back was applied and compared',
  };
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `Degraded mode "${row.name}" ${words[next.state] ?? next.state}`,
  });
  if (next.state === 'off') await emit(ctx, degradedExited, facts, about);
  if (next.state !== 'stuck') return;
  await emit(ctx, degradedStuck, { ...facts, detail: next.detail }, about);
  await call(ctx, row, `Degraded mode "${row.name}" is stuck`, next.detail);
}

/** Past its longest time somebody is called, once. It is never left by itself: that could lose data. */
async function expire(ctx: Ctx, row: ModeRow): Promise<void> {
  if (row.expiredAt || row.expiresAt > ctx.now) return;
  ctx.audit.skip = false;
  ctx.audit.after = { expired: true };
  await saveMode(ctx, row.id, { expiredAt: ctx.now, detail: 'on for longer than planned' });
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `Degraded mode "${row.name}" is on for longer than planned; it stays on until somebody decides`,
  });
  await call(
    ctx,
    row,
    `Degraded mode "${row.name}" is on for longer than planned`,
    'It is not left by itself. Leave it, or say how much longer.',
  );
}

async function call(ctx: Ctx, row: ModeRow, title: string, body: string): Promise<void> {
  const roles = await currentRoles(ctx, row.incidentId);
  const userId = roles.incident_commander ?? roles.operations_lead;
  if (!userId) return;
  const link = `${config.publicUrl}/incidents/${row.incidentId}`;
  await startPage(ctx, {
    subject: { kind: 'incident', id: row.incidentId },
    title,
    body,
    urgency: 'high',
    userId,
    incidentId: row.incidentId,
    link,
  });
}
