/** Incidents: the list, the war room, and the dialog that declares from anywhere. */
import { IconFlame, IconTable } from '@tabler/icons-react';
import { endpoints as incidents } from '#contract/incidents';
import { type Area, call, screen } from '../../kit/index.ts';
import { ActiveCount } from './count.tsx';
import { DeclareDialog } from './declare.tsx';
import { LookalikesPanel } from './record/lookalikes.tsx';
import { RecordPanel } from './record/panel.tsx';

export const area: Area = {
  nav: [{ label: 'Incidents', to: '/incidents', icon: IconFlame, order: 5, count: ActiveCount }],
  pages: [
    { path: '/incidents', component: screen(() => import('./list.tsx').then((m) => m.IncidentList)) },
    { path: '/raci', component: screen(() => import('./raci.tsx').then((m) => m.RaciPage)) },
    {
      path: '/settings/chat',
      component: screen(() => import('./chat-settings.tsx').then((m) => m.ChatSettings)),
    },
    {
      path: '/imported-records',
      component: screen(() => import('./record/imported-list.tsx').then((m) => m.ImportedList)),
    },
    {
      path: '/imported-records/$recordId',
      component: screen(() => import('./record/imported.tsx').then((m) => m.ImportedRecordPage)),
    },
    { path: '/incidents/$id', component: screen(() => import('./room/room.tsx').then((m) => m.WarRoom)) },
  ],
  warRoomPanels: [
    { id: 'seen-before', title: 'Seen before', order: 5, column: 'side', component: LookalikesPanel, bare: true },
    { id: 'record', title: 'Record', order: 90, column: 'side', component: RecordPanel, bare: true },
  ],
  settings: [
    { label: 'Chat and calls', to: '/settings/chat', order: 30, group: 'Installation', needs: 'settings.read' },
  ],
  declare: DeclareDialog,
  spotlight: {
    items: [
      {
        id: 'raci',
        label: 'Who does what in an incident (RACI)',
        group: 'Pages',
        to: '/raci',
        icon: IconTable,
        keywords: ['responsible', 'accountable', 'consulted', 'informed', 'matrix', 'duties'],
      },
      {
        id: 'imported-records',
        label: 'Records from elsewhere',
        group: 'Pages',
        to: '/imported-records',
        icon: IconTable,
        keywords: ['import', 'bundle', 'archive', 'evidence', 'verify'],
      },
    ],
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
