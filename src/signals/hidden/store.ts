/** SQL of what was hidden: a row each time something kept people from being asked about a group. */
import { type Ctx, later, type Generated, sql } from '#kernel';
import type { Group } from '../model.ts';

export interface HiddenTable {
  id: Generated<number>;
  at: Date;
  kind: 'silence' | 'rule' | 'inhibition';
  byId: string;
  groupId: string;
  serviceId: string | null;
  severity: string;
  exercise: boolean;
}

interface DigestsTable {
  weekStart: Date;
  sentAt: Date;
  groups: number;
  told: number;
}

declare module '#kernel' {
  interface Database {
    'signals.hidden': HiddenTable;
    'signals.hiddenDigests': DigestsTable;
  }
}

/** Notes it in the transaction that hides, without waiting. Test alerts and the watchdog's own are nobody's trouble. */
export async function noteHidden(ctx: Ctx, group: Group, kind: HiddenTable['kind'], byId: string): Promise<void> {
  if (group.test || ctx.synthetic) return;
  await sql`insert into signals.hidden (at, kind, by_id, group_id, service_id, severity, exercise)
    values (${ctx.now}, ${kind}, ${byId}, ${group.id}, ${group.serviceId}, ${group.severity}, ${ctx.exercise}) ${later}`.execute(
    ctx.db,
  );
}

/** Forgets what is older: the digests told of it. */
export const forgetHidden = async (ctx: Ctx, before: Date): Promise<void> =>
  void (await ctx.db.deleteFrom('signals.hidden').where('at', '<', before).execute());
