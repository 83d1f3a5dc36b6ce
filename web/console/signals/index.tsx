/** Signals in the console: what is firing, who has it, and the sources it comes from. */
import { IconBellOff, IconBolt, IconPlugConnected } from '@tabler/icons-react';
import { endpoints as signals } from '#contract/signals';
import { type Area, call, screen } from '../../kit/index.ts';
import { OpenAlertsCount } from './count.tsx';

export const area: Area = {
  nav: [
    {
      label: 'Alerts',
      to: '/alerts',
      icon: IconBolt,
      order: 10,
      count: OpenAlertsCount,
    },
  ],
  pages: [
    {
      path: '/alerts',
      component: screen(() => import('./alerts.tsx').then((m) => m.Alerts)),
    },
    {
      path: '/alerts/$id',
      component: screen(() => import('./group.tsx').then((m) => m.OneGroup)),
    },
    {
      path: '/signals/$id',
      component: screen(() => import('./signal.tsx').then((m) => m.OneSignal)),
    },
    {
      path: '/silences',
      component: screen(() => import('./silences.tsx').then((m) => m.Silences)),
    },
    {
      path: '/settings/integrations',
      component: screen(() => import('./integrations.tsx').then((m) => m.Integrations)),
    },
  ],
  settings: [
    {
      label: 'Integrations',
      to: '/settings/integrations',
      order: 10,
      group: 'Installation',
    },
    {
      label: 'Silences',
      to: '/silences',
      order: 11,
      group: 'Installation',
    },
  ],
  spotlight: {
    items: [
      {
        id: 'alerts',
        label: 'Alerts',
        description: 'What is firing, and who has it',
        group: 'Pages',
        icon: IconBolt,
        to: '/alerts',
      },
      {
        id: 'silences',
        label: 'Silences',
        description: 'Alerts that do not page, until when and why',
        group: 'Pages',
        icon: IconBellOff,
        to: '/silences',
        keywords: ['mute', 'silence', 'amtool', 'suppress'],
      },
      {
        id: 'integrations',
        label: 'Integrations',
        description: 'Sources of alerts, their keys and health',
        group: 'Pages',
        icon: IconPlugConnected,
        to: '/settings/integrations',
        keywords: ['alertmanager', 'prometheus', 'pagerduty', 'webhook', 'key', 'ingest'],
      },
    ],
    search: async (text, signal) => {
      const { items } = await call(signals.listGroups, { query: { text, state: 'active', limit: 6 } }, { signal });
      return items.map((group) => ({
        id: `group:${group.id}`,
        label: group.title,
        description: group.service?.name ?? group.integration.name,
        group: 'Alerts',
        icon: IconBolt,
        to: `/alerts/${group.id}`,
      }));
    },
  },
};
