/** Every family the house knows. A new one is a folder and a line here; nothing else changes. */
import { alertmanager } from './alertmanager/index.ts';
import type { Family } from './family.ts';
import { opsgenie } from './opsgenie/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { prometheus } from './prometheus/index.ts';

export const families: Family[] = [alertmanager, opsgenie, pagerduty, prometheus];

const byKind = new Map(families.map((family) => [family.kind, family]));

/** The family of an integration's kind, or undefined for a kind this version does not know. */
export const familyOf = (kind: string): Family | undefined => byKind.get(kind);
