/** Keeps what a supplier's page said: its state, what it reports, and what is over. */
import { addMs, emit } from '#kernel';
import { command } from '#security';
import { supplierReported } from '../../events.ts';
import { nextReadSeconds, type Reported, stateOf } from '../model.ts';
import type { Found } from '../read.ts';
import { insertReport, lockFeed, openReports, reportsByRef, saveFeed, updateReport } from '../store.ts';

export interface NoteSupplier {
  serviceId: string;
  statusUrl: string;
  found: Found;
  /** Seconds between readings, and whether something that depends on it has an open alert. */
  every: number;
  watched: boolean;
}

type Ctx = Parameters<typeof lockFeed>[0];

export const noteSupplier = command(
  'signals.noteSupplier',
  { allow: 'internal', subject: (input: NoteSupplier) => input.serviceId },
  async (ctx, input: NoteSupplier): Promise<{ told: number }> => {
    ctx.audit.skip = true;
    const { serviceId, statusUrl, found } = input;
    const before = await lockFeed(ctx, serviceId);
    // Another address in the register is another page: nothing of the old one holds.
    const known = before?.statusUrl === statusUrl ? before : undefined;
    const failures = found.ok ? 0 : (known?.failures ?? 0) + 1;
    const nextAt = addMs(ctx.now, nextReadSeconds(input.every, failures, input.watched) * 1000);
    const kept = {
      serviceId,
      statusUrl,
      feedUrl: known?.feedUrl ?? null,
      format: known?.format ?? null,
      etag: known?.etag ?? null,
      state: known?.state ?? ('unknown' as const),
      description: known?.description ?? '',
      checkedAt: known?.checkedAt ?? null,
    };
    if (!found.ok) {
      // What is not read for long is not known: a page that cannot be reached is not green.
      const state = failures >= 3 ? ('unknown' as const) : kept.state;
      // A page may have moved on its own host: look for it anew.
      const feedUrl = failures >= 3 ? null : kept.feedUrl;
      await saveFeed(ctx, { ...kept, feedUrl, state, problem: found.why, failures }, nextAt);
      return { told: 0 };
    }
    if (found.unchanged) {
      await saveFeed(ctx, { ...kept, checkedAt: ctx.now, problem: null, failures }, nextAt);
      return { told: 0 };
    }
    const { reading, feedUrl, format, etag } = found;
    const state = stateOf(reading);
    const told = await keepReports(ctx, serviceId, reading.reports, reading.complete);
    const row = { ...kept, feedUrl, format, etag, state, description: reading.description };
    await saveFeed(ctx, { ...row, checkedAt: ctx.now, problem: null, failures }, nextAt);
    if (state !== kept.state || told.length > 0) {
      ctx.audit.skip = false;
      ctx.audit.before = { state: kept.state };
      ctx.audit.after = { state, reports: told };
    }
    for (const reportId of told) await emit(ctx, supplierReported, { reportId, serviceId }, { subject: serviceId });
    return { told: told.length };
  },
);

/** Ids of reports that are new, changed their status, or are over. */
async function keepReports(ctx: Ctx, serviceId: string, reports: Reported[], complete: boolean): Promise<string[]> {
  const told: string[] = [];
  const open = await openReports(ctx, serviceId);
  const all = reports.slice(0, 100);
  const rows = await reportsByRef(
    ctx,
    serviceId,
    all.map(({ ref }) => ref),
  );
  const known = new Map(rows.map((row) => [row.ref, row]));
  for (const report of all) {
    // “The page is yellow” has no id: the one that goes on is the same, a later one is another.
    const own = report.ref === 'status' ? open.find(({ ref }) => ref.startsWith('status ')) : known.get(report.ref);
    if (!own) {
      const ref = report.ref === 'status' ? `status ${ctx.now.toISOString()}` : report.ref;
      const id = await insertReport(ctx, serviceId, { ...report, ref });
      if (report.endedAt === null) told.push(id);
      continue;
    }
    const { ref: _ref, startedAt: _startedAt, ...changed } = report;
    await updateReport(ctx, own.id, changed);
    if (changed.status !== own.status || (changed.endedAt === null) !== (own.endedAt === null)) told.push(own.id);
  }
  if (!complete) return told;
  const named = new Set(all.map(({ ref }) => ref));
  for (const row of open) {
    const goesOn = row.ref.startsWith('status ') ? named.has('status') : named.has(row.ref);
    if (goesOn) continue;
    await updateReport(ctx, row.id, { endedAt: ctx.now, status: 'resolved' });
    told.push(row.id);
  }
  return told;
}
