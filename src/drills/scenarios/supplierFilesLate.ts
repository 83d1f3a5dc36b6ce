/** Delayed data: nothing is down, dashboards are green, and what customers see is hours old. */
import type { Scenario } from './shape.ts';

export const supplierFilesLate: Scenario = {
  name: 'data-hours-late',
  title: 'Data is hours late and nothing is down',
  family: 'data_delay',
  brief:
    'A feed stopped hours ago. Every service answers, every dashboard is green, and customers work with old data. ' +
    'Practise to say so honestly, to hold what must not go out, and to catch up without doing anything twice.',
  objectives: [
    'The age of the data is known and told, not the state of the services',
    'What must not go out with old data is held',
    'Catching up is done once, and checked',
  ],
  minutes: 60,
  injects: [
    {
      kind: 'alert',
      afterMinutes: 0,
      key: 'feed-age',
      severity: 'error',
      text: 'The newest supplier file is three hours old',
      labels: { alertname: 'FeedTooOld' },
    },
    {
      kind: 'message',
      afterMinutes: 6,
      text: 'Support: a customer ordered at a price that is no longer right. Do we honour it?',
    },
    {
      kind: 'message',
      afterMinutes: 14,
      text: 'The supplier: "We will send all files again in one go." Is that welcome?',
    },
    { kind: 'resolve', afterMinutes: 40, key: 'feed-age', text: 'The newest supplier file is four minutes old' },
  ],
};
