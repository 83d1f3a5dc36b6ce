/** Who is looking at the console, and what they may do. The server decides; this only hides what would be refused. */
import { createContext, useContext } from 'react';
import type { Me } from '#contract/security';

export type { Me };

export const MeContext = createContext<Me | null>(null);

/** The person signed in, with their permissions and the installation. Only for pages inside the shell. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe() is for pages inside the shell');
  return me;
}

/** Whether the person signed in holds a permission, i.e. may run the command of that name: `useMay('people.acknowledge')`. */
export function useMay(permission: string): boolean {
  return useContext(MeContext)?.permissions.includes(permission) ?? false;
}

/** The zone in which times are shown: the person's own, else the browser's. */
export function useZone(): string {
  return useContext(MeContext)?.user.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
