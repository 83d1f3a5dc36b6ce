/** Everything the public page shows, and nothing else: what is not in here cannot leak. */
import type { EmergencyKey, PublicNotice } from '../notices/note.ts';
import type { Phrase } from './render/words/phrases.ts';
import type { ComponentState, MessageKind, PublicStatus, UpdateFields } from '../lint/index.ts';

export interface PublicComponent {
  id: string;
  name: string;
  group: string | null;
  description: string | null;
  position: number;
  state: ComponentState;
  stateSince: Date;
  createdAt: Date;
  /** The worst state of each of the last 90 days, oldest first; null before the component existed. */
  days: (ComponentState | null)[];
}

/** The parts of a message that are public; evidence is not among them. */
export type PublicFields = Omit<
  UpdateFields,
  'dataImpact' | 'componentStates' | 'nothingUnknown' | 'variants' | 'recurrenceReason' | 'supplierPublished'
> & {
  dataImpact: { state: string; sentence: string } | null;
  /** Visible components only: name and state. */
  components: { id: string; name: string; state: ComponentState }[];
};

export interface PublicUpdate {
  id: string;
  kind: MessageKind;
  status: PublicStatus;
  fields: PublicFields;
  publishedAt: Date;
  /** Set when the text was corrected after it was published; `earlier` holds what it said before, newest first. */
  editedAt: Date | null;
  /** Published by itself, in words approved beforehand, because nobody had written in time. */
  automatic: boolean;
  correctionReason: string | null;
  /** Words for one audience only; the page shows none of them. */
  variants?: UpdateFields['variants'];
  /** Set when it was taken back after it was published: it stays readable, marked as such. */
  retractedAt?: Date;
  retractedReason?: string;
  earlier: { publishedAt: Date; fields: PublicFields }[];
}

export interface PublicIncident {
  /** Opaque; tells nothing about how many incidents there are. */
  publicId: string;
  startedAt: Date;
  firstPublishedAt: Date;
  updatedAt: Date;
  resolvedAt: Date | null;
  withdrawnAt: Date | null;
  /** Newest first, at least one. */
  updates: PublicUpdate[];
}

export interface PublicMaintenance {
  publicId: string;
  title: string;
  body: string;
  startsAt: Date;
  endsAt: Date;
  state: 'scheduled' | 'in_progress' | 'completed' | 'cancelled';
  createdAt: Date;
  updatedAt: Date;
  components: { id: string; name: string }[];
}
export const overMaintenance = ({ state }: PublicMaintenance): boolean =>
  state === 'completed' || state === 'cancelled';

export interface Snapshot {
  page: {
    /** For programs. */
    id: string;
    name: string;
    about: string;
    url: string;
    supportContact: string;
    accent: string;
    language: string;
    /** Other languages that the frame is written in. */
    languages: string[];
    accentDark: string;
    /** Whether `assets/logo.png` is there. */
    logo: boolean;
    canSubscribe: boolean;
  };
  /** When this was read from the database. */
  asOf: Date;
  components: PublicComponent[];
  /** Active first, then by start, newest first. */
  incidents: PublicIncident[];
  /** In the order of their beginning. */
  maintenances: PublicMaintenance[];
  /** Announced by hand in an emergency, not over yet; newest first. */
  notices: PublicNotice[];
  /** Who may announce by hand: public halves only. */
  emergencyKeys: EmergencyKey[];
}

export const isActive = (incident: PublicIncident): boolean =>
  incident.resolvedAt === null && incident.withdrawnAt === null;

const RANK: ComponentState[] = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
];
/** The worse of two states. */
export const worse = (a: ComponentState, b: ComponentState): ComponentState =>
  RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
export const worstOf = (states: ComponentState[]): ComponentState => states.reduce(worse, 'operational');

export const STATE_WORDS = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
} as const satisfies Record<ComponentState, Phrase>;
export const STATUS_WORDS = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
} as const satisfies Record<PublicStatus, Phrase>;

/** What the top of the page says about everything: never better than any component or any message that is still open. */
export function overall(snapshot: Pick<Snapshot, 'components' | 'incidents'> & { notices: unknown[] }): {
  state: ComponentState | 'unknown';
  words: Phrase;
} {
  const active = snapshot.incidents.filter(isActive);
  const states = snapshot.components.map(({ state }) => state);
  if (states.length === 0 && active.length === 0 && snapshot.notices.length === 0)
    return { state: 'unknown', words: 'Nothing is reported here yet' };
  const worst = worstOf(states);
  if (snapshot.notices.length > 0 && worst !== 'major_outage')
    return { state: 'partial_outage', words: 'There is a disruption: please read the notice' };
  const all = states.length > 0 && states.every((state) => state === worst);
  if (worst === 'major_outage')
    return {
      state: worst,
      words: all ? 'Our services are not available' : 'Some services are not available',
    };
  if (worst === 'partial_outage') return { state: worst, words: 'Some services are partly unavailable' };
  if (worst === 'degraded_performance') return { state: worst, words: 'Some services are slower or limited' };
  if (active.length > 0) {
    const watching = active.every((incident) => incident.updates[0]?.status === 'monitoring');
    return {
      state: 'degraded_performance',
      words: watching ? 'A disruption is over; we are still watching' : 'We are looking into a disruption',
    };
  }
  if (worst === 'under_maintenance') return { state: worst, words: 'Some services are under maintenance' };
  return { state: 'operational', words: 'All services are working' };
}

export const DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * The worst state of each UTC day, from the state now and the changes back in time (newest first).
 * Days before the component existed are null.
 */
export function dayStates(
  now: Date,
  createdAt: Date,
  state: ComponentState,
  changes: { at: Date; from: ComponentState; to: ComponentState }[],
  days = DAYS,
): (ComponentState | null)[] {
  const today = Math.floor(now.getTime() / DAY_MS);
  const born = Math.floor(createdAt.getTime() / DAY_MS);
  const result: (ComponentState | null)[] = [];
  let at = 0;
  let current = state;
  for (let day = today; day > today - days; day--) {
    if (day < born) {
      result.push(null);
      continue;
    }
    // `current` is the state at the end of this day; every change within it brings in the state before.
    let worst = current;
    for (let change = changes[at]; change && change.at.getTime() >= day * DAY_MS; change = changes[++at]) {
      worst = worse(worst, worse(change.to, change.from));
      current = change.from;
    }
    result.push(worst);
  }
  return result.reverse();
}
