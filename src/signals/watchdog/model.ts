/** How far a synthetic trip has come, and what is to be done about it now. Pure. */

/** In the order in which a trip passes them. `providers`: every real page of late has failed at its provider. */
export const STAGES = ['ingest', 'processing', 'paging', 'sender', 'scheduler', 'receipt', 'providers'] as const;
export type Stage = (typeof STAGES)[number];

/** What is seen of a trip at this moment. */
export interface Seen {
  /** The door answered and stored it. */
  accepted: boolean;
  /** It became an alert in a group. */
  grouped: boolean;
  paged: boolean;
  /** Turns the page has taken. */
  turns: number;
  /** Messages of it that have arrived in the sink. */
  receipts: number;
  /** Of the real pages of the last minutes that have settled: arrived and failed. */
  arrived: number;
  failed: number;
}

/** So many real pages must have failed, and none arrived, before the providers are to blame. */
const FAILED_PAGES = 3;

/** The first stage that is not passed; null when the whole way is. */
export function missingStage(seen: Seen): Stage | null {
  if (!seen.accepted) return 'ingest';
  if (!seen.grouped) return 'processing';
  if (!seen.paged || seen.turns < 1) return 'paging';
  if (seen.receipts < 1) return 'sender';
  // The second turn is taken by the timer of the page, like every escalation.
  if (seen.turns < 2) return 'scheduler';
  if (seen.receipts < 2) return 'receipt';
  if (seen.failed >= FAILED_PAGES && seen.arrived === 0) return 'providers';
  return null;
}

export type Deed = { do: 'wait' } | { do: 'ping' } | { do: 'give_up'; stage: Stage };

/** What to do about a running trip. */
export function judgeTrip(seen: Seen, ageMs: number, limitMs: number): Deed {
  const stage = missingStage(seen);
  if (stage === null) return { do: 'ping' };
  // A provider that refuses everything does not get better by waiting for the trip.
  if (stage === 'providers' || ageMs >= limitMs) return { do: 'give_up', stage };
  return { do: 'wait' };
}

/** What each stage means to whoever is called about it. */
export const STAGE_WORDS: Record<Stage, string> = {
  ingest: 'the door of ingest did not take a signal',
  processing: 'a signal that was taken did not become an alert',
  paging: 'an alert did not start a page',
  sender: 'the first message of a page did not leave',
  scheduler: 'the next step of a page did not come',
  receipt: 'the message of the next step did not leave',
  providers: 'every page of the last minutes failed at its provider',
};
