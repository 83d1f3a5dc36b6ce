/** Alert groups as they cross the wire: with whom their pages have called, and the case they stand in. */
import type { z } from 'zod';
import type { group as groupShape } from '#contract/signals';
import type { Ctx } from '#kernel';
import { caseBody, casesOf } from '../correlation/queries.ts';
import { isFlapping } from '../model.ts';
import { assigneeOf, calledBy, type GroupRow } from '../queries.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

const oneGroup = (
  row: GroupRow,
  asked: { id: string; name: string }[],
  correlation: ReturnType<typeof caseBody>,
): z.input<typeof groupShape> => ({
  id: row.id,
  title: row.title,
  severity: row.severity,
  state: row.state,
  service: row.serviceId
    ? { id: row.serviceId, name: row.serviceName ?? row.serviceId, slug: row.serviceSlug ?? row.serviceId }
    : null,
  integration: { id: row.integrationId, name: row.integrationName },
  alertCount: row.alertCount,
  firingCount: row.firingCount,
  eventCount: row.eventCount,
  flapping: isFlapping(row),
  firstAt: row.firstAt.toISOString(),
  lastAt: row.lastAt.toISOString(),
  acknowledgedAt: iso(row.acknowledgedAt),
  acknowledgedBy: row.acknowledgedBy ? { id: row.acknowledgedBy, name: row.holderName ?? row.acknowledgedBy } : null,
  acknowledgedVia: row.acknowledgedVia,
  assignee: assigneeOf(row),
  asked,
  resolvedAt: iso(row.resolvedAt),
  resolvedBy: row.resolvedBy,
  incidentId: row.incidentId,
  incidentKey: row.incidentKey,
  pageId: row.pageId,
  suppressed:
    row.suppressedBy && row.silenceEndsAt
      ? {
          silenceId: row.suppressedBy,
          comment: row.silenceComment ?? '',
          createdBy: row.silencedByName ?? '',
          endsAt: row.silenceEndsAt.toISOString(),
        }
      : null,
  held: row.held && { kind: row.held.kind, by: row.held.by, why: row.held.why, at: row.held.at },
  correlation,
  test: row.test,
  exercise: row.exercise,
});

/** Groups as sent, with whom their pages have called while nobody has them. */
export async function groupBodies(ctx: Ctx, rows: GroupRow[]): Promise<z.input<typeof groupShape>[]> {
  const called = await calledBy(
    ctx,
    rows.flatMap((row) => (row.state === 'open' && row.pageId ? [row.pageId] : [])),
  );
  const cases = await casesOf(
    ctx,
    rows.flatMap((row) => row.correlationId ?? []),
  );
  return rows.map((row) =>
    oneGroup(
      row,
      (row.state === 'open' && called.get(row.pageId ?? '')) || [],
      caseBody(cases.get(row.correlationId ?? ''), row.id),
    ),
  );
}
