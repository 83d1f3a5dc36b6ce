/** The shape of a scenario. Adding one means adding a file here and naming it in `index.ts`. */
export type Family = 'partial_outage' | 'latency' | 'data_delay' | 'data_loss' | 'third_party' | 'security' | 'access';

/** One scripted event. `alert` and `resolve` go through the real ingest; `message` is read by the players. */
export type Inject =
  | {
      kind: 'alert';
      afterMinutes: number;
      key: string;
      severity: 'critical' | 'error' | 'warning';
      text: string;
      labels?: Record<string, string>;
    }
  | { kind: 'resolve'; afterMinutes: number; key: string; text: string }
  | { kind: 'message'; afterMinutes: number; text: string };

export interface Scenario {
  name: string;
  title: string;
  family: Family;
  /** What players are told before it starts. */
  brief: string;
  /** Two to four things one can observe. */
  objectives: string[];
  /** Length of the agreed window; the exercise ends itself after it. */
  minutes: number;
  injects: Inject[];
}
