/** HTTP ↔ planned maintenance. */
import { endpoints as at } from '#contract/comms';
import { type AnyRoute, config, route } from '#kernel';
import { announceMaintenance } from '../commands/announceMaintenance.ts';
import { endMaintenance } from '../commands/endMaintenance.ts';
import { listMaintenances, type MaintenanceRow } from './store.ts';

const show = (row: MaintenanceRow) => ({
  id: row.id,
  seriesId: row.seriesId,
  title: row.title,
  body: row.body,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  componentIds: row.componentIds,
  mutes: row.mutes,
  muted: row.silenceId !== null && (row.state === 'scheduled' || row.state === 'in_progress'),
  state: row.state,
  url: `${config.publicUrl}/status#m-${row.publicId}`,
});

export const maintenanceRoutes: AnyRoute[] = [
  route(at.listMaintenances, async ({ ctx }) => ({ items: (await listMaintenances(ctx)).map(show) })),
  route(at.announceMaintenance, async ({ ctx, body }) => ({
    items: (
      await announceMaintenance(ctx, { ...body, startsAt: new Date(body.startsAt), endsAt: new Date(body.endsAt) })
    ).map(show),
  })),
  route(at.endMaintenance, async ({ ctx, params }) => show(await endMaintenance(ctx, params))),
];
