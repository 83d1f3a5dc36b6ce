/** What correlation looks at and what it finds: types, limits and their order. Pure. */
import type { Topology } from '#catalog';
import type { Severity } from '../model.ts';

/** An open group, as far as this decision needs it. */
export interface Sighting {
  groupId: string;
  serviceId: string;
  /** When it began, in milliseconds: its source's own time when usable, else when it was received. */
  since: number;
  severity: Severity;
  /** Somebody was asked about it, took it, or an incident has it. */
  asked: boolean;
  /** The correlation it stands in already. */
  correlationId: string | null;
}

/** A correlation that is open already. */
export interface Known {
  id: string;
  originId: string;
  leadGroupId: string;
  silent: boolean;
  lastJoinedAt: number;
  /** Services a person took out of it. */
  separated: readonly string[];
}

export interface Limits {
  /** A group joins what began, or was joined, within this time. */
  windowMs: number;
  /** So many services must alert before an upstream that does not alert itself is held for the cause … */
  silentFrom: number;
  /** … or so many, when that upstream was changed shortly before. */
  silentFromChanged: number;
  /** And at least this share of what directly needs it must be affected. */
  silentShare: number;
}

export const LIMITS: Limits = { windowMs: 10 * 60_000, silentFrom: 3, silentFromChanged: 2, silentShare: 0.3 };

/** A change counts as “shortly before” for this long. */
export const CHANGED_WITHIN_MS = 60 * 60_000;

export interface Cluster {
  originId: string;
  /** The origin does not alert itself. */
  silent: boolean;
  lead: Sighting;
  /** Without the lead, in the order in which they began. */
  members: Sighting[];
  reasons: string[];
}

export interface Scene {
  topology: Topology;
  sightings: readonly Sighting[];
  known: readonly Known[];
  /** When a service was changed last, and what that was. */
  changes: ReadonlyMap<string, { at: number; summary: string }>;
  /** Suppliers that report trouble on their own status pages just now, and what they call it. */
  reports?: ReadonlyMap<string, string>;
  limits: Limits;
}

/** What was changed there shortly before the first sign, if anything. */
export function changedBefore(
  { changes }: Scene,
  id: string,
  began: number,
): { at: number; summary: string } | undefined {
  const change = changes.get(id);
  return change && change.at <= began + CLOCKS_DIFFER_MS && began - change.at <= CHANGED_WITHIN_MS ? change : undefined;
}
const CLOCKS_DIFFER_MS = 60_000;

const RANK: Record<Severity, number> = { critical: 2, error: 2, warning: 1, info: 0 };
/** How urgently people are asked about it: a group is only ever held by one that asks as urgently. */
export const rankOf = (severity: Severity): number => RANK[severity];

/** By when they began. */
export const inOrder = (a: Sighting, b: Sighting) => a.since - b.since || (a.groupId < b.groupId ? -1 : 1);

export type Found = Omit<Cluster, 'reasons'>;

/** What a person took out of one case is in none, as long as that case is open: they said that it has a cause of its own. */
export const takenOut = (known: readonly Known[]): Set<string> => new Set(known.flatMap((one) => one.separated));
