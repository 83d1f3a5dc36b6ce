/** HTTP to what suppliers report. */
import type { z } from 'zod';
import { endpoints, type supplierReport } from '#contract/signals';
import { addMs, route } from '#kernel';
import { readSupplier } from '../suppliers/commands/readSupplier.ts';
import { type ReportRow, reportsForServices, reportsOfGroup, supplierStates } from '../suppliers/queries.ts';

const DAY_MS = 86_400_000;
const iso = (at: Date | null) => at?.toISOString() ?? null;

const reportBody = (row: Omit<ReportRow, 'path'> & { path?: string[] }): z.input<typeof supplierReport> => ({
  id: row.id,
  supplier: { id: row.serviceId, slug: row.supplierSlug, name: row.supplierName },
  title: row.title,
  impact: row.impact,
  status: row.status,
  said: row.said,
  components: row.components,
  url: row.url,
  startedAt: row.startedAt.toISOString(),
  endedAt: iso(row.endedAt),
  seenAt: row.seenAt.toISOString(),
  path: row.path ?? [],
});

export const routes = [
  route(endpoints.supplierStates, async ({ ctx }) => ({
    items: (await supplierStates(ctx)).map(({ party, feed, reports }) => ({
      supplier: { id: party.id, slug: party.slug, name: party.name, tier: party.tier },
      statusUrl: party.statusUrl,
      state: feed?.state ?? ('unknown' as const),
      description: feed?.description ?? '',
      format: feed?.format ?? null,
      checkedAt: iso(feed?.checkedAt ?? null),
      problem: feed?.problem ?? null,
      reports: reports.map(reportBody),
    })),
    nextCursor: null,
  })),
  route(endpoints.listSupplierReports, async ({ ctx, query }) => {
    const services = (query.services ?? '')
      .split(',')
      .filter((id) => id !== '')
      .slice(0, 100);
    const from = query.from ? new Date(query.from) : addMs(ctx.now, -DAY_MS);
    const until = query.until ? new Date(query.until) : null;
    const rows = query.groupId
      ? await reportsOfGroup(ctx, query.groupId)
      : await reportsForServices(ctx, services, from, until);
    return { items: rows.map(reportBody), nextCursor: null };
  }),
  route(endpoints.readSupplier, async ({ ctx, params }) => await readSupplier(ctx, params)),
];
