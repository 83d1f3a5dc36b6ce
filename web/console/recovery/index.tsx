/** Recovery in the console: readiness and its soak in the war room. */
import type { Area } from '../../kit/index.ts';
import '../incidents/slots.ts';
import { RecoveryPanel } from './panel.tsx';

export const area: Area = {
  pages: [],
  warRoomPanels: [
    {
      id: 'recovery',
      title: 'Recovery',
      order: 20,
      component: RecoveryPanel,
    },
  ],
};
