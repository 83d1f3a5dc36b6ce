/** How everything that was accepted ends, what is stuck, and the watchdog. Part of `signals.ts`. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

export const stuck = z.object({
  /** `receipt`: its carrier has not said whether it arrived; listed, and nobody is called for it. */
  kind: z.enum(['signal', 'delivery', 'receipt', 'page']),
  id: z.string(),
  since: instant,
  text: z.string(),
});
export type Stuck = z.infer<typeof stuck>;

export const ends = z.object({
  at: instant,
  nothingIsStuck: z.boolean(),
  stuck: z.array(stuck),
  /** Of the last hour, by how they ended; `waiting` are on their way. */
  signals: z.object({ accepted: z.number(), processed: z.number(), rejected: z.number(), waiting: z.number() }),
  /** Signals that could not be processed, of the last week: each became a plain alert that pages. */
  quarantined: z.array(z.object({ id: z.string(), at: instant, integration: z.string(), reason: z.string() })),
  watchdog: z.object({
    /** An address outside is set. */
    watched: z.boolean(),
    /** The newest synthetic trip that has ended; `stage` says where it failed. */
    last: z
      .object({
        state: z.enum(['running', 'done', 'failed']),
        stage: z.string().nullable(),
        error: z.string().nullable(),
        startedAt: instant,
        pingedAt: instant.nullable(),
      })
      .nullable(),
    lastPingAt: instant.nullable(),
  }),
  /** Nodes that went silent without saying good-bye. */
  silentNodes: z.array(z.object({ node: z.string(), lastSeenAt: instant })),
});
export type Ends = z.infer<typeof ends>;

export const endEndpoints = {
  ends: endpoint({
    id: 'signals.ends',
    method: 'GET',
    path: '/api/v1/ends',
    summary:
      'Whether everything that was accepted has come to an end; what is stuck, by id; and how the watchdog fares',
    access: 'read',
    response: ends,
  }),
};
