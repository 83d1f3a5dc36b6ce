/** Degraded modes as screens and the API show them. */
import type { Ctx } from '#kernel';
import { incidentFacts } from '../incident.ts';
import { type ModeRow, modesOf, reportsOf } from './store.ts';

export async function modeView(ctx: Ctx, row: ModeRow) {
  const { writes, ordering, idempotency, reconcile, notes } = row.contract;
  return {
    id: row.id,
    incidentId: row.incidentId,
    name: row.name,
    flag: row.flag,
    customerEffect: row.customerEffect,
    state: row.state,
    detail: row.detail,
    enteredAt: row.enteredAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    expired: row.expiredAt !== null,
    contract: { writes, ordering, idempotency, reconcile, notes: notes ?? null },
    reconciled: row.reconciled,
    exception: row.exception,
    queues: (await reportsOf(ctx.db, row.id)).map(({ reporter, queued, drained, failed, at }) => ({
      reporter,
      queued,
      drained,
      failed,
      at: at.toISOString(),
    })),
    exercise: row.exercise,
  };
}

export async function modeViews(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentFacts(ctx, incidentIdOrKey);
  return Promise.all((await modesOf(ctx.db, incident.id)).map((row) => modeView(ctx, row)));
}
