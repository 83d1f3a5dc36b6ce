/** The tables of watched metrics, as types. */
import type { Generated, Json } from '#kernel';
import type { Matcher } from '../silences/model.ts';
import type { Series, Watch } from './model.ts';

export interface MetricWatchesTable extends Omit<Watch, 'matchers'> {
  matchers: Json<Matcher[]>;
}
export interface MetricSeriesTable extends Omit<Series, 'labels'> {
  labels: Json<Record<string, string>>;
  createdAt: Generated<Date>;
}
export interface AnomaliesTable {
  id: string;
  seriesId: string;
  at: Date;
  value: number;
  low: number | null;
  high: number | null;
  score: number;
  threshold: number;
  reasons: Json<string[]>;
  told: boolean;
  useful: boolean | null;
  judgedBy: string | null;
  judgedAt: Date | null;
}

declare module '#kernel' {
  interface Database {
    'signals.metricWatches': MetricWatchesTable;
    'signals.metricSeries': MetricSeriesTable;
    'signals.metricStates': { seriesId: string; state: string };
    'signals.metricPoints': {
      seriesId: string;
      at: Date;
      value: number;
      low: number | null;
      high: number | null;
      score: number;
    };
    'signals.anomalies': AnomaliesTable;
    'signals.metricNames': { integrationId: string; name: string; series: number; seenAt: Date };
  }
}
