/** Drills: practice over the real path, and the sign above every page while one runs. */
import { IconMasksTheater } from '@tabler/icons-react';
import { type Area, screen } from '../../kit/index.ts';
import { RunningBanner } from './banner.tsx';

export const area: Area = {
  nav: [{ label: 'Drills', to: '/drills', icon: IconMasksTheater, order: 62, section: 'learn' }],
  pages: [
    { path: '/drills', component: screen(() => import('./list.tsx').then((m) => m.Drills)) },
    { path: '/drills/$id', component: screen(() => import('./exercise.tsx').then((m) => m.ExercisePage)) },
  ],
  spotlight: {
    items: [
      {
        id: 'drills:start',
        label: 'Start an exercise',
        description: 'Practise over the real path; nothing reaches customers',
        group: 'Actions',
        icon: IconMasksTheater,
        keywords: ['drill', 'practice', 'game day'],
        to: '/drills?start=1',
      },
    ],
  },
  banner: RunningBanner,
};
