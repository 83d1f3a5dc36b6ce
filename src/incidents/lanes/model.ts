/** Lanes as pure rules: which open, when a report is too old, what closing waits for. */
import type { LaneItemRow, LaneRow, LaneState } from '../tables-command.ts';

export interface LanePlan {
  /** Stable word: `security`. Conditions read it as `lane.security.state`. */
  lane: string;
  title: string;
  /** Whoever holds this role answers for the lane. */
  role: string | null;
  holdsClose: boolean;
  items: string[];
}

/** What a commander coordinates (M31), with the checklist that keeps data and access safe beside the repair (M69). */
export const DEFAULT_LANES: LanePlan[] = [
  { lane: 'engineering', title: 'Engineering', role: 'operations_lead', holdsClose: false, items: [] },
  {
    lane: 'security',
    title: 'Security',
    role: 'security_officer',
    holdsClose: true,
    items: [
      'Could data have been exposed, changed or lost? Say how you know',
      'Logs and evidence of this time are kept',
      'Access given for the incident is taken back, shared credentials are changed',
      'No measure left a protection weaker than before',
    ],
  },
  { lane: 'product', title: 'Product', role: null, holdsClose: false, items: [] },
  { lane: 'support', title: 'Support', role: null, holdsClose: false, items: [] },
];

/** A report older than this is flagged (M31b). */
export const STALE_MINUTES = 15;

/** Whole minutes without a report when that is too long; null while it is fresh, signed, or the incident is over. */
export function staleFor(
  lane: Pick<LaneRow, 'state' | 'reportedAt' | 'openedAt'>,
  active: boolean,
  now: Date,
): number | null {
  if (!active || lane.state === 'signed') return null;
  const minutes = Math.floor((now.getTime() - (lane.reportedAt ?? lane.openedAt).getTime()) / 60_000);
  return minutes >= STALE_MINUTES ? minutes : null;
}

/** What closing waits for, each in a sentence; empty when every lane that holds it is signed. */
export function whatHolds(lanes: readonly LaneRow[], items: readonly LaneItemRow[]): string[] {
  return lanes
    .filter(({ holdsClose, state }) => holdsClose && state !== 'signed')
    .flatMap(({ lane, title }) => {
      const open = items.filter((item) => item.lane === lane && item.state === 'open');
      return open.length > 0 ? open.map(({ text }) => `${title}: ${text}`) : [`${title}: not signed yet`];
    });
}

/** A lane that reports is staffed; `signed` is said by signing only. */
export const stateAfterReport = (state: LaneState, wanted: LaneState | undefined): LaneState =>
  wanted ?? (state === 'unstaffed' || state === 'signed' ? 'working' : state);
