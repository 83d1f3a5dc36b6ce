/** The gate `recovery.readiness` of an incident: closed when the soak is through, else open with every reason. */
import { addMs, type Ctx } from '#kernel';
import { setGate } from '#incidents';
import { systemActor } from '#security';
import type { Judgement } from './model.ts';
import type { PlanRow } from './store.ts';

export const GATE = 'recovery.readiness';

/** A busy worker may be this much late. */
const GRACE_MS = 15_000;

/** Answers the gate. Incidents whose policy asks for none (SEV4) have no gate, and that is fine. */
export async function answerGate(ctx: Ctx, plan: PlanRow, judged: Pick<Judgement, 'state' | 'reasons'>): Promise<void> {
  const gate = await ctx.db
    .selectFrom('incidents.gates')
    .select('kind')
    .where('incidentId', '=', plan.incidentId)
    .where('kind', '=', GATE)
    .executeTakeFirst();
  if (!gate) return;
  const engine: Ctx = { ...ctx, actor: systemActor('recovery.readiness') };
  const state = judged.state === 'met' ? ('closed' as const) : ('open' as const);
  // Readiness that nobody has measured for three rounds is unknown, and unknown restores nothing.
  const goodUntil = state === 'closed' ? addMs(ctx.now, plan.everySeconds * 3000 + GRACE_MS) : null;
  await setGate(engine, { incidentId: plan.incidentId, kind: GATE, state, reasons: judged.reasons, goodUntil });
}

/** What an open gate says; null when there is none or it is not open. */
export async function gateReasons(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<string[] | null> {
  const gate = await ctx.db
    .selectFrom('incidents.gates')
    .select(['state', 'reasons'])
    .where('incidentId', '=', incidentId)
    .where('kind', '=', GATE)
    .executeTakeFirst();
  return gate?.state === 'open' ? gate.reasons : null;
}
