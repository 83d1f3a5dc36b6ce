/** SQL of silences. */
import { ahead, type Ctx, json, type Json, type Selectable, sent, type StampedAt, standing } from '#kernel';
import type { Matcher, Silence } from './model.ts';

export interface SilencesTable {
  id: string;
  kind: 'silence' | 'maintenance';
  name: string | null;
  serviceIds: Json<string[]>;
  holdsCritical: boolean;
  integrationId: string | null;
  matchers: Json<Matcher[]>;
  startsAt: Date;
  endsAt: Date;
  createdBy: string;
  comment: string;
  createdAt: StampedAt;
  updatedAt: StampedAt;
}

declare module '#kernel' {
  interface Database {
    'signals.silences': SilencesTable;
  }
}

export async function insertSilence(ctx: Ctx, silence: Silence): Promise<void> {
  await ctx.db
    .insertInto('signals.silences')
    .values({ ...silence, matchers: json(silence.matchers), serviceIds: json(silence.serviceIds) })
    .execute();
}

export async function saveSilence(ctx: Ctx, { id, ...fields }: Silence): Promise<void> {
  await ctx.db
    .updateTable('signals.silences')
    .set({
      ...fields,
      matchers: json(fields.matchers),
      serviceIds: json(fields.serviceIds),
      updatedAt: ctx.now,
    })
    .where('id', '=', id)
    .execute();
}

export async function lockSilence(ctx: Ctx, id: string): Promise<Silence | undefined> {
  return await ctx.db.selectFrom('signals.silences').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Silences that have not ended, for this sender's alerts. */
export async function liveSilences(ctx: Pick<Ctx, 'db' | 'now'>, integrationId: string): Promise<Silence[]> {
  const known = await standing(ctx.db, `silences for:${integrationId}`, () => notEnded(ctx, integrationId));
  return known.filter(({ endsAt }) => endsAt > ctx.now);
}

const notEnded = (ctx: Pick<Ctx, 'db' | 'now'>, integrationId: string): Promise<Silence[]> =>
  sent(
    ctx.db
      .selectFrom('signals.silences')
      .selectAll()
      .where('endsAt', '>', ctx.now)
      .where((eb) => eb.or([eb('integrationId', 'is', null), eb('integrationId', '=', integrationId)]))
      .orderBy('createdAt')
      .limit(1000)
      .modifyEnd(ahead),
  );

/** Newest end first: those that hold, those to come and those that ended in the last five days. */
export async function listSilences(
  ctx: Pick<Ctx, 'db' | 'now'>,
  integrationId?: string,
): Promise<(Selectable<SilencesTable> & { integrationName: string | null })[]> {
  let query = ctx.db
    .selectFrom('signals.silences as s')
    .leftJoin('signals.integrations as i', 'i.id', 's.integrationId')
    .selectAll('s')
    .select('i.name as integrationName')
    .where('s.kind', '=', 'silence')
    .where('s.endsAt', '>', new Date(ctx.now.getTime() - 5 * 86_400_000))
    .orderBy('s.endsAt', 'desc')
    .orderBy('s.id')
    .limit(500);
  if (integrationId)
    query = query.where((eb) => eb.or([eb('s.integrationId', 'is', null), eb('s.integrationId', '=', integrationId)]));
  return await query.execute();
}

/** Maintenance windows, as `listSilences`. */
export const listWindows = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<Silence[]> =>
  ctx.db
    .selectFrom('signals.silences')
    .selectAll()
    .where('kind', '=', 'maintenance')
    .where('endsAt', '>', new Date(ctx.now.getTime() - 5 * 86_400_000))
    .orderBy('endsAt', 'desc')
    .orderBy('id')
    .limit(500)
    .execute();
