/** What people call a gate; its kind is for programs. */

const TITLES: Record<string, string> = {
  'recovery.readiness': 'readiness criteria',
  'comms.resolution': 'resolution for customers',
  'learning.review': 'review',
  'incidents.lanes': 'lanes',
};

/** A gate of a module that gave it no title here is called by its kind. */
export const gateTitle = (kind: string) => TITLES[kind] ?? kind;

/** The same at the start of a line. */
export const gateHeading = (kind: string) => gateTitle(kind).replace(/^./, (first) => first.toUpperCase());
