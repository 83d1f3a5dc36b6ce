/** Who is looking at the console, and what they may do. The server decides; this only hides what would be refused. */
import { createContext, useContext } from 'react';

export type Role = 'viewer' | 'responder' | 'manager' | 'admin' | 'auditor';

export interface Me {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  /** IANA name; null means the browser's. */
  timeZone: string | null;
}

export const MeContext = createContext<Me | null>(null);

/** The person signed in. Only for pages inside the shell. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe() is for pages inside the shell');
  return me;
}

const ladder: Role[] = ['viewer', 'responder', 'manager', 'admin'];

/** Whether somebody with `roles` stands at least as high as `least` (viewer < responder < manager < admin; auditor stands apart). */
export function stands(roles: readonly Role[], least: Role): boolean {
  if (least === 'auditor') return roles.includes('auditor') || roles.includes('admin');
  return roles.some((role) => ladder.indexOf(role) >= ladder.indexOf(least));
}

/** Whether the person signed in may do what `least` may: `const mayAct = useMay('responder')`. */
export function useMay(least: Role): boolean {
  const me = useContext(MeContext);
  return me !== null && stands(me.roles, least);
}

/** The zone in which times are shown: the person's own, else the browser's. */
export function useZone(): string {
  return useContext(MeContext)?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
