/** The probable cause is over, or was none: who still fires beneath it is asked about, or one of them leads from now on. */
import { type Ctx, conflict } from '#kernel';
import { command } from '#security';
import type { Group } from '../../model.ts';
import { saveGroup } from '../../store.ts';
import { ask } from '../ask.ts';
import { rankOf } from '../model.ts';
import { type Correlation, lockCorrelation, lockOpen, openMembers, saveCorrelation, sinceOf } from '../store.ts';

export const releaseGroups = command(
  'signals.releaseGroups',
  { allow: 'internal', subject: (input: { correlationId: string }) => input.correlationId },
  async (ctx, { correlationId }: { correlationId: string }): Promise<'ended' | 'passed_on' | 'nothing'> => {
    const groups = await lockOpen(ctx, await openMembers(ctx, correlationId));
    const row = await lockCorrelation(ctx, correlationId);
    if (row?.state !== 'open' || groups.some(({ id }) => id === row.leadGroupId)) {
      ctx.audit.skip = true;
      return 'nothing';
    }
    const firing = groups.filter(({ firingCount }) => firingCount > 0);
    const heir = heirOf(row, firing);
    ctx.audit.after = { released: heir ? 0 : firing.length, lead: heir?.id ?? null };
    if (heir) {
      await saveGroup(ctx, await ask(ctx, heir, 'What led this case is over, and this still fires.'));
      await saveCorrelation(ctx, row, { leadGroupId: heir.id }, `“${heir.title}” leads now: what led before is over`);
      return 'passed_on';
    }
    for (const group of firing) await freed(ctx, group, 'The probable cause is over, and this still fires.');
    const reason = firing.length === 0 ? 'everything in it is over' : `the cause is over; ${firing.length} still fired`;
    await saveCorrelation(ctx, row, { state: 'ended', endedBy: 'system', endedReason: reason }, reason);
    return 'ended';
  },
);

/** Who leads after the lead: another group of the origin; of an origin that is silent itself, the worst, then the earliest. */
function heirOf(row: Correlation, firing: Group[]): Group | undefined {
  const may = row.silent && firing.length > 1 ? firing : firing.filter(({ serviceId }) => serviceId === row.originId);
  const others = may.filter(({ serviceId }) => !row.separated.some((one) => one.serviceId === serviceId));
  return others.sort((a, b) => rankOf(b.severity) - rankOf(a.severity) || sinceOf(a) - sinceOf(b))[0];
}

/** Asks about a group that was held by a correlation; one that was not stays as it is. */
export async function freed(ctx: Ctx, group: Group, why: string): Promise<void> {
  if (group.held?.kind === 'correlation') await saveGroup(ctx, await ask(ctx, group, why));
}

/** What a person may still change: 409 when it is over, 404 is the caller's. */
export function stillOpen(row: Correlation): void {
  if (row.state !== 'open')
    throw conflict('This case is over', 'signals.correlation_over', 'Its groups stand on their own already.', {
      state: row.state,
    });
}
