/** Learning: reviews, improvements, and figures over many incidents. */
import { IconBook2, IconChartDots, IconChecklist } from '@tabler/icons-react';
import { endpoints as learning } from '#contract/learning';
import { type Area, call, screen } from '../../kit/index.ts';

export const area: Area = {
  nav: [
    { label: 'Reviews', to: '/reviews', icon: IconBook2, order: 60, section: 'learn' },
    { label: 'Improvements', to: '/actions', icon: IconChecklist, order: 61, section: 'learn' },
    { label: 'Figures', to: '/figures', icon: IconChartDots, order: 63, section: 'learn' },
  ],
  pages: [
    { path: '/reviews', component: screen(() => import('./reviews.tsx').then((m) => m.Reviews)) },
    { path: '/reviews/$id', component: screen(() => import('./review/page.tsx').then((m) => m.ReviewPage)) },
    { path: '/actions', component: screen(() => import('./actions.tsx').then((m) => m.Actions)) },
    { path: '/figures', component: screen(() => import('./metrics/page.tsx').then((m) => m.Metrics)) },
  ],
  spotlight: {
    search: async (text, signal) => {
      const { items } = await call(learning.listReviews, { query: { show: 'all', limit: 200 } }, { signal });
      const wanted = text.toLowerCase();
      return items
        .filter(({ incident }) => `${incident.key} ${incident.title}`.toLowerCase().includes(wanted))
        .slice(0, 5)
        .map(({ id, incident }) => ({
          id: `review:${id}`,
          label: `Review of ${incident.key}`,
          description: incident.title,
          group: 'Reviews',
          icon: IconBook2,
          to: `/reviews/${id}`,
        }));
    },
  },
};
