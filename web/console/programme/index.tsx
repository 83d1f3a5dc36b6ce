/** Home: what needs me now, and how the house stands. And moving here from another pager. */
import { IconFileImport, IconHome } from '@tabler/icons-react';
import { type Area, screen } from '../../kit/index.ts';

export const area: Area = {
  nav: [{ label: 'Home', to: '/', icon: IconHome, order: 0 }],
  pages: [
    { path: '/', component: screen(() => import('./home.tsx').then((m) => m.Home)) },
    { path: '/settings/move', component: screen(() => import('./move/start.tsx').then((m) => m.Move)) },
    { path: '/settings/move/$id', component: screen(() => import('./move/import.tsx').then((m) => m.Import)) },
  ],
  settings: [
    {
      label: 'Move from another pager',
      to: '/settings/move',
      order: 30,
      group: 'Installation',
      needs: 'programme.startImport',
    },
  ],
  spotlight: {
    items: [
      { id: 'home', label: 'Home', description: 'What needs me now', group: 'Pages', icon: IconHome, to: '/' },
      {
        id: 'move',
        label: 'Move from another pager',
        description: 'PagerDuty, Opsgenie, Grafana OnCall, GoAlert',
        group: 'Pages',
        icon: IconFileImport,
        keywords: ['import', 'pagerduty', 'opsgenie', 'oncall', 'goalert', 'statuspage', 'migrate'],
        to: '/settings/move',
      },
    ],
  },
};
