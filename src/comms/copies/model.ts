/** Copies of the public site elsewhere: when a push is tried again, what a copy says, whether what was read back is right. Pure. */
import { createHash } from 'node:crypto';

/** A page is written again so often although nothing changed, so that its “as of” stays true. */
export const REFRESH_MS = 5 * 60_000;
/** Without an incident a copy is read back so often; with one, every minute. */
export const READ_EVERY_MS = 5 * 60_000;
/** A copy may differ for so long before somebody is told (C6). */
export const DRIFT_MS = 5 * 60_000;
/** A copy whose words are older than this is no copy any more: one refresh and a cache in between. */
export const OLD_MS = 2 * REFRESH_MS;

/** Milliseconds before the next try: 5 s, doubling, at most five minutes. */
export const retryAfter = (tries: number): number => Math.min(5000 * 2 ** Math.max(0, tries - 1), 300_000);

/** The file that is read back. */
export const READ_BACK = 'api/v2/summary.json';

interface Summary {
  page?: { updated_at?: unknown };
  status?: { indicator?: unknown };
  components?: { id?: unknown; status?: unknown }[];
  incidents?: { id?: unknown; incident_updates?: { id?: unknown; updated_at?: unknown }[] }[];
  scheduled_maintenances?: { id?: unknown; status?: unknown }[];
  x_notices?: unknown;
}

/** What a summary tells, without the time at which it was written: two summaries that say the same have the same. */
export function saidOf(text: string): { said: string; at: Date } | undefined {
  try {
    const summary = JSON.parse(text) as Summary;
    const at = new Date(String(summary.page?.updated_at));
    if (Number.isNaN(at.getTime()) || !Array.isArray(summary.components)) return undefined;
    const words = [
      summary.status?.indicator,
      summary.components.map(({ id, status }) => [id, status]),
      (summary.incidents ?? []).map(({ id, incident_updates = [] }) => [
        id,
        incident_updates.map((update) => [update.id, update.updated_at]),
      ]),
      (summary.scheduled_maintenances ?? []).map(({ id, status }) => [id, status]),
    ];
    return { said: createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 24), at };
  } catch {
    return undefined;
  }
}

export interface Reading {
  state: 'same' | 'other' | 'old' | 'unreadable';
  detail: string | null;
}

/** Compares what stands there with what should. `found`: the text, or why there is none. */
export function judge(found: { text: string } | { error: string }, expected: string, now: Date): Reading {
  if ('error' in found) return { state: 'unreadable', detail: found.error.slice(0, 300) };
  const read = saidOf(found.text);
  if (!read) return { state: 'unreadable', detail: 'what stands there is not a summary of a status page' };
  if (read.said !== expected)
    return { state: 'other', detail: `it says something else, as of ${read.at.toISOString().slice(11, 16)} UTC` };
  if (now.getTime() - read.at.getTime() > OLD_MS)
    return { state: 'old', detail: `it was last true at ${read.at.toISOString().slice(11, 16)} UTC` };
  return { state: 'same', detail: null };
}

/** What has to be written and what has to go, from what stands there and what should. */
export function difference(
  stands: Record<string, string>,
  files: Map<string, { digest: string }>,
): { write: string[]; remove: string[] } {
  return {
    write: [...files].filter(([path, { digest }]) => stands[path] !== digest).map(([path]) => path),
    remove: Object.keys(stands).filter((path) => !files.has(path)),
  };
}
