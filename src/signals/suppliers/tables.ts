/** The tables of what suppliers report. */
import type { Generated, StampedAt } from '#kernel';
import type { Impact, SupplierState } from './model.ts';

export interface SupplierFeedsTable {
  serviceId: string;
  statusUrl: string;
  feedUrl: string | null;
  format: string | null;
  etag: string | null;
  state: Generated<SupplierState>;
  description: Generated<string>;
  checkedAt: Date | null;
  nextAt: StampedAt;
  problem: string | null;
  failures: Generated<number>;
}

export interface SupplierReportsTable {
  id: string;
  serviceId: string;
  ref: string;
  title: string;
  impact: Impact;
  status: string;
  said: string;
  components: string[];
  url: string | null;
  startedAt: Date;
  endedAt: Date | null;
  seenAt: Date;
  updatedAt: Date;
}

export interface GroupReportsTable {
  groupId: string;
  reportId: string;
  path: string[];
  attachedAt: Date;
}

declare module '#kernel' {
  interface Database {
    'signals.supplierFeeds': SupplierFeedsTable;
    'signals.supplierReports': SupplierReportsTable;
    'signals.groupReports': GroupReportsTable;
  }
}
