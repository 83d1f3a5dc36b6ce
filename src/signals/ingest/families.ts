/** Every family the house knows. A new one is a folder and a line here; nothing else changes. */
import { alertmanager } from './alertmanager/index.ts';
import { azure } from './azure/index.ts';
import { cloudevents } from './cloudevents/index.ts';
import { datadog } from './datadog/index.ts';
import { email } from './email/index.ts';
import type { Family } from './family.ts';
import { gcp } from './gcp/index.ts';
import { generic } from './generic/index.ts';
import { goalert } from './goalert/index.ts';
import { grafana } from './grafana/index.ts';
import { incidentio } from './incidentio/index.ts';
import { oncall } from './oncall/index.ts';
import { opsgenie } from './opsgenie/index.ts';
import { pagerduty } from './pagerduty/index.ts';
import { prometheus } from './prometheus/index.ts';
import { sentry } from './sentry/index.ts';
import { sns } from './sns/index.ts';
import { uptimekuma } from './uptimekuma/index.ts';
import { victorops } from './victorops/index.ts';

export const families: Family[] = [
  alertmanager,
  azure,
  cloudevents,
  datadog,
  email,
  gcp,
  generic,
  goalert,
  grafana,
  incidentio,
  oncall,
  opsgenie,
  pagerduty,
  prometheus,
  sentry,
  sns,
  uptimekuma,
  victorops,
];

const byKind = new Map(families.map((family) => [family.kind, family]));

/** The family of an integration's kind, or undefined for a kind this version does not know. */
export const familyOf = (kind: string): Family | undefined => byKind.get(kind);
