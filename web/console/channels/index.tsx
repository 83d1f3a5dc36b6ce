/** Channels in the console: whether messages can leave, and what became of them. For administrators. */
import { type Area, screen } from '../../kit/index.ts';

export const area: Area = {
  pages: [
    { path: '/settings/deliveries', component: screen(() => import('./deliveries.tsx').then((m) => m.Deliveries)) },
  ],
  settings: [
    {
      label: 'Mail and deliveries',
      to: '/settings/deliveries',
      order: 15,
      group: 'Installation',
      needs: 'settings.read',
    },
  ],
};
