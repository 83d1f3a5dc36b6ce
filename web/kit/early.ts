/** Answers that were asked for before the program was there (console/early.js). Each is given out once, and only while it is fresh. */
const FRESH_MS = 5_000;

declare global {
  interface Window {
    evenkeelEarly?: Record<string, Promise<Response | undefined>>;
  }
}

/** The early answer to a GET of this address; undefined when there is none, it is old, or it was a refusal. */
export async function earlyAnswer(url: string): Promise<Response | undefined> {
  const early = typeof window === 'undefined' ? undefined : window.evenkeelEarly;
  const waiting = early?.[url];
  if (!early || !waiting) return undefined;
  delete early[url];
  if (performance.now() > FRESH_MS) return undefined;
  const answer = await waiting;
  return answer?.ok ? answer : undefined;
}
