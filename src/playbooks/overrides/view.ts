/** Overrides as screens and the API show them: what, why, by whom, until when. */
import { incidentById } from '#incidents';
import { type Ctx, isHidden } from '#kernel';
import type { OverrideRow } from './store.ts';

const WHAT = {
  veto: 'stopped an automatic action',
  take_over: 'took the playbook over from the engine',
  skip: 'passed over a step',
  force: 'passes by guards',
  pause: 'paused automation',
  outside: 'acted outside the product',
} as const;

export async function overrideViews(ctx: Ctx, rows: OverrideRow[]) {
  const seen = rows.filter((row) => row.incidentId === null || !isHidden(ctx, row.incidentId));
  return Promise.all(
    seen.map(async (row) => {
      const incident = row.incidentId ? await incidentById(ctx, row.incidentId) : null;
      const over = row.endedAt ?? (row.expiresAt <= ctx.now ? row.expiresAt : null);
      return {
        id: row.id,
        kind: row.kind,
        incident: incident && { id: incident.id, key: incident.key },
        runId: row.runId,
        actionRunId: row.actionRunId,
        guards: row.guards,
        what: row.target ? `${WHAT[row.kind]} (${row.action} ${row.target})` : WHAT[row.kind],
        reason: row.reason,
        by: { id: row.by, name: row.byName },
        second: row.secondBy ? { id: row.secondBy, name: row.secondBy } : null,
        secondNeeded: row.secondNeeded,
        at: row.at.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        endedAt: over?.toISOString() ?? null,
        active: over === null && (!row.secondNeeded || row.secondBy !== null),
        exercise: row.exercise,
      };
    }),
  );
}
