/** Degraded modes as pure rules (domain.md 4.6): the contract for data, and what it takes to come out again. */
import { z } from 'zod';

export type ModeState = 'checking' | 'entering' | 'on' | 'exiting' | 'reconciling' | 'off' | 'stuck';

const list = z.array(z.string().min(1).max(4_000)).max(50);
/** The integrity contract: without it no mode is entered (PB09). */
export const contractSchema = z.looseObject({
  writes: z.enum(['allowed', 'queued', 'rejected']),
  reads: z.unknown().optional(),
  ordering: z.string().min(1).max(200),
  idempotency: z.string().min(1).max(400),
  precheck: list.default([]),
  invariants: list.default([]),
  reconcile: list.default([]),
  notes: z.string().max(2_000).optional(),
});
export type Contract = z.infer<typeof contractSchema>;

export const modeSchema = z.looseObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  flag: z.string().min(1).max(100),
  enter: z.looseObject({ set: z.union([z.string(), z.boolean(), z.number()]).transform(String) }),
  exit: z.looseObject({ set: z.union([z.string(), z.boolean(), z.number()]).transform(String) }),
  max_duration: z.string().regex(/^\d{1,6}(s|m|h|d)$/),
  customer_effect: z.string().max(600).default(''),
  data_integrity: contractSchema,
});
export type ModeSpec = z.infer<typeof modeSchema>;

export interface Queue {
  reporter: string;
  queued: number;
  failed: number;
  /** Seconds since the process last said so. */
  ageSeconds: number;
}

/** A process that has said nothing for this long is unknown, and unknown has not drained. */
export const SILENT_SECONDS = 60;
/** Draining for longer than this without an end calls a person. */
export const DRAIN_LIMIT_SECONDS = 30 * 60;

/** What keeps a mode from being left; empty when its queues are drained. */
export function undrained(contract: Pick<Contract, 'writes'>, queues: Queue[]): string[] {
  if (contract.writes !== 'queued') return [];
  if (queues.length === 0) return ['no process has reported its queue'];
  return queues.flatMap(({ reporter, queued, failed, ageSeconds }) => {
    const waits = queued > 0 ? [`${reporter} holds ${queued} ${queued === 1 ? 'write' : 'writes'}`] : [];
    if (failed > 0) waits.push(`${failed} ${failed === 1 ? 'write' : 'writes'} of ${reporter} could not be applied`);
    // A process that is gone with an empty queue is drained; one that is silent with a full one is not known.
    if (queued > 0 && ageSeconds > SILENT_SECONDS)
      waits.push(`${reporter} has been silent for ${Math.round(ageSeconds)} s`);
    return waits;
  });
}

/** Reconcile steps nobody has done yet. */
export const unreconciled = (contract: Pick<Contract, 'reconcile'>, done: Record<string, unknown>): string[] =>
  contract.reconcile.filter((step) => !Object.hasOwn(done, step));

/** The next state of a mode that is being left. */
export function nextState(
  mode: { state: ModeState; contract: Contract; exitingSeconds: number; exception: boolean },
  queues: Queue[],
  done: Record<string, unknown>,
): { state: ModeState; detail: string } {
  if (mode.state !== 'exiting' && mode.state !== 'reconciling' && mode.state !== 'stuck')
    return { state: mode.state, detail: '' };
  const waits = undrained(mode.contract, queues);
  if (waits.length > 0 && !mode.exception) {
    const stuck = mode.exitingSeconds > DRAIN_LIMIT_SECONDS || queues.some((one) => one.failed > 0 && one.queued === 0);
    return { state: stuck ? 'stuck' : 'exiting', detail: waits.join('; ') };
  }
  const left = unreconciled(mode.contract, done);
  if (left.length > 0)
    return { state: 'reconciling', detail: `to reconcile: ${left.map((one) => one.replaceAll('_', ' ')).join(', ')}` };
  return { state: 'off', detail: '' };
}
