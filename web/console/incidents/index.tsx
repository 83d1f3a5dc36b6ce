/** Incidents: the list, the war room, and the dialog that declares from anywhere. */
import { IconFlame } from '@tabler/icons-react';
import { endpoints as incidents } from '#contract/incidents';
import { type Area, call, screen } from '../../kit/index.ts';
import { ActiveCount } from './count.tsx';
import { DeclareDialog } from './declare.tsx';

export const area: Area = {
  nav: [{ label: 'Incidents', to: '/incidents', icon: IconFlame, order: 5, count: ActiveCount }],
  pages: [
    { path: '/incidents', component: screen(() => import('./list.tsx').then((m) => m.IncidentList)) },
    { path: '/incidents/$id', component: screen(() => import('./room/room.tsx').then((m) => m.WarRoom)) },
  ],
  declare: DeclareDialog,
  spotlight: {
    search: async (text, signal) => {
      const { items } = await call(incidents.list, { query: { q: text, limit: 6 } }, { signal });
      return items.map(({ id, key, title, phase, exercise }) => ({
        id: `incident:${id}`,
        label: `${key} ${title}`,
        description: `${exercise ? 'Exercise, ' : ''}${phase.replace('_', ' ')}`,
        group: 'Incidents',
        icon: IconFlame,
        to: `/incidents/${key}`,
      }));
    },
  },
};
