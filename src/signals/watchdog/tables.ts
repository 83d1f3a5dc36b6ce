/** The rows of the watchdog. */
import type { Generated, Selectable, StampedAt } from '#kernel';
import type { Stage } from './model.ts';

export interface TripsTable {
  id: string;
  state: Generated<'running' | 'done' | 'failed'>;
  signalId: string | null;
  groupId: string | null;
  pageId: string | null;
  stage: Stage | null;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  pingedAt: Date | null;
}
export interface SilentNodesTable {
  node: string;
  lastSeenAt: Date;
  toldAt: StampedAt;
  overAt: Date | null;
}
export type Trip = Selectable<TripsTable>;

declare module '#kernel' {
  interface Database {
    'signals.trips': TripsTable;
    'signals.silentNodes': SilentNodesTable;
  }
}
