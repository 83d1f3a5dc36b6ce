/** The tables of monitors and probes, as types. */
import type { Generated, Json } from '#kernel';
import type { Monitor, MonitorState, PlaceState, RecentResult } from './model.ts';

export interface MonitorsTable extends Omit<Monitor, 'places' | 'spec'> {
  places: Json<string[]>;
  spec: Json<Record<string, unknown>>;
}

export interface MonitorPlacesTable extends Omit<PlaceState, 'facts' | 'recent'> {
  facts: Json<PlaceState['facts']>;
  recent: Json<RecentResult[]>;
}

export interface MonitorChangesTable {
  id: Generated<number>;
  monitorId: string;
  place: string | null;
  at: Date;
  state: MonitorState | 'failing';
  reason: string;
}

export interface MonitorRollupsTable {
  monitorId: string;
  seconds: number;
  at: Date;
  place: string;
  n: number;
  failed: number;
  msSum: number;
  msMin: number;
  msMax: number;
}

export interface MonitorSlicesTable {
  place: string;
  slice: number;
  holder: string;
  until: Date;
}

export interface MonitorNodesTable {
  node: string;
  place: string;
  seenAt: Date;
  watching: Generated<number>;
  lateMs: Generated<number>;
}

export interface ProbesTable {
  id: string;
  name: string;
  tokenHash: string;
  hint: string;
  lastSeenAt: Date | null;
  version: Generated<string>;
  lacks: Json<Record<string, string>>;
  lastBatch: Generated<string>;
  alerting: Generated<boolean>;
  createdAt: Date;
}

declare module '#kernel' {
  interface Database {
    'signals.monitors': MonitorsTable;
    'signals.monitorPlaces': MonitorPlacesTable;
    'signals.monitorChanges': MonitorChangesTable;
    'signals.monitorRollups': MonitorRollupsTable;
    'signals.monitorSlices': MonitorSlicesTable;
    'signals.monitorNodes': MonitorNodesTable;
    'signals.probes': ProbesTable;
  }
}
