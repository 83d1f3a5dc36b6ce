/** What suppliers of the affected services report of themselves goes onto the timeline, once for each thing they say. */
import { command } from '#security';
import { reportsForServices, supplierHeadline } from '#signals';
import { write } from '../record/write.ts';
import { lockIncident } from '../store.ts';

export const noteSuppliers = command(
  'incidents.noteSuppliers',
  { allow: 'internal', subject: (input: { incidentId: string }) => input.incidentId },
  async (ctx, { incidentId }: { incidentId: string }): Promise<void> => {
    ctx.audit.skip = true;
    const incident = await lockIncident(ctx, incidentId);
    // A drill has suppliers of its own making.
    if (incident.exercise) return;
    const services = await ctx.db
      .selectFrom('incidents.affectedServices')
      .select('serviceId')
      .where('incidentId', '=', incident.id)
      .execute();
    const from = incident.impactStartedAt ?? incident.declaredAt;
    const ids = services.map(({ serviceId }) => serviceId);
    const said = await ctx.db
      .selectFrom('incidents.timeline')
      .select(['text', 'refs'])
      .where('incidentId', '=', incident.id)
      .where('kind', '=', 'signal')
      .execute();
    const reports = await reportsForServices(ctx, ids, from, incident.restoredAt);
    for (const report of reports.toReversed()) {
      const text = supplierHeadline(report.supplierName, report);
      const known = said.some((entry) => entry.text === text && entry.refs.some(({ id }) => id === report.id));
      if (known) continue;
      ctx.audit.skip = false;
      ctx.audit.incident = incident.id;
      await write(ctx, incident, {
        kind: 'signal',
        text,
        refs: [{ kind: 'supplier_report', id: report.id, label: report.supplierName }],
      });
    }
  },
);
