/** The words of the public page, as the console shows them too. */
import type { Component, Message } from '#contract/comms';
import type { Tone } from '../../kit/index.ts';

type State = Component['state'];

export const STATES: { value: State; label: string; tone: Tone }[] = [
  { value: 'operational', label: 'Operational', tone: 'ok' },
  { value: 'degraded_performance', label: 'Degraded performance', tone: 'notice' },
  { value: 'partial_outage', label: 'Partial outage', tone: 'warn' },
  { value: 'major_outage', label: 'Major outage', tone: 'danger' },
  { value: 'under_maintenance', label: 'Under maintenance', tone: 'progress' },
];
export const stateWord = (state: State) => STATES.find(({ value }) => value === state)?.label ?? state;
export const stateTone = (state: State): Tone => STATES.find(({ value }) => value === state)?.tone ?? 'idle';

export const KIND_WORDS: Record<Message['kind'], string> = {
  initial: 'First message',
  scope: 'How far it reaches',
  update: 'Update',
  containment: 'Containment',
  recovery_progress: 'Recovery progress',
  setback: 'Setback',
  resolution: 'Resolution',
  post_incident: 'Report',
  internal_brief: 'Internal brief',
  direct: 'Direct notice',
};

export const CHANNEL_WORDS = {
  status_page: 'Status page',
  email: 'E-mail',
  webhook: 'Webhooks',
  sms: 'SMS',
  slack: 'Slack rooms',
  teams: 'Teams rooms',
  critical: 'Critical operations',
  banner: 'Banner',
  mastodon: 'Mastodon',
  bluesky: 'Bluesky',
  x: 'X',
  linkedin: 'LinkedIn',
  mirror: 'Mirror',
} as const;

export const AUDIENCE_WORDS = {
  banner: 'Banner in the product',
  sms: 'SMS',
  social: 'Social networks',
  critical: 'Critical operations',
  developer: 'Developers',
  partner: 'Partners',
  support: 'Support',
  executive: 'Executives',
} as const;

export const DATA_STATES = [
  { value: 'under_investigation', label: 'Being looked into' },
  { value: 'none_verified', label: 'No effect, verified' },
  { value: 'delayed', label: 'Delayed' },
  { value: 'wrong', label: 'Wrong' },
  { value: 'lost', label: 'Lost' },
  { value: 'exposed', label: 'Exposed to others' },
];

/** What a field is called on the screen, by its path. */
export const FIELD_WORDS: Record<string, string> = {
  headline: 'Headline',
  impact: 'What is affected',
  known: 'What we know',
  unknown: 'What we do not know yet',
  doing: 'What we are doing',
  customerActions: 'What customers can do',
  dataImpact: 'Customers’ data',
  nextUpdateBy: 'Next update by',
  estimate: 'What we expect',
  apology: 'Apology',
  protection: 'How customers are protected',
  changes: 'What we are changing',
  settled: 'What we did not know last time',
  recurrence: 'Earlier incidents',
  expectation: 'How well it works now',
  componentStates: 'Status page',
};
export const fieldWord = (path: string) => FIELD_WORDS[path.split('.')[0] ?? ''] ?? path;
