/** The scenarios that come with the product, and the one people write themselves. */
import { cardPaymentsSlow } from './cardPaymentsSlow.ts';
import { partialOutage } from './partialOutage.ts';
import type { Scenario } from './shape.ts';
import { supplierFilesLate } from './supplierFilesLate.ts';

export type { Family, Inject, Scenario } from './shape.ts';

export const FREE_FORM = 'free-form';

/** A single critical alert with the facilitator's own words; everything else is up to the players. */
export const freeForm = (title: string, brief: string): Scenario => ({
  name: FREE_FORM,
  title,
  family: 'partial_outage',
  brief,
  objectives: ['Somebody acknowledges within 5 minutes', 'An incident is declared and has a commander'],
  minutes: 60,
  injects: [{ kind: 'alert', afterMinutes: 0, key: 'free-form', severity: 'critical', text: title }],
});

export const scenarios: readonly Scenario[] = [cardPaymentsSlow, partialOutage, supplierFilesLate];
export const scenarioByName = (name: string) => scenarios.find((scenario) => scenario.name === name);
