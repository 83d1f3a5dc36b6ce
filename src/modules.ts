/** THE list of modules, bottom to top: a module may use those before it, and hears of those before it by events. */
export const MODULES = [
  'kernel',
  'security',
  'channels',
  'people',
  'catalog',
  'signals',
  'incidents',
  'playbooks',
  'recovery',
  'comms',
  'learning',
  'drills',
  'programme',
  'app',
] as const;

export type ModuleName = (typeof MODULES)[number];
