/** Settings of access: people and roles, tokens, sessions, the audit log, the installation. */
import { type Area, screen } from '../../kit/index.ts';
import { PeoplePicker, ZonePicker } from './pickers.tsx';

export const area: Area = {
  pages: [
    {
      path: '/settings/people',
      component: screen(() => import('./people.tsx').then((m) => m.People)),
    },
    {
      path: '/settings/tokens',
      component: screen(() => import('./tokens.tsx').then((m) => m.Tokens)),
    },
    {
      path: '/settings/sessions',
      component: screen(() => import('./sessions.tsx').then((m) => m.Sessions)),
    },
    {
      path: '/settings/audit',
      component: screen(() => import('./audit.tsx').then((m) => m.Audit)),
    },
    {
      path: '/settings/installation',
      component: screen(() => import('./installation.tsx').then((m) => m.Installation)),
    },
  ],
  pickers: { timeZone: ZonePicker, userIds: PeoplePicker },
  settings: [
    {
      label: 'People and roles',
      to: '/settings/people',
      order: 10,
      group: 'Team',
      needs: 'read',
    },
    { label: 'API tokens', to: '/settings/tokens', order: 20, group: 'Mine' },
    { label: 'Sessions', to: '/settings/sessions', order: 10, group: 'Mine' },
    {
      label: 'Audit log',
      to: '/settings/audit',
      order: 20,
      group: 'Installation',
      needs: 'audit.read',
    },
    {
      label: 'Installation',
      to: '/settings/installation',
      order: 10,
      group: 'Installation',
      needs: 'settings.read',
    },
  ],
};
