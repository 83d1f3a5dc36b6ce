/** Playbooks in the console: the library, the feature flags they move, and containment in the war room. */
import { IconBook, IconShieldPause, IconToggleLeft, IconWebhook } from '@tabler/icons-react';
import { endpoints as playbooks } from '#contract/playbooks';
import { type Area, call, screen } from '../../kit/index.ts';
import '../incidents/slots.ts';
import { ContainmentPanel } from './containment/panel.tsx';
import { PausedBanner } from './paused.tsx';

export const area: Area = {
  nav: [
    { label: 'Playbooks', to: '/playbooks', icon: IconBook, order: 20, section: 'prepare' },
    { label: 'Feature flags', to: '/flags', icon: IconToggleLeft, order: 21, section: 'prepare' },
  ],
  pages: [
    { path: '/playbooks', component: screen(() => import('./list.tsx').then((m) => m.Playbooks)) },
    { path: '/playbooks/new', component: screen(() => import('./editor.tsx').then((m) => m.NewPlaybook)) },
    { path: '/playbooks/$id', component: screen(() => import('./detail.tsx').then((m) => m.OnePlaybook)) },
    { path: '/flags', component: screen(() => import('./flags.tsx').then((m) => m.Flags)) },
    {
      path: '/settings/webhook-targets',
      component: screen(() => import('./targets.tsx').then((m) => m.WebhookTargets)),
    },
    { path: '/settings/deploy-gate', component: screen(() => import('./gate.tsx').then((m) => m.DeployGate)) },
  ],
  settings: [
    { label: 'Webhook targets', to: '/settings/webhook-targets', order: 40, group: 'Installation' },
    { label: 'Deploy gate', to: '/settings/deploy-gate', order: 41, group: 'Installation' },
  ],
  banner: PausedBanner,
  warRoomPanels: [{ id: 'containment', title: 'Containment', order: 10, component: ContainmentPanel }],
  spotlight: {
    items: [
      {
        id: 'flags',
        label: 'Feature flags',
        group: 'Pages',
        to: '/flags',
        icon: IconToggleLeft,
        keywords: ['toggle', 'openfeature'],
      },
      {
        id: 'gate',
        label: 'Deploy gate',
        group: 'Pages',
        to: '/settings/deploy-gate',
        icon: IconShieldPause,
        keywords: ['freeze', 'pipeline', 'ci'],
      },
      { id: 'targets', label: 'Webhook targets', group: 'Pages', to: '/settings/webhook-targets', icon: IconWebhook },
    ],
    search: async (text, signal) => {
      const { items } = await call(playbooks.list, { query: { limit: 200 } }, { signal });
      const wanted = text.toLowerCase();
      return items
        .filter(({ title, summary }) => `${title} ${summary}`.toLowerCase().includes(wanted))
        .slice(0, 6)
        .map(({ id, title, summary }) => ({
          id,
          label: title,
          description: summary,
          group: 'Playbooks',
          icon: IconBook,
          to: `/playbooks/${id}`,
        }));
    },
  },
};
