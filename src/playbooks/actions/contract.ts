/** The one shape of every connector: real face and simulator alike. Adding one is adding a folder. */
import type { z } from 'zod';
import type { Ctx } from '#kernel';
import type { RiskClass } from '../format/schema.ts';

/** One call of a connector, with everything it may know. */
export interface ActionCall {
  actionRunId: string;
  action: string;
  title: string;
  params: Record<string, unknown>;
  incident: { id: string; key: string; serviceIds: string[] };
  /** At most one effect at the target per key. */
  key: string;
  /** Grows with every send; a target that has seen a higher one refuses. */
  fence: number;
  timeoutMs: number;
}

/** What an action would do: shown before anybody agrees. */
export interface ActionPlan {
  targets: string[];
  effect: string;
  /** What else it touches. Empty when nothing is known to be. */
  collateral: string[];
  undo: string;
  reversible: boolean;
  /** Already in the wanted state. */
  noop: boolean;
  /** Catalogue ids of the services it acts on; absent: those of the incident. */
  serviceIds?: string[];
  /** Share of customers it reaches, 0–100; absent: as far as the incident reaches. */
  customersPct?: number;
  regions?: string[];
  /** Share of nodes it changes, 0–100. */
  nodesPct?: number;
  /** What stays after a drain or a shift: predicted use in per cent. Null: it takes capacity away and nobody knows how much is left. */
  capacity?: { useAfterPct: number | null; limitPct?: number; text?: string };
}

/** `accepted` by the target's interface; `refused` = certainly no effect; `unknown` = sent, answer lost or unclear. */
export interface Sent {
  result: 'accepted' | 'refused' | 'unknown';
  message?: string;
  /** Available to `verify` as `response`. */
  response?: Record<string, unknown>;
}

export type ReadBack = 'applied' | 'not_applied' | 'unreadable';

export interface ConnectorFace {
  /** May be called inside a transaction: no network. */
  plan(ctx: Ctx, call: ActionCall): Promise<ActionPlan>;
  /** Never inside a transaction, except what it opens itself. Throws only for bugs. */
  apply(ctx: Ctx, call: ActionCall): Promise<Sent>;
  /** Did the effect of `call.key` happen? */
  read(ctx: Ctx, call: ActionCall): Promise<ReadBack>;
  /** Puts back what `apply` under `call.key` changed. */
  undo(ctx: Ctx, call: ActionCall): Promise<Sent>;
}

export interface Connector {
  name: string;
  title: string;
  actions: Record<string, ConnectorAction>;
  /** Configured and able to act? No network. `validUntil`: when its credential runs out. */
  health(
    ctx: Ctx,
    params: Record<string, unknown> | null,
  ): Promise<{ ok: boolean; detail: string; validUntil?: Date | null }>;
  real: ConnectorFace;
  /** Same contract, no effect outside the drill. */
  simulator: ConnectorFace;
}

export interface ConnectorAction {
  title: string;
  /** Strict shape of `with`. */
  params: z.ZodType<Record<string, unknown>>;
  /** Class used outside a playbook. */
  risk: RiskClass;
  /** A line for people: what to put into `with`. */
  hint: string;
  /** What it acts on, in one word: cooldown, rehearsal and memory go by it. Absent: the first text among its values. */
  target?: (params: Record<string, unknown>) => string;
  /** What to do by hand when the engine cannot. */
  manual: (params: Record<string, unknown>) => string;
}
