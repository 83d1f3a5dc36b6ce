/** The catalogue in the console: services, who owns them, what they depend on. */
import { IconStack2 } from '@tabler/icons-react';
import { endpoints as catalog } from '#contract/catalog';
import { type Area, call, screen } from '../../kit/index.ts';

export const area: Area = {
  nav: [
    {
      label: 'Services',
      to: '/services',
      icon: IconStack2,
      order: 10,
      section: 'prepare',
    },
  ],
  pages: [
    {
      path: '/services',
      component: screen(() => import('./services.tsx').then((m) => m.Services)),
    },
    {
      path: '/services/$id',
      component: screen(() => import('./service.tsx').then((m) => m.OneService)),
    },
    {
      path: '/services/$id/edit',
      component: screen(() => import('./edit.tsx').then((m) => m.EditService)),
    },
  ],
  spotlight: {
    items: [
      {
        id: 'services',
        label: 'Services',
        description: 'What we run, who owns it, what it needs',
        group: 'Pages',
        icon: IconStack2,
        to: '/services',
      },
    ],
    search: async (text, signal) => {
      const { items } = await call(catalog.listServices, { query: { text, limit: 6 } }, { signal });
      return items.map((service) => ({
        id: `service:${service.id}`,
        label: service.name,
        description: service.team ? `Tier ${service.tier}, ${service.team.name}` : `Tier ${service.tier}`,
        group: 'Services',
        icon: IconStack2,
        to: `/services/${service.slug}`,
      }));
    },
  },
};
