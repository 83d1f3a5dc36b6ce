/** Home: what needs me now, and how the house stands. */
import { IconHome } from '@tabler/icons-react';
import { type Area, screen } from '../../kit/index.ts';

export const area: Area = {
  nav: [{ label: 'Home', to: '/', icon: IconHome, order: 0 }],
  pages: [{ path: '/', component: screen(() => import('./home.tsx').then((m) => m.Home)) }],
  spotlight: {
    items: [{ id: 'home', label: 'Home', description: 'What needs me now', group: 'Pages', icon: IconHome, to: '/' }],
  },
};
