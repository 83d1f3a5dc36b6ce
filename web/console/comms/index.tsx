/** Comms: what customers are told. The status page's components, its subscribers, and writing an update. */
import { IconBroadcast } from '@tabler/icons-react';
import { type Area, screen } from '../../kit/index.ts';
import type {} from '../incidents/slots.ts';
import { CommunicationPanel } from './panel.tsx';

export const area: Area = {
  nav: [{ label: 'Status page', to: '/status-page', icon: IconBroadcast, order: 40, section: 'now' }],
  warRoomPanels: [{ id: 'communication', title: 'Communication', order: 30, component: CommunicationPanel }],
  pages: [
    { path: '/status-page', component: screen(() => import('./status-page.tsx').then((m) => m.StatusPage)) },
    {
      path: '/status-page/subscribers',
      component: screen(() => import('./subscribers.tsx').then((m) => m.Subscribers)),
    },
    { path: '/status-page/copies', component: screen(() => import('./copies.tsx').then((m) => m.Copies)) },
    { path: '/status-page/measures', component: screen(() => import('./measures.tsx').then((m) => m.Measures)) },
    { path: '/status-page/emergency', component: screen(() => import('./emergency.tsx').then((m) => m.Emergency)) },
    { path: '/incidents/$id/update', component: screen(() => import('./composer/page.tsx').then((m) => m.Composer)) },
  ],
};
