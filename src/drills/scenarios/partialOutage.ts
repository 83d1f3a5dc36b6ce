/** Partial outage: one of two machines of a service answers with errors, every other request of a customer fails. */
import type { Scenario } from './shape.ts';

export const partialOutage: Scenario = {
  name: 'half-of-requests-fail',
  title: 'Half of the requests fail',
  family: 'partial_outage',
  brief:
    'After a release every second request is answered with an error. The release is finished and looks green. ' +
    'Practise to undo first and to understand second.',
  objectives: [
    'Somebody acknowledges within 5 minutes',
    'The last change is found and undone, or the broken part is taken out',
    'Nobody releases anything else meanwhile',
  ],
  minutes: 45,
  injects: [
    {
      kind: 'alert',
      afterMinutes: 0,
      key: 'request-errors',
      severity: 'critical',
      text: '50 of 100 requests fail',
      labels: { alertname: 'RequestErrorsHigh' },
    },
    { kind: 'message', afterMinutes: 3, text: 'A colleague: "My release went out fine ten minutes ago, all green."' },
    {
      kind: 'message',
      afterMinutes: 9,
      text: 'Sales: a customer with a contract renewal next week calls. Is it all down?',
    },
    { kind: 'resolve', afterMinutes: 30, key: 'request-errors', text: 'No request fails any more' },
  ],
};
