/** Probes: when one counts as silent. Pure. */

/** A probe calls every few seconds; after this nobody sees through it. */
export const SILENT_AFTER_MS = 90_000;

/** One that never called is not silent: it is being set up, and its monitors are unknown. */
export const isSilent = (probe: { lastSeenAt: Date | null }, now: Date) =>
  probe.lastSeenAt !== null && now.getTime() - probe.lastSeenAt.getTime() > SILENT_AFTER_MS;
