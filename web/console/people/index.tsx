/** People in the console: pages, who is on call, teams, escalation policies, and how I am reached. */
import { IconBellRinging, IconId, IconPhoneCall, IconRoute, IconUsersGroup, IconRadar } from '@tabler/icons-react';
import { type Area, screen } from '../../kit/index.ts';
import { lazy } from 'react';
import { OpenPagesCount } from './count.tsx';
import { PolicyPicker } from './policy-picker.tsx';

export const area: Area = {
  nav: [
    { label: 'Pages', to: '/pages', icon: IconBellRinging, order: 25, count: OpenPagesCount },
    { label: 'On call', to: '/on-call', icon: IconPhoneCall, order: 30 },
    { label: 'Teams', to: '/teams', icon: IconUsersGroup, order: 30, section: 'prepare' },
    { label: 'Roles', to: '/roles', icon: IconId, order: 30.5, section: 'prepare' },
    { label: 'Escalation', to: '/escalation', icon: IconRoute, order: 31, section: 'prepare' },
    { label: 'Reachability', to: '/reachability', icon: IconRadar, order: 32, section: 'prepare' },
  ],
  pages: [
    { path: '/pages', component: screen(() => import('./pages.tsx').then((m) => m.Pages)) },
    { path: '/pages/$id', component: screen(() => import('./page.tsx').then((m) => m.OnePage)) },
    { path: '/on-call', component: screen(() => import('./on-call.tsx').then((m) => m.OnCallPage)) },
    { path: '/on-call/new', component: screen(() => import('./schedule-editor.tsx').then((m) => m.NewSchedule)) },
    { path: '/on-call/$id', component: screen(() => import('./schedule.tsx').then((m) => m.SchedulePage)) },
    { path: '/on-call/$id/edit', component: screen(() => import('./schedule-editor.tsx').then((m) => m.EditSchedule)) },
    { path: '/teams', component: screen(() => import('./teams.tsx').then((m) => m.Teams)) },
    { path: '/roles', component: screen(() => import('./roles.tsx').then((m) => m.Roles)) },
    { path: '/bench', component: screen(() => import('./bench.tsx').then((m) => m.BenchPage)) },
    { path: '/escalation', component: screen(() => import('./policies.tsx').then((m) => m.Policies)) },
    { path: '/reachability', component: screen(() => import('./reachability.tsx').then((m) => m.ReachabilityPage)) },
    { path: '/settings/contact', component: screen(() => import('./contact.tsx').then((m) => m.ContactMethods)) },
  ],
  overlays: [
    {
      letter: 'w',
      label: 'Who is on call',
      icon: IconPhoneCall,
      keywords: ['now', 'next', 'duty', 'pager', 'reach'],
      component: lazy(async () => ({ default: (await import('./who.tsx')).WhoIsOnCall })),
    },
  ],
  pickers: { policyId: PolicyPicker },
  settings: [{ label: 'My contact methods', to: '/settings/contact', order: 5, group: 'Mine' }],
  spotlight: {
    items: [
      {
        id: 'bench',
        label: 'Bench: who can take which role',
        group: 'Pages',
        to: '/bench',
        icon: IconId,
        keywords: ['certify', 'practice', 'currency', 'rota', 'training', 'shadow'],
      },
      {
        id: 'reachability',
        label: 'Reachability',
        group: 'Pages',
        to: '/reachability',
        icon: IconRadar,
        keywords: ['test page', 'proof', 'gap', 'reach', 'watchdog', 'stuck'],
      },
      {
        id: 'contact',
        label: 'My contact methods',
        group: 'Pages',
        to: '/settings/contact',
        icon: IconBellRinging,
        keywords: ['email', 'webhook', 'sms', 'phone', 'slack', 'ntfy', 'code', 'verify', 'pager'],
      },
    ],
  },
};
