/**
 * What is carried over from another pager, in our own words, before it is looked at what is here already. Pure.
 *
 * An *item* is one thing that could be made here. It names others by *reference* (`schedule/PI7DH85`, the id in the old
 * pager); what those are here is worked out only when the plan is made.
 */
import type { LayerFields, When } from '#people';

export const KINDS = [
  'user',
  'team',
  'schedule',
  'override',
  'policy',
  'service',
  'integration',
  'heartbeat',
  'component',
] as const;
/** In the order in which they are made: each names only those before it. */
export type Kind = (typeof KINDS)[number];

export const VENDORS = ['pagerduty', 'opsgenie', 'oncall', 'goalert', 'statuspage'] as const;
export type VendorName = (typeof VENDORS)[number];

/** `kind/source id`. */
export type Ref = string;
export const refTo = (kind: Kind, sourceId: string): Ref => `${kind}/${sourceId}`;
/** `user/P1` as kind and id; the id may hold slashes. */
export function readRef(ref: Ref): { kind: Kind; sourceId: string } {
  const at = ref.indexOf('/');
  return { kind: ref.slice(0, at) as Kind, sourceId: ref.slice(at + 1) };
}

/** Something that is not carried as it was, and what a person can do about it. */
export interface Note {
  text: string;
  todo: string;
}

export type Role = 'viewer' | 'responder' | 'manager';
export interface Contact {
  kind: 'email' | 'sms' | 'voice';
  value: string;
  label: string;
}
export interface UserFields {
  email: string;
  name: string;
  role: Role;
  contacts: Contact[];
}
export interface TeamFields {
  name: string;
  description: string;
  members: { user: Ref; role: 'lead' | 'member' | 'alternate' }[];
}
/** A layer with references in place of people. */
export type LayerDraft = LayerFields;
export interface ScheduleFields {
  name: string;
  team: Ref | null;
  zone: string;
  layers: LayerDraft[];
}
export interface OverrideFields {
  schedule: Ref;
  user: Ref;
  /** Only where this person would be on duty. */
  replaces: Ref | null;
  from: string;
  to: string;
  reason: string;
}
export interface PolicyTarget {
  kind: 'schedule' | 'user' | 'team' | 'team_on_call';
  ref: Ref;
}
export interface PolicyStep {
  delaySeconds: number;
  targets: PolicyTarget[];
  call?: 'round_robin';
  when?: When;
}
export interface PolicyFields {
  name: string;
  team: Ref | null;
  steps: PolicyStep[];
  repeat: number;
  /** Minutes after which a taken page asks again; null never. */
  ackTimeoutMinutes: number | null;
}
export interface ServiceFields {
  name: string;
  description: string;
  team: Ref | null;
  policy: Ref | null;
}
export interface IntegrationFields {
  name: string;
  kind: string;
  service: Ref | null;
}
export interface HeartbeatFields {
  name: string;
  integration: Ref;
  description: string;
  intervalSeconds: number;
  enabled: boolean;
  severity: 'critical' | 'error' | 'warning' | 'info';
  alertMessage: string;
  tags: string[];
}

/** Of a status page. Which services stand behind it is said here. */
export interface ComponentFields {
  name: string;
  group: string | null;
  description: string | null;
  visible: boolean;
}

export interface FieldsOf {
  user: UserFields;
  team: TeamFields;
  schedule: ScheduleFields;
  override: OverrideFields;
  policy: PolicyFields;
  service: ServiceFields;
  integration: IntegrationFields;
  heartbeat: HeartbeatFields;
  component: ComponentFields;
}
export type Item<K extends Kind = Kind> = {
  [P in K]: {
    kind: P;
    sourceId: string;
    /** What it is called there. */
    name: string;
    fields: FieldsOf[P];
    notes: Note[];
    /** Why it cannot be carried at all; null when it can. */
    refused: string | null;
    /** What to do when it is refused. */
    todo: string | null;
  };
}[K];

export const keyOf = (item: { kind: Kind; sourceId: string }) => `${item.kind}:${item.sourceId}`;

/** An item as vendors make it. */
export const item = <K extends Kind>(
  kind: K,
  sourceId: string,
  name: string,
  fields: FieldsOf[K],
  notes: Note[] = [],
) => ({ kind, sourceId, name, fields, notes, refused: null, todo: null }) as Item<K>;

/** An item that cannot be carried; its fields are only there to be shown. */
export const refusedItem = <K extends Kind>(
  kind: K,
  sourceId: string,
  name: string,
  fields: FieldsOf[K],
  refused: string,
  todo: string,
) => ({ kind, sourceId, name, fields, notes: [], refused, todo }) as Item<K>;

/** Who is on call by the vendor's own reckoning. */
export interface Rendered {
  /** Our schedules that together stand for the vendor's one. */
  scheduleIds: string[];
  from: string;
  to: string;
  shifts: { from: string; to: string; user: Ref }[];
}

/** Everything a vendor's answers come to. */
export interface Carried {
  items: Item[];
  /** What has no row of its own. */
  notes: Note[];
  rendered: Rendered[];
}

/** What was read of a pager: lists of records as the vendor gives them, by name. */
export interface Snapshot {
  vendor: VendorName;
  /** When it was read; shifts and overrides that had ended by then are left out. */
  readAt: string;
  parts: Record<string, Json[]>;
  /** What the key was not allowed to read, or what the vendor does not have. */
  unread: { what: string; why: string }[];
}
export type Json = Record<string, any>;

/** At most `length` characters, whole ones. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${[...text].slice(0, length - 1).join('')}…`.slice(0, length);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
