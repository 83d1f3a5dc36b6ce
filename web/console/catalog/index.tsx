/** The catalogue in the console: services, who owns them, what they depend on. */
import { IconBuildingStore, IconSitemap, IconStack2 } from '@tabler/icons-react';
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
    {
      label: 'Map',
      to: '/map',
      icon: IconSitemap,
      order: 11,
      section: 'prepare',
    },
  ],
  pages: [
    {
      path: '/map',
      component: screen(() => import('./living-map.tsx').then((m) => m.LivingMap)),
    },
    {
      path: '/map/import',
      component: screen(() => import('./import.tsx').then((m) => m.ImportCatalog)),
    },
    {
      path: '/suppliers',
      component: screen(() => import('./suppliers.tsx').then((m) => m.Suppliers)),
    },
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
        id: 'map',
        label: 'Map',
        description: 'What needs what, what to protect first, single points of failure',
        group: 'Pages',
        icon: IconSitemap,
        keywords: ['dependencies', 'blast radius', 'journeys', 'SPOF'],
        to: '/map',
      },
      {
        id: 'suppliers',
        label: 'Third parties',
        description: 'Contingency, owner and review of suppliers',
        group: 'Pages',
        icon: IconBuildingStore,
        keywords: ['suppliers', 'vendors'],
        to: '/suppliers',
      },
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
      const { items } = await call(catalog.listServices, { query: { text, kind: 'all', limit: 6 } }, { signal });
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
