/**
 * Watches an action from its send until its incident is contained: a guard that comes true aborts it, and a target that
 * something else sets back is noticed (domain.md 4.1, 4.10). A guard is looked at once per probe interval.
 */
import { z } from 'zod';
import { addMs, type Ctx, defineJob } from '#kernel';
import { abortAction } from '../commands/abortAction.ts';
import { noteReverted } from '../commands/noteReverted.ts';
import { seconds } from '../format/outline.ts';
import type { Playbook } from '../format/schema.ts';
import { contextOf, judge, namedProbes, refresh, type Scope, scopeOf } from '../probes/observe.ts';
import { callOf } from './call.ts';
import { faceOf } from './registry.ts';
import { type ActionRow, actionById } from './store.ts';
import { wakeGuards } from './timers.ts';

/** How often a target is compared with the wanted state where no probe sets the pace. */
const COMPARE_S = 15;

/** The guards of a playbook for one of its actions: `abort_when`, and the invariants of the degraded mode it enters. */
export function guardsOf(playbook: Playbook, row: Pick<ActionRow, 'action' | 'params'>): string[] {
  const mode = row.action === 'degraded.enter' ? row.params.mode : undefined;
  const invariants = playbook.spec.degraded_modes.find((one) => one.id === mode)?.data_integrity?.invariants ?? [];
  return [...playbook.spec.guardrails.abort_when, ...invariants.map((expr) => `!(${expr})`)];
}

/** The shortest interval among the probes that the guards name. */
export function intervalOf(playbook: Playbook, guards: string[]): number {
  const every = namedProbes(guards).flatMap((id) => {
    const probe = playbook.spec.probes[id];
    return probe ? [seconds(probe.every)] : [];
  });
  return Math.max(1, Math.min(COMPARE_S, ...every));
}

export const watchGuards = defineJob(
  'playbooks.watchGuards',
  z.object({ actionRunId: z.string() }),
  async (ctx, { actionRunId }) => {
    const row = await actionById(ctx.db, actionRunId);
    if (!row || !watched(row)) return;
    const inner: Ctx = { ...ctx, exercise: row.exercise };
    const scope = row.runId ? await scopeOf(inner, row.runId) : null;
    if (scope && !scope.incident.active) return;
    const guards = scope ? guardsOf(scope.playbook, row) : [];
    const tripped = scope && (await firstTrue(inner, scope, guards));
    if (tripped) {
      await abortAction(inner, { actionRunId, reason: `the guard came true: ${tripped}` });
      return;
    }
    if (row.state === 'effective' && row.comparable && (await setBack(inner, row))) {
      await noteReverted(inner, { actionRunId });
      return;
    }
    if (guards.length === 0 && row.state === 'effective' && !row.comparable) return;
    const pause = scope ? intervalOf(scope.playbook, guards) : COMPARE_S;
    await wakeGuards(inner, actionRunId, addMs(ctx.now, pause * 1000));
  },
);

const watched = (row: ActionRow): boolean =>
  row.state === 'running' || row.state === 'verifying' || (row.state === 'effective' && !row.noop);

/** The first guard that is true on fresh readings. Unknown does not abort: it is no reason to undo what may be right. */
async function firstTrue(ctx: Ctx, scope: Scope, guards: string[]): Promise<string | null> {
  if (guards.length === 0) return null;
  await refresh(ctx, scope, guards);
  const context = await contextOf(ctx, scope);
  for (const guard of guards) {
    const { verdict, readings } = await judge(ctx, scope, guard, context);
    if (verdict !== 'true') continue;
    const values = readings.map((one) => `${one.probe} = ${JSON.stringify(one.value)}`).join(', ');
    return values ? `${guard} (${values})` : guard;
  }
  return null;
}

/** The target was in the wanted state, and is not any more. */
async function setBack(ctx: Ctx, row: ActionRow): Promise<boolean> {
  const plan = await faceOf(row)
    .plan(ctx, await callOf(ctx, row))
    .catch(() => null);
  return plan !== null && !plan.noop;
}
