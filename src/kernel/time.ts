/** Durations and instants. Domain code gets the present from `ctx.now` and never asks a clock. */

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90s`, `5m`, `1h30m`, `2d` into milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const found = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (found.length === 0 || found.map((m) => m[0]).join('') !== text.trim().replaceAll(' ', '')) return undefined;
  return found.reduce((sum, m) => sum + Number(m[1]) * (UNITS[m[2] ?? ''] ?? 0), 0);
}

/** Writes milliseconds the way people say them: `1 h 30 min`. */
export function sayDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (Math.abs(ms) < 60_000) return `${Math.round(ms / 1000)} s`;
  if (Math.abs(minutes) < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

export const addMs = (at: Date, ms: number) => new Date(at.getTime() + ms);
export const secondsBetween = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / 1000);

/** Wall time of the process, for logs, rate limits and measuring only. Domain rules use `ctx.now`. */
export const processNow = () => Date.now();
/** Monotonic milliseconds, for durations inside the process. */
export const monotonic = () => performance.now();
