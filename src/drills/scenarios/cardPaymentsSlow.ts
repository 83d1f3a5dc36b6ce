/** Latency: a supplier answers slowly, retries make it worse, customers wait at the checkout. */
import type { Scenario } from './shape.ts';

export const cardPaymentsSlow: Scenario = {
  name: 'card-payments-slow',
  title: 'Card payments slow',
  family: 'latency',
  brief:
    'The card payment step answers slowly and some payments time out. Practise the whole path: acknowledge, declare, ' +
    'name a commander, contain, tell customers in a draft, recover. Nothing you do here reaches a customer.',
  objectives: [
    'Somebody acknowledges within 5 minutes',
    'An incident is declared and has a commander within 10 minutes',
    'The harm is contained before the cause is known',
    'A customer update is drafted within 20 minutes',
  ],
  minutes: 60,
  injects: [
    {
      kind: 'alert',
      afterMinutes: 0,
      key: 'checkout-latency',
      severity: 'critical',
      text: '95 of 100 card payments take longer than 8 s',
      labels: { alertname: 'CardPaymentsSlow' },
    },
    {
      kind: 'alert',
      afterMinutes: 4,
      key: 'payment-retries',
      severity: 'error',
      text: 'Retries to the card provider are eight times the usual',
      labels: { alertname: 'PaymentRetriesHigh' },
    },
    {
      kind: 'message',
      afterMinutes: 7,
      text: 'Support: three customers ask whether they were charged twice. What shall we tell them?',
    },
    {
      kind: 'message',
      afterMinutes: 15,
      text: 'The provider writes: "We see elevated response times and are looking into it." No time is given.',
    },
    { kind: 'resolve', afterMinutes: 35, key: 'payment-retries', text: 'Retries are back to the usual' },
    { kind: 'resolve', afterMinutes: 40, key: 'checkout-latency', text: 'Card payments answer within 1 s again' },
  ],
};
