/** How well we keep our word, counted in pure code: updates in time, promises kept, what readers say. */

/** An update this late still counts as in time (domain 2.5). */
export const GRACE_MS = 60_000;

export interface Owed {
  dueAt: Date;
  /** Null: never published. */
  publishedAt: Date | null;
}

/** `2026-Q4`, by UTC. */
export const quarterOf = (at: Date): string => `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;

export interface Punctuality {
  quarter: string;
  due: number;
  onTime: number;
  /** 0 to 1; null when nothing was due. */
  share: number | null;
}

/** Updates on time ÷ updates due, by the quarter in which they were due. What is not due yet is not counted. */
export function punctuality(owed: Owed[], now: Date): Punctuality[] {
  const map = new Map<string, { due: number; onTime: number }>();
  for (const { dueAt, publishedAt } of owed) {
    const inTime = publishedAt !== null && publishedAt.getTime() <= dueAt.getTime() + GRACE_MS;
    // Published before it was due counts; still open and within grace does not, yet.
    if (!inTime && now.getTime() <= dueAt.getTime() + GRACE_MS) continue;
    const quarter = quarterOf(dueAt);
    const row = map.get(quarter) ?? { due: 0, onTime: 0 };
    map.set(quarter, { due: row.due + 1, onTime: row.onTime + Number(inTime) });
  }
  return [...map]
    .map(([quarter, row]) => ({ quarter, ...row, share: row.due === 0 ? null : row.onTime / row.due }))
    .sort((a, b) => b.quarter.localeCompare(a.quarter));
}

export interface Score {
  kept: number;
  missed: number;
  withdrawn: number;
  open: number;
  /** Kept ÷ (kept + missed); null when there are none. What was withdrawn in time is listed, not counted. */
  share: number | null;
}

/** Each promise once, by how it ended. */
export function scoreOf(states: ('open' | 'kept' | 'missed' | 'withdrawn')[]): Score {
  const count = (state: string) => states.filter((one) => one === state).length;
  const [kept, missed] = [count('kept'), count('missed')];
  return {
    kept,
    missed,
    withdrawn: count('withdrawn'),
    open: count('open'),
    share: kept + missed === 0 ? null : kept / (kept + missed),
  };
}
