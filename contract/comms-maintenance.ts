/** Planned maintenance, announced and muted by one window. Part of `comms.ts`. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

export const maintenanceView = z.object({
  id: z.string(),
  seriesId: z.string(),
  title: z.string(),
  body: z.string(),
  startsAt: instant,
  endsAt: instant,
  componentIds: z.array(z.string()),
  mutes: z.boolean(),
  /** Whether alerts are held back for it, now or from its start on. */
  muted: z.boolean(),
  state: z.enum(['scheduled', 'in_progress', 'completed', 'cancelled']),
  url: z.string(),
});

export const maintenanceEndpoints = {
  listMaintenances: endpoint({
    id: 'comms.listMaintenances',
    method: 'GET',
    path: '/api/v1/status-page/maintenance',
    summary: 'Maintenance that customers are told of: to come, running, and of the last 30 days',
    access: 'read',
    response: z.object({ items: z.array(maintenanceView) }),
  }),
  announceMaintenance: endpoint({
    id: 'comms.announceMaintenance',
    method: 'POST',
    path: '/api/v1/status-page/maintenance',
    summary: 'Announce a maintenance on the page, and hold back the alerts of its services; once or repeated',
    access: 'comms.announceMaintenance',
    body: z.strictObject({
      title: z.string().trim().min(3).max(120),
      body: z.string().trim().min(3).max(2000),
      startsAt: instant,
      endsAt: instant,
      componentIds: z.array(id('cmp')).min(1).max(100),
      /** Alerts of the components' services call nobody meanwhile, critical ones excepted. */
      mutes: z.boolean().default(true),
      /** At the same time of day in this zone, every so many days. */
      repeat: z
        .strictObject({
          everyDays: z.number().int().min(1).max(91),
          times: z.number().int().min(2).max(26),
          zone: z.string().max(60),
        })
        .nullable()
        .default(null),
    }),
    response: z.object({ items: z.array(maintenanceView) }),
    status: 201,
  }),
  endMaintenance: endpoint({
    id: 'comms.endMaintenance',
    method: 'POST',
    path: '/api/v1/status-page/maintenance/:id/end',
    summary: 'End a running maintenance, or call off one that is to come; alerts call again',
    access: 'comms.endMaintenance',
    params: z.strictObject({ id: id('mnt') }),
    response: maintenanceView,
  }),
};
