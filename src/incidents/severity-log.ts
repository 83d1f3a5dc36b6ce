/** How severity came to be what it is: what the matrix or the alerts proposed, and who chose otherwise. */
import { type Ctx, newId, readSetting } from '#kernel';
import { proposeByMatrix, type Proposed } from './lifecycle/matrix.ts';
import type { Severity } from './lifecycle/model.ts';
import { selfOf } from './roles/authority.ts';
import { severityMatrix } from './settings.ts';
import { affectedOf } from './store.ts';
import type { IncidentRow } from './tables.ts';
import type { SeverityRow } from './tables-command.ts';

/** What the matrix says of the services as they are affected now; null while nobody has stated an effect. */
export async function matrixProposal(ctx: Pick<Ctx, 'db' | 'log'>, incidentId: string): Promise<Proposed | null> {
  const [{ cells }, services] = await Promise.all([readSetting(ctx, severityMatrix), affectedOf(ctx, incidentId)]);
  return proposeByMatrix(
    cells,
    services.map(({ name, tier, effect, effectStatedAt }) => ({ name, tier, effect, stated: effectStatedAt !== null })),
  );
}

/** Writes one choice of severity. It overrides when a person chose other than what was proposed. */
export async function logSeverity(
  ctx: Ctx,
  incident: Pick<IncidentRow, 'id' | 'exercise'>,
  choice: { from: Severity | null; to: Severity; proposed: Proposed | null; reason?: string | undefined },
): Promise<void> {
  const byPerson = ctx.actor.kind === 'user' || ctx.actor.kind === 'token' || ctx.actor.kind === 'link';
  await ctx.db
    .insertInto('incidents.severityLog')
    .values({
      id: newId('sev'),
      incidentId: incident.id,
      at: ctx.now,
      fromSeverity: choice.from,
      toSeverity: choice.to,
      proposed: choice.proposed?.severity ?? null,
      because: choice.proposed?.because ?? '',
      overrides: byPerson && choice.proposed !== null && choice.proposed.severity !== choice.to,
      reason: choice.reason ?? '',
      byKind: ctx.actor.kind,
      byId: selfOf(ctx.actor),
      byName: ctx.actor.name,
      exercise: incident.exercise,
    })
    .execute();
}

export const severityHistory = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<SeverityRow[]> =>
  ctx.db
    .selectFrom('incidents.severityLog')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('at')
    .orderBy('id')
    .execute();

/** What the matrix proposes and nobody has decided against yet; null when severity agrees with it. */
export async function openProposal(ctx: Pick<Ctx, 'db' | 'log'>, incident: IncidentRow): Promise<Proposed | null> {
  const proposed = await matrixProposal(ctx, incident.id);
  if (!proposed || proposed.severity === incident.severity) return null;
  const last = (await severityHistory(ctx, incident.id)).at(-1);
  const decided = last?.overrides && last.proposed === proposed.severity && last.because === proposed.because;
  return decided ? null : proposed;
}
